// Finds dlib: the folders that the environment names, then those of the system.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

const INCLUDES = ["/usr/include", "/usr/local/include", "/opt/homebrew/include"];
const TRIPLES = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" };

/** Where the linker looks by itself; elsewhere it must be told. */
const LIBRARY_FOLDERS = [
  ...(TRIPLES[process.arch] ? [`/usr/lib/${TRIPLES[process.arch]}`] : []),
  "/usr/lib64",
  "/usr/lib",
  "/usr/local/lib64",
  "/usr/local/lib",
  "/opt/homebrew/lib",
];

/** @returns include folder, folder for the linker ("" if it needs none), version, shared library, archive; undefined without headers */
export function findDlib(env = process.env) {
  const include = [env.DLIB_INCLUDE, ...INCLUDES].find(
    (folder) => folder && existsSync(join(folder, "dlib/image_processing.h")),
  );
  if (include === undefined) return undefined;
  const libraryFolder = env.DLIB_LIBRARY ?? (include === "/opt/homebrew/include" ? "/opt/homebrew/lib" : "");
  const library = (file) =>
    [libraryFolder, ...LIBRARY_FOLDERS]
      .map((folder) => folder && join(folder, file))
      .find((path) => path && existsSync(path));
  const shared = library(process.platform === "darwin" ? "libdlib.dylib" : "libdlib.so");
  return {
    include,
    libraryFolder,
    version: versionOf(include),
    sharedLibrary: shared && realpathSync(shared),
    archive: env.DLIB_ARCHIVE || library("libdlib.a"),
  };
}

/** @returns `19.24.0`; "unknown" without the header that says it */
export function versionOf(include) {
  const header = join(include, "dlib/revision.h");
  if (!existsSync(header)) return "unknown";
  const text = readFileSync(header, "utf8");
  const part = (name) => new RegExp(`DLIB_${name}_VERSION\\s+(\\d+)`).exec(text)?.[1] ?? "0";
  return ["MAJOR", "MINOR", "PATCH"].map(part).join(".");
}

/** -march=native would tie the file to this very processor; AVX2 is what dlib gains from. */
export function hasAvx2() {
  if (process.arch !== "x64") return false;
  if (existsSync("/proc/cpuinfo")) return /\bavx2\b/.test(readFileSync("/proc/cpuinfo", "utf8"));
  const answer = spawnSync("sysctl", ["-n", "machdep.cpu.leaf7_features"], { encoding: "utf8" });
  return /AVX2/i.test(answer.stdout ?? "");
}
