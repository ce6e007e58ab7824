// Builds what a platform's package ships: one file, and on x64 a second one with AVX2, chosen when it is opened. dlib is linked in:
// DLIB_INCLUDE and DLIB_ARCHIVE name a dlib compiled with -fPIC and without BLAS. Usage: node scripts/prebuild.mjs
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "@duchenne/addon";
import { faceAddon } from "./addon.mjs";

const folder = fileURLToPath(new URL("../prebuilt/", import.meta.url));
if (!process.env.DLIB_ARCHIVE) {
  console.error(
    "DLIB_ARCHIVE: expected the path of libdlib.a, received none. Set it to a dlib compiled with -fPIC.",
  );
  process.exit(2);
}
for (const avx2 of process.arch === "x64" ? ["0", "1"] : ["0"]) {
  process.env.DUCHENNE_AVX2 = avx2;
  const built = dirname(build(faceAddon, { report: (line) => console.error(line), output: "stderr" }).file);
  const target = join(folder, `${process.platform}-${process.arch}-${basename(built)}`);
  mkdirSync(target, { recursive: true });
  for (const name of ["face.node", faceAddon.recordName]) cpSync(join(built, name), join(target, name));
  if (process.platform === "linux") spawnSync("strip", ["--strip-unneeded", join(target, "face.node")]);
}
