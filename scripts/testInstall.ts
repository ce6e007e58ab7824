/**
 * What a user gets, from packed packages in an empty folder: installed with scripts and without, by npm and pnpm, the doctor, the commands
 * from synth to predict, and the documents' programs. `make test-install`, or `npx tsx --conditions=source scripts/testInstall.ts --node 22`.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { documents, readBlocks, shortened } from "../packages/duchenne/test/docs/blocks.ts";
import { packAll } from "./pack.mjs";
import { type Site, testDeniedScripts, testPnpm, testPrebuilt } from "./testManagers.ts";
import { checkTypes } from "./testTypes.ts";

/** Packages that documented programs use, and duchenne does not bring: none of them is needed for a command. */
const BESIDES = ["onnxruntime-node", "node-av"];

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "duchenne-install-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

function step<T>(name: string, work: () => T): T {
  const start = performance.now();
  const result = work();
  process.stderr.write(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  return result;
}

/** Runs a program; what it prints is shown only if it fails. @returns its stdout */
function run(
  cwd: string,
  [program, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = {},
): string {
  const { status, signal, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return stdout;
  throw new Error(
    `${[program, ...args].join(" ")} in ${cwd} ended with ${status ?? signal}:\n${stdout}${stderr}`,
  );
}

/** The Node of this process, or one of an npm package, which brings binary and headers. */
function nodeOf(major: string | undefined): string {
  if (major === undefined) return process.execPath;
  const name = `node-${process.platform === "darwin" ? "darwin" : "linux"}-${process.arch}`;
  const own = join(folder, `node${major}`);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, "package.json"), "{}");
  run(own, ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", `${name}@${major}`]);
  return join(own, "node_modules", name, "bin", "node");
}

/** Installs tarballs in an empty folder, with a Node first in the path. */
function install(name: string, node: string, tarballs: readonly string[], ...options: string[]): string {
  const place = join(folder, name);
  mkdirSync(place);
  writeFileSync(join(place, "package.json"), JSON.stringify({ name, private: true, type: "module" }));
  const path = { PATH: `${dirname(node)}:${process.env.PATH}` };
  // The clone's .npmrc turns scripts off; a user's does not.
  const scripts = options.includes("--ignore-scripts") ? [] : ["--ignore-scripts=false"];
  run(place, ["npm", "install", "--no-audit", "--no-fund", ...scripts, ...options, ...tarballs], path);
  return place;
}

const sizeMb = (place: string): string =>
  execFileSync("du", ["-sm", join(place, "node_modules")], { encoding: "utf8" }).split("\t")[0]!;

/** From films of nobody to a prediction, as small as it goes. */
function runCommands(node: string, place: string): void {
  const duchenne = (...args: string[]) =>
    step(`  duchenne ${args[0]}`, () => run(place, [node, "node_modules/duchenne/bin/duchenne.js", ...args]));
  const doctor = JSON.parse(duchenne("doctor", "--json")) as { ok: boolean };
  if (!doctor.ok) throw new Error(`the doctor finds something missing: ${JSON.stringify(doctor)}`);
  const films = [
    "--actors",
    "13",
    "--clips",
    "4",
    "--seconds",
    "4",
    "--fps",
    "5",
    "--seed",
    "44",
    "--intensity",
    "0.6..1",
  ];
  duchenne("synth", "--out", "films", ...films);
  duchenne("prepare", "films", "--out", "films.store", "--crop-scale", "1.2", "--size", "55");
  const few = ["--preset", "tiny", "--steps", "2", "--batch", "8", "--warmup-steps", "1"];
  duchenne("pretrain", "films.store", "--out", "runs/first", ...few);
  for (const [task, save] of [
    ["expression", "happy.probe"],
    ["va", "va.probe"],
  ] as const)
    duchenne(
      "probe",
      "runs/first",
      "--data",
      "films.store",
      "--task",
      task,
      "--min-steps",
      "4",
      "--epochs",
      "1",
      "--save",
      save,
    );
  duchenne("export", "happy.probe", "va.probe", "--out", "model");
  const rows = duchenne("predict", "films/actor0000/clip00.mp4", "--model", "model", "--render", "seen.mp4");
  if (!/"expression"/.test(rows))
    throw new Error(`predict: expected rows with expressions, received ${rows}`);
  if (!/"expression"/.test(duchenne("predict", "films/actor0000/clip00.mp4")))
    throw new Error("predict: expected rows of the installed model");
  const installed = join(place, "node_modules/@duchenne/model-fer");
  renameSync(installed, `${installed}-away`);
  const program = [node, "node_modules/duchenne/bin/duchenne.js", "predict", "films/actor0000/clip00.mp4"];
  const { status, stderr } = spawnSync(program[0]!, program.slice(1), { cwd: place, encoding: "utf8" });
  renameSync(`${installed}-away`, installed);
  if (status === 0 || !stderr.includes("npm install @duchenne/model-fer"))
    throw new Error(`predict: expected the command that installs a model, received ${status} ${stderr}`);
}

/** The documents' programs that need no browser, as JavaScript, in a copy of the folder that the commands have filled. */
function runDocuments(node: string, place: string): void {
  const first = `import { readFrames } from "@duchenne/face"; import sharp from "sharp"; import { copyFileSync } from "node:fs";
    copyFileSync("films/actor0000/clip00.mp4", "talk.mp4");
    for await (const { data, width, height } of readFrames({ kind: "video", path: "talk.mp4" }, { fps: "all", threads: 1, maxSide: 4096, strict: false })) {
      await sharp(data, { raw: { width, height, channels: 3 } }).toFile("selfie.jpg"); break; }`;
  writeFileSync(join(place, "first.mjs"), first);
  run(place, [node, "first.mjs"]);
  for (const block of documents().flatMap((file) => readBlocks(file))) {
    if (block.isBrowser || BESIDES.some((name) => block.text.includes(`"${name}"`))) continue;
    const name = `${block.file.replaceAll("/", "__")}.${block.line}.mjs`;
    const { code } = transformSync(shortened(block), { loader: "ts", target: "es2022", format: "esm" });
    writeFileSync(join(place, name), code);
    for (const path of block.without) rmSync(join(place, path), { recursive: true, force: true });
    step(`  ${block.file}:${block.line}`, () => run(place, [node, name]));
  }
}

/** Each package that has a purpose of its own, installed and used without duchenne. */
const ALONE: Readonly<Record<string, string>> = {
  "@duchenne/torch": `import { tensor } from "@duchenne/torch"; if (tensor([1, 2]).sum().item() !== 3) throw new Error("not 3");`,
  "@duchenne/face": `import { detectFaces } from "@duchenne/face";
    if ((await detectFaces({ width: 100, height: 100, data: new Uint8Array(10_000) })).length > 0) throw new Error("a face of nothing");`,
  "@duchenne/model-fer": `import { modelFolder } from "@duchenne/model-fer/node"; import { existsSync } from "node:fs";
    if (!existsSync(modelFolder + "onnx/model.onnx")) throw new Error("no model");`,
  "@duchenne/predict": `import { loadRuntime } from "@duchenne/predict/node";
    const { Tensor, kind } = await loadRuntime({ onFallback: () => {} });
    if (kind !== "wasm" || new Tensor("float32", [1], [1]).dims[0] !== 1) throw new Error("no WebAssembly");`,
};

function testAlone(node: string, packed: Readonly<Record<string, string>>): void {
  for (const [name, program] of Object.entries(ALONE)) {
    const own = [packed["@duchenne/addon"]!, packed["@duchenne/crop"]!, packed[name]!];
    const place = step(`${name} alone`, () => install(name.replace("/", "-"), node, own, "--ignore-scripts"));
    writeFileSync(join(place, "program.mjs"), program);
    step("  its first use", () => run(place, [node, "program.mjs"]));
  }
}

/** With nothing built before: types, first use, first help. */
function testWithoutScripts(node: string, tarballs: readonly string[]): string {
  const place = step("install without scripts", () => install("without", node, tarballs, "--ignore-scripts"));
  process.stderr.write(`  node_modules: ${sizeMb(place)} MB\n`);
  for (const name of readdirSync(join(place, "node_modules/@duchenne")))
    if (existsSync(join(place, "node_modules/@duchenne", name, "binding.gyp")))
      throw new Error(
        `@duchenne/${name}: expected no binding.gyp, which makes npm run node-gyp, received one`,
      );
  step("first --help", () => run(place, [node, "node_modules/duchenne/bin/duchenne.js", "--help"]));
  writeFileSync(join(place, "first.mjs"), ALONE["@duchenne/torch"]!);
  step("first tensor, built at first use", () => run(place, [node, "first.mjs"]));
  step("first tensor", () => run(place, [node, "first.mjs"]));
  step("declarations and documents", () => checkTypes(place));
  return place;
}

/** Tests of the engine in the clone, whose binding is built for this Node at its first use. */
const ENGINE_TESTS = ["tensor.test", "autograd.test", "scope.test", "operators.test", "workers.bits"];

function main(major: string | undefined): void {
  const packed = step("pack", () => packAll(join(folder, "packed")));
  const node = nodeOf(major);
  process.stderr.write(`Node ${run(folder, [node, "--version"])}`);
  const all = Object.values(packed);
  const place = step("install with scripts", () => install("with", node, all));
  runCommands(node, place);
  if (major !== undefined) {
    const vitest = [
      node,
      "node_modules/vitest/vitest.mjs",
      "run",
      "--project",
      "torch",
      ...ENGINE_TESTS,
    ] as const;
    // Before the tests, whose time is limited.
    const first = 'import("@duchenne/torch").then(({ ones }) => ones([1]).dispose())';
    step("binding for this Node", () => run(ROOT, [node, "-e", first]));
    step("tests of the engine", () => run(ROOT, vitest));
    return;
  }
  step("the dlib addon that is shipped", () => testPrebuilt({ run, node }, place));
  const without = testWithoutScripts(node, all);
  const site: Site = { run, folder, node, packed };
  step("npm with scripts denied", () => testDeniedScripts(site));
  step("pnpm", () => testPnpm(site, without));
  runDocuments(node, place);
  testAlone(node, packed);
}

const at = process.argv.indexOf("--node");
main(at === -1 ? undefined : process.argv[at + 1]);
process.stderr.write("all is well\n");
