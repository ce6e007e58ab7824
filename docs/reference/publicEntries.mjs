/** What other programs may import, and the source file behind each. */
import { readdirSync, readFileSync } from "node:fs";

const PACKAGES = new URL("../../packages/", import.meta.url);

/** Wings before the entry that repeats their names, so that each name is described in its wing. */
export const PUBLIC_ENTRIES = readdirSync(PACKAGES)
  .flatMap((folder) => entriesOf(folder))
  .sort((a, b) => Number(a.name === "duchenne") - Number(b.name === "duchenne"));

function entriesOf(folder) {
  const { name, exports } = readPackage(folder);
  // What only the studio's own pages import is no library.
  const isPublic = ([path, { source, default: built }]) => path !== "./package.json" && source && built;
  return Object.entries(exports)
    .filter(isPublic)
    .map(([path, { source }]) => ({
      name: name + path.slice(1),
      file: new URL(`${folder}/${source}`, PACKAGES).pathname,
    }));
}

function readPackage(folder) {
  return JSON.parse(readFileSync(new URL(`${folder}/package.json`, PACKAGES), "utf8"));
}
