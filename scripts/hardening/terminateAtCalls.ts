/**
 * Terminates a thread that decodes a film at each call that node-av makes into Node-API, from its initialiser on.
 *
 *     npx tsx --conditions=source scripts/hardening/terminateAtCalls.ts [--every 1] [--side 320]
 *
 * --every 10 tries every tenth call; films wider than 640 pixels (--side) are decoded on the thread pool. Linux on x86-64 with g++.
 * Exits with 1 if a process ends by a signal, or not at all.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { plain, writeVideo } from "../../packages/face/test/media.ts";
import { buildWhatIsStale } from "./freshBuilds.ts";

const { values: flags } = parseArgs({
  options: { every: { type: "string", default: "1" }, side: { type: "string", default: "320" } },
});
/** Threads that one process terminates. */
const BATCH = 50;
/** A process that takes longer hangs. */
const LIMIT_MS = 600_000;
const here = dirname(fileURLToPath(import.meta.url));
const face = join(here, "../../packages/face");
const work = mkdtempSync(join(tmpdir(), "calls-"));
const film = join(work, "film.mp4");
const nodeAv = createRequire(join(face, "package.json")).resolve("node-av/lib");
const library = createRequire(nodeAv).resolve("@seydx/node-av-linux-x64/node-av.node");

/** Each thread reads the film twice. Prints the number of each call before its thread is terminated, and "end" if there are no more. */
const program = (from: number) => `
  import { createRequire } from "node:module";
  import { Worker } from "node:worker_threads";
  import { loadAddon } from "${pathToFileURL(join(face, "dist/native/addon.js"))}";
  loadAddon().guardTermination(${JSON.stringify(library)});
  const calls = createRequire("${pathToFileURL(work)}/")("./face.node");
  calls.install();
  const code = \`import("${pathToFileURL(join(face, "dist/decode/source.js"))}").then(async ({ readFrames }) => {
    const options = { fps: 1000, threads: 1, maxSide: 4096, strict: false };
    for (let round = 0; round < 2; round++)
      for await (const _ of readFrames({ kind: "video", path: ${JSON.stringify(film)} }, options));
  })\`;
  for (let i = 0, call = ${from}; i < ${BATCH}; i++, call += ${Number(flags.every)}) {
    calls.stopAt(call);
    const worker = new Worker(code, { eval: true });
    let ended = false;
    worker.once("exit", () => (ended = true));
    while (!calls.isReached() && !ended) await new Promise((resolve) => setImmediate(resolve));
    if (ended) {
      console.log("end");
      break;
    }
    console.log(call);
    const terminated = worker.terminate();
    calls.goOn();
    await terminated;
  }`;

buildWhatIsStale();
const side = Number(flags.side);
const frames = Array.from({ length: 12 }, (_, i) => plain(side, (side * 9) / 16, [20 * i, 90, 30]));
await writeVideo(film, frames);
const include = join(dirname(process.execPath), "../include/node");
const sources = ["-o", join(work, "face.node"), join(here, "stopAtCalls.cc"), "-ldl"];
const built = spawnSync("g++", ["-std=c++17", "-O1", "-shared", "-fPIC", `-I${include}`, ...sources], {
  encoding: "utf8",
});
if (built.status !== 0) throw new Error(`g++: ${built.stderr}`);
let tried = 0;
let crashed = 0;
for (let from = 1; ; ) {
  const { stdout, stderr, signal, status } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", program(from)],
    { encoding: "utf8", timeout: LIMIT_MS, killSignal: "SIGKILL" },
  );
  // It fails of itself only before its first call: nothing was tried.
  if (signal === null && status !== 0) throw new Error(`the process that terminates threads: ${stderr}`);
  const lines = stdout.trim().split("\n");
  const calls = lines.map(Number).filter(Number.isFinite);
  tried += calls.length;
  if (signal !== null) {
    crashed += 1;
    process.stdout.write(`terminated at call ${calls.at(-1)}: ${signal} ${stderr.split("\n")[0]}\n`);
  }
  if (lines.at(-1) === "end" || calls.length === 0) break;
  from = calls.at(-1)! + Number(flags.every);
}
process.stdout.write(`${tried} calls, ${crashed} processes ended by a signal\n`);
rmSync(work, { recursive: true, force: true });
process.exitCode = crashed > 0 ? 1 : 0;
