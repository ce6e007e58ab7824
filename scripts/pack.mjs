// Packs what is published, as npm would: every package and the studio. Usage: node scripts/pack.mjs <folder>; after make build.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Folders of the packages that are published. */
export function publishedFolders() {
  return ["packages", "apps"]
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
    .filter((folder) => !JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).private);
}

/** Removes what was built from sources that are gone: the compiler leaves it. */
function prune(folder) {
  const [built, sources] = [join(folder, "dist"), join(folder, "src")];
  if (!existsSync(join(folder, "tsconfig.tsbuildinfo")) || !existsSync(sources)) return;
  for (const name of readdirSync(built, { recursive: true, encoding: "utf8" })) {
    const match = /^(.*)\.(d\.ts|d\.ts\.map|js|js\.map)$/.exec(name);
    if (match && !existsSync(join(sources, `${match[1]}.ts`))) rmSync(join(built, name));
  }
}

/** @returns paths of the tarballs by the packages' names */
export function packAll(out) {
  mkdirSync(out, { recursive: true });
  const folders = publishedFolders();
  for (const folder of folders) prune(folder);
  // npm would run it as "prepack", which the option below, needed for other scripts, turns off.
  execFileSync(process.execPath, [join(root, "packages/face/scripts/prebuild.mjs")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", resolve(out), ...folders];
  const printed = JSON.parse(
    execFileSync("npm", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
  const packed = Array.isArray(printed) ? printed : Object.values(printed);
  return Object.fromEntries(packed.map(({ name, filename }) => [name, join(resolve(out), filename)]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [out] = process.argv.slice(2);
  if (out === undefined) {
    console.error("expected a folder: node scripts/pack.mjs <folder>");
    process.exit(2);
  }
  for (const [name, file] of Object.entries(packAll(out))) console.log(name, file);
}
