// Builds the native addon into build/Release/face.node; does nothing when it is up to date.
// Usage: node scripts/build.mjs [--force]

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const addon = join(root, "build", "Release", "face.node");
const stampFile = join(root, "build", "stamp");

const MISSING_DLIB = `dlib was not found (looked for dlib/image_processing.h). Install it:
  Debian, Ubuntu:  apt-get install --no-install-recommends libdlib-dev libdlib-data g++ make python3
  Fedora:          dnf install dlib-devel blas lapack gcc-c++ make python3
  macOS:           brew install dlib
or name its folders in DLIB_INCLUDE and DLIB_LIBRARY.`;

/** The folder that holds dlib's headers, or undefined. */
function findDlib() {
  const candidates = [
    process.env.DLIB_INCLUDE,
    "/usr/include",
    "/usr/local/include",
    "/opt/homebrew/include",
  ];
  return candidates.find((folder) => folder && existsSync(join(folder, "dlib", "image_processing.h")));
}

/** -march=native would tie the file to this very processor; AVX2 is what dlib gains from. */
function hasAvx2() {
  if (process.arch !== "x64") return false;
  if (existsSync("/proc/cpuinfo")) return /\bavx2\b/.test(readFileSync("/proc/cpuinfo", "utf8"));
  const answer = spawnSync("sysctl", ["-n", "machdep.cpu.leaf7_features"], { encoding: "utf8" });
  return /AVX2/i.test(answer.stdout ?? "");
}

/** Node's headers beside the running node, where a distribution or nvm puts them; else node-gyp fetches its own. */
function headerArguments() {
  if (process.env.npm_config_nodedir) return [];
  const prefix = resolve(dirname(process.execPath), "..");
  return existsSync(join(prefix, "include", "node", "node_api.h")) ? [`--nodedir=${prefix}`] : [];
}

/** Changes whenever the sources, the flags or Node's ABI do. */
function stampOf(flags) {
  const hash = createHash("sha256").update(JSON.stringify([flags, process.versions.modules, process.arch]));
  hash.update(readFileSync(join(root, "binding.gyp")));
  const folder = join(root, "native");
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}

const dlib = findDlib();
if (dlib === undefined) {
  console.error(MISSING_DLIB);
  process.exit(1);
}
const flags = [
  `-Ddlib_include=${dlib}`,
  `-Ddlib_library_directory=${process.env.DLIB_LIBRARY ?? (dlib === "/opt/homebrew/include" ? "/opt/homebrew/lib" : "")}`,
  `-Duse_avx2=${hasAvx2() ? 1 : 0}`,
];
const stamp = stampOf(flags);
const upToDate = existsSync(addon) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp;
if (!upToDate || process.argv.includes("--force")) {
  const gyp = createRequire(import.meta.url).resolve("node-gyp/bin/node-gyp.js");
  const jobs = String(Math.max(1, cpus().length));
  // Not "rebuild", which would delete an addon that others have open.
  const steps = [
    ["configure", ...headerArguments(), "--", ...flags],
    ["build", `--jobs=${jobs}`],
  ];
  for (const step of steps) {
    const build = spawnSync(process.execPath, [gyp, ...step], { cwd: root, stdio: "inherit" });
    if (build.status !== 0) process.exit(build.status ?? 1);
  }
  writeFileSync(stampFile, stamp);
}
