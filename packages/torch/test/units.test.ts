import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const NATIVE = fileURLToPath(new URL("../native", import.meta.url));

test("every source of the binding is compiled: by itself, or in a unit that includes it", () => {
  const sources = readdirSync(NATIVE).filter((name) => name.endsWith(".cc"));
  const compiled = [...readFileSync(join(NATIVE, "binding.gyp"), "utf8").matchAll(/"(\w+\.cc)"/g)].map(
    ([, name]) => name!,
  );
  const included = compiled.flatMap((unit) =>
    [...readFileSync(join(NATIVE, unit), "utf8").matchAll(/^#include "(\w+\.cc)"$/gm)].map(
      ([, name]) => name!,
    ),
  );
  expect([...compiled, ...included].sort()).toEqual(sources.sort());
});
