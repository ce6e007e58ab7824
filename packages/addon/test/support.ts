/** A package with the smallest addon: it exports nothing. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Addon, Found } from "../src/index.mjs";

const ADDON = fileURLToPath(new URL("../src/index.mjs", import.meta.url));

const GYP = `{ "includes": ["found.gypi"], "targets": [{ "target_name": "small", "sources": ["small.c"], "defines": ["WORD=<(word)"] }] }`;
const SOURCE = `#include <node_api.h>
NAPI_MODULE_INIT() { napi_value word; napi_create_int32(env, WORD, &word); return word; }
`;

const roots: string[] = [];
// One listener for all: Node warns of the eleventh.
process.once("exit", () => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** What the fake package is, and what it finds. */
export interface Made {
  readonly root: string;
  readonly addon: Addon;
  /** The shared library that the build is tied to: any file. */
  readonly library: string;
}

/** @param missing the library is not there */
export function makePackage({
  abi = "napi8",
  missing = false,
}: {
  abi?: string;
  missing?: boolean;
} = {}): Made {
  const root = mkdtempSync(join(tmpdir(), "duchenne-addon-"));
  roots.push(root);
  mkdirSync(join(root, "native"));
  writeFileSync(join(root, "native/binding.gyp"), GYP);
  writeFileSync(join(root, "native/small.c"), SOURCE);
  const library = join(root, "library.so");
  writeFileSync(library, "one build of a library");
  const buildScript = join(root, "build.mjs");
  const found: Found = { version: "1.2", label: "small 1.2", variables: { word: 7 }, libraries: [library] };
  const fields = {
    package: "@test/small",
    packageVersion: "0.1.0",
    root,
    name: "small",
    title: "the small addon",
    abi,
    recordName: "small.json",
    duration: "a second",
    buildScript,
    missing: "small was not found: install libsmall-dev",
  };
  const find = missing ? "undefined" : JSON.stringify(found);
  writeFileSync(
    join(root, "addon.mjs"),
    `export const addon = { ...${JSON.stringify(fields)}, find: () => (${find}) };`,
  );
  writeFileSync(
    buildScript,
    `import { runBuildScript } from ${JSON.stringify(pathToFileURL(ADDON).href)};
     import { addon } from "./addon.mjs";
     runBuildScript(addon);`,
  );
  writeFileSync(
    join(root, "use.mjs"),
    `import { Worker, isMainThread } from "node:worker_threads";
     import { openAddon } from ${JSON.stringify(pathToFileURL(ADDON).href)};
     import { addon } from "./addon.mjs";
     const threads = isMainThread ? Number(process.argv[2] ?? 0) : 0;
     if (threads === 0) console.log(openAddon(addon).exports);
     for (let i = 0; i < threads; i++) new Worker(new URL(import.meta.url));`,
  );
  return { root, library, addon: { ...fields, find: () => (missing ? undefined : found) } };
}
