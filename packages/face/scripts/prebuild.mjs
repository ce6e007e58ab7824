// Makes what the package ships: the addon with dlib linked in, on x64 once for any processor and once with AVX2; the right one is chosen when
// it is opened. DLIB_INCLUDE and DLIB_ARCHIVE name another dlib than the system's. Usage: node scripts/prebuild.mjs; before npm pack.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "@duchenne/addon";
import { faceAddon } from "./addon.mjs";
import { findDlib, versionOf } from "./dlib.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "prebuilt");
const work = join(root, "build/prebuilt");

/** What dlib's headers would have the addon linked to: BLAS, and libraries for image files, which the addon does without. */
const NEEDS = /^#define DLIB_(USE_BLAS|USE_LAPACK|JPEG_SUPPORT|PNG_SUPPORT|GIF_SUPPORT|WEBP_SUPPORT)\b/gm;

/** A copy, for dlib's headers include each other by relative paths. @returns the folder to include from */
function headersWithoutBlas(include) {
  const copy = join(work, "include");
  const config = join(copy, "dlib/config.h");
  if (existsSync(config) && versionOf(copy) === versionOf(include)) return copy;
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(include, "dlib"), join(copy, "dlib"), { recursive: true, dereference: true });
  writeFileSync(config, readFileSync(config, "utf8").replace(NEEDS, "// $&"));
  return copy;
}

function makeFile(avx2) {
  process.env.DUCHENNE_AVX2 = avx2;
  const options = { keepObjects: true, report: (line) => console.error(line), place: work };
  const built = dirname(build(faceAddon, options).file);
  const folder = join(target, `${process.platform}-${process.arch}-${basename(built)}`);
  mkdirSync(folder, { recursive: true });
  for (const name of ["face.node", faceAddon.recordName]) cpSync(join(built, name), join(folder, name));
  if (process.platform === "linux") spawnSync("strip", ["--strip-unneeded", join(folder, "face.node")]);
}

rmSync(target, { recursive: true, force: true });
const dlib = findDlib();
if (!dlib?.archive) {
  // Who asks for it in particular is not served by a package without it.
  if (process.env.DLIB_ARCHIVE) process.exitCode = 2;
  console.error(
    "no libdlib.a: the package is packed without a prebuilt addon. Install libdlib-dev, or set DLIB_ARCHIVE.",
  );
} else {
  process.env.DLIB_ARCHIVE = dlib.archive;
  process.env.DLIB_INCLUDE = headersWithoutBlas(dlib.include);
  for (const avx2 of process.arch === "x64" ? ["0", "1"] : ["0"]) makeFile(avx2);
}
