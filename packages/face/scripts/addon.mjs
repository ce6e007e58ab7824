// The addon as @duchenne/addon builds it: what it is made against, and for which processor.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findDlib, hasAvx2 } from "./dlib.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** An archive is linked in, with the compiler's own libraries; so the files are made that the package ships. */
function librariesOf(archive) {
  if (archive && process.platform === "linux")
    return [
      archive,
      "-static-libstdc++",
      "-static-libgcc",
      `-Wl,--version-script=${join(root, "scripts/exports.map")}`,
    ];
  if (archive) return [archive];
  return process.platform === "darwin" ? ["-ldlib"] : ["-ldlib", "-l:libblas.so.3", "-l:liblapack.so.3"];
}

function find() {
  const dlib = findDlib();
  if (dlib === undefined) return undefined;
  const archive = process.env.DLIB_ARCHIVE;
  const avx2 = process.env.DUCHENNE_AVX2 ? process.env.DUCHENNE_AVX2 === "1" : hasAvx2();
  return {
    version: dlib.version,
    label: `dlib ${dlib.version} (${archive ? "linked in" : dlib.include})`,
    variables: {
      dlib_include: dlib.include,
      dlib_library_directory: dlib.libraryFolder,
      dlib_libraries: librariesOf(archive),
      use_avx2: avx2 ? 1 : 0,
    },
    libraries: !archive && dlib.sharedLibrary ? [dlib.sharedLibrary] : [],
    features: avx2 ? ["avx2"] : [],
  };
}

/** @type {import("@duchenne/addon").Addon} */
export const faceAddon = {
  package: name,
  packageVersion: version,
  root,
  name: "face",
  title: "the dlib addon",
  // Node-API: one build for all versions of Node.
  abi: "napi8",
  recordName: "dlib.json",
  duration: "half a minute to a minute",
  buildScript: join(root, "scripts/build.mjs"),
  find,
  missing: `dlib was not found (looked for dlib/image_processing.h). Install it:
  Debian, Ubuntu  sudo apt-get install --no-install-recommends libdlib-dev libdlib-data g++ make python3
  Fedora          sudo dnf install dlib-devel blas lapack gcc-c++ make python3
  macOS           xcode-select --install; brew install dlib
  anywhere        name its folders in DLIB_INCLUDE and DLIB_LIBRARY`,
};
