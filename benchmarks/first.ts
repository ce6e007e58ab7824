/**
 * What a new process waits for: the first prediction from code, imports, and the help; as users have it, from what is built. Wall time is
 * the median, processor time (all threads) the least of five: other work on the machine adds to both.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { drawFaces } from "../packages/face/test/media.ts";
import { median, print } from "./line.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ROUNDS = 5;
const GOAL_MILLISECONDS = 500;

/** Loaded before a program, says on stderr what the process has used when all is done. */
const REPORT = `data:text/javascript,${encodeURIComponent(`process.once("exit", () => {
  const { user, system } = process.cpuUsage();
  console.error(JSON.stringify({ wall: performance.now(), processor: (user + system) / 1000 })); });`)}`;

interface Times {
  readonly wall: number;
  readonly processor: number;
}

function run(args: readonly string[]): Times {
  const { status, stderr } = spawnSync(process.execPath, ["--import", REPORT, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stderr.trimEnd().split("\n").at(-1)!);
}

const programOf = (text: string) => ["--input-type=module", "-e", text];
const EMPTY = programOf("");

/** @param goal of the wall time, ms; absent: an empty program is the reference */
function measure(name: string, args: readonly string[], goal?: number): void {
  run(args); // files come into the system's cache
  const repeat = (program: readonly string[]) => Array.from({ length: ROUNDS }, () => run(program));
  const own = repeat(args);
  const empty = goal === undefined ? repeat(EMPTY) : [];
  const wall = (times: readonly Times[]) => median(times.map((time) => time.wall));
  const processor = (times: readonly Times[]) => Math.min(...times.map((time) => time.processor));
  const referenceName = goal === undefined ? "an empty program" : "own goal";
  const line = { bench: "first", unit: "ms", referenceName };
  print({ ...line, case: name, ours: wall(own), reference: goal ?? wall(empty) }, "less");
  const ofEmpty = goal === undefined ? processor(empty) : null;
  print({ ...line, case: `${name}, processor time`, ours: processor(own), reference: ofEmpty }, "less");
}

const folder = mkdtempSync(join(tmpdir(), "duchenne-bench-"));
try {
  const picture = join(folder, "face.jpg");
  const { data, width, height } = drawFaces(256, 256, [{ x: 120, y: 130, radius: 70 }]);
  await sharp(data, { raw: { width, height, channels: 3 } }).toFile(picture);
  const predict = `import { openModel, predictFile } from "duchenne/deploy";
    const model = await openModel();
    for await (const { faces } of predictFile(model, ${JSON.stringify(picture)}))
      if (faces.length !== 1) throw new Error("expected one face, received " + faces.length);`;
  measure("a picture, predicted by a new process", programOf(predict), GOAL_MILLISECONDS);
  measure('import "duchenne/deploy"', programOf('import "duchenne/deploy";'));
  measure('import "duchenne"', programOf('import "duchenne";'));
  measure("duchenne --help", ["packages/duchenne/bin/duchenne.js", "--help"]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
