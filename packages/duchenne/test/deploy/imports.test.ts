import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";

/** What a module imports or re-exports when it is loaded, types and imports by its functions left out. */
function importsOf(file: string): string[] {
  const { staticImports, staticExports } = parseSync(file, readFileSync(file, "utf8")).module;
  const imported = staticImports.filter(
    ({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType),
  );
  const exported = staticExports.flatMap(({ entries }) => entries).filter(({ isType }) => !isType);
  return [...imported, ...exported].flatMap(({ moduleRequest }) =>
    moduleRequest ? [moduleRequest.value] : [],
  );
}

/** Packages that a file and all it imports need to be loaded. */
function packagesOf(entry: string): string[] {
  const files = new Set([entry]);
  const packages = new Set<string>();
  for (const file of files)
    for (const name of importsOf(file))
      if (name.startsWith(".")) files.add(resolve(dirname(file), name));
      else if (!name.startsWith("node:")) packages.add(name);
  return [...packages].sort();
}

const source = (path: string) => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));

test("who only predicts loads no libtorch, no store and no schemas", () => {
  const needed = ["@duchenne/face", "@duchenne/predict", "@duchenne/predict/node"];
  expect(packagesOf(source("deploy/index.ts"))).toEqual(needed);
  // The walk sees what is there.
  expect(packagesOf(source("deploy/export/readPart.ts"))).toEqual(
    expect.arrayContaining(["@duchenne/torch", "zod"]),
  );
});
