/**
 * Package managers that run no install script: npm with scripts denied, and pnpm. The installation succeeds, the dlib addon that the package
 * ships opens, and what is not built says what to do. With it, the shipped addon is held to the one that the clone has built.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findAddon } from "@duchenne/addon";
import { faceAddon } from "../packages/face/scripts/addon.mjs";
import { hasAvx2 } from "../packages/face/scripts/dlib.mjs";

/** Runs a program in a folder; throws if it fails. @returns its stdout */
export type Run = (cwd: string, command: readonly [string, ...string[]], env?: NodeJS.ProcessEnv) => string;

/** Where a test works, and what it installs. */
export interface Site {
  readonly run: Run;
  /** A new folder for all places. */
  readonly folder: string;
  /** The Node to use. */
  readonly node: string;
  /** Paths of the tarballs by the packages' names. */
  readonly packed: Readonly<Record<string, string>>;
}

/** Packages with install scripts that are none of ours. */
const OTHERS = ["@julusian/jpeg-turbo", "lmdb", "msgpackr-extract"];
const PNPM = "pnpm@12";

const FACES = `import { detectFaces } from "@duchenne/face";
  if ((await detectFaces({ width: 100, height: 100, data: new Uint8Array(10_000) })).length > 0) throw new Error("a face of nothing");`;
const TENSOR = `import { tensor } from "@duchenne/torch"; if (tensor([1, 2]).sum().item() !== 3) throw new Error("not 3");`;

function makePlace({ folder }: Site, name: string, settings: object): string {
  const place = join(folder, name);
  mkdirSync(place);
  writeFileSync(
    join(place, "package.json"),
    JSON.stringify({ name, private: true, type: "module", ...settings }),
  );
  writeFileSync(join(place, "faces.mjs"), FACES);
  writeFileSync(join(place, "tensor.mjs"), TENSOR);
  return place;
}

/** No script has run: the shipped addon opens, and the binding says what keeps it from being built. */
function expectUnbuilt({ run, node, folder }: Site, place: string): void {
  if (existsSync(join(place, "node_modules/@duchenne/torch/build")))
    throw new Error(`${place}: expected no script to run, received a build of the binding`);
  const env = { DUCHENNE_SKIP_BUILD: "1", XDG_CACHE_HOME: join(folder, "no-cache") };
  run(place, [node, "faces.mjs"], env);
  const { status, stderr } = spawnSync(node, ["tensor.mjs"], {
    cwd: place,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  if (status === 0 || !stderr.includes("npx duchenne doctor"))
    throw new Error(
      `${place}: expected an error that leads to the doctor, received status ${status}:\n${stderr}`,
    );
}

/** npm 11 with allowScripts that denies: a tarball is named by its path there. */
export function testDeniedScripts(site: Site): void {
  const ours = ["addon", "crop", "face", "torch"].map((name) => site.packed[`@duchenne/${name}`]!);
  const allowScripts = Object.fromEntries(ours.map((path) => [`file:${path}`, false]));
  const place = makePlace(site, "denied", { allowScripts });
  site.run(place, ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts=false", ...ours]);
  expectUnbuilt(site, place);
}

/** @param built a place whose binding is built: it is copied, which spares the compiler */
export function testPnpm(site: Site, built: string): void {
  const { run, folder, node, packed } = site;
  const tools = makePlace(site, "pnpm-itself", {});
  run(tools, ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", PNPM]);
  const files = Object.fromEntries(Object.entries(packed).map(([name, path]) => [name, `file:${path}`]));
  const place = makePlace(site, "pnpm", { dependencies: files });
  const denied = ["@duchenne/face", "@duchenne/torch", ...OTHERS].map((name) => [name, false]);
  // JSON is YAML. Without the overrides, pnpm looks for what the tarballs depend on in a registry.
  const workspace = JSON.stringify({ overrides: files, allowBuilds: Object.fromEntries(denied) });
  writeFileSync(join(place, "pnpm-workspace.yaml"), workspace);
  const pnpm = join(tools, "node_modules/pnpm/bin/pnpm.mjs");
  run(place, [process.execPath, pnpm, "install", "--store-dir", join(folder, "pnpm-store")]);
  expectUnbuilt(site, place);
  const build = "node_modules/@duchenne/torch/build";
  cpSync(join(built, build), join(place, build), { recursive: true });
  run(place, [node, "tensor.mjs"]);
  run(place, [node, "node_modules/duchenne/bin/duchenne.js", "doctor"]);
}

/** The addon that the package ships, and the one that this clone has built, see the same boxes and landmarks. @param place with films */
export function testPrebuilt({ run, node }: Pick<Site, "run" | "node">, place: string): void {
  const shipped = join(place, "node_modules/@duchenne/face/prebuilt");
  if (!existsSync(shipped)) {
    process.stderr.write("  none: there is no libdlib.a to link in\n");
    return;
  }
  const films = readdirSync(join(place, "films"), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".mp4"),
  );
  const inputs = films.flatMap((name) => ["-i", join("films", name)]);
  const joined = `concat=n=${films.length}:v=1,format=gray,scale=256:256`;
  run(place, [
    "ffmpeg",
    "-v",
    "error",
    ...inputs,
    "-filter_complex",
    joined,
    "-frames:v",
    "100",
    "-f",
    "rawvideo",
    "frames.grey",
  ]);
  const program = fileURLToPath(new URL("facesByAddon.mjs", import.meta.url));
  const see = (file: string) => run(place, [node, program, file, "frames.grey", "256", "256"]);
  const expected = see(findAddon(faceAddon)!.file);
  const folders = readdirSync(shipped);
  if (folders.length !== (process.arch === "x64" ? 2 : 1))
    throw new Error(`${shipped}: expected a file for each kind of processor, received ${folders.join(", ")}`);
  const isUsable = (name: string) =>
    hasAvx2() || !run(shipped, ["cat", join(name, faceAddon.recordName)]).includes("avx2");
  for (const name of folders.filter(isUsable))
    if (see(join(shipped, name, "face.node")) !== expected || !expected.includes('"points":['))
      throw new Error(`${name}: expected the boxes and landmarks of the addon built here, received others`);
}
