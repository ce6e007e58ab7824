import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cachedFeatures } from "../../src/evaluate/features/featureCache.ts";
import { temporaryFolder } from "../data/store/synthetic.ts";

const ORIGIN = { weights: "w", store: "s", size: 48, features: 2 };
const KEYS = [3, 5, 8];
const VALUES = Float32Array.from([1, 2, 3, 4, 5, 6]);

it.each([
  ["whole", () => undefined, 1],
  ["with a byte that changed", (file: string) => changeByte(file, 5), 2],
  [
    "with zeros where the disk lost a page",
    (file: string) => writeFileSync(file, Buffer.alloc(readFileSync(file).length)),
    2,
  ],
  ["cut off", (file: string) => truncateSync(file, 24), 2],
])("features in a file that is %s are right", async (_, damage, times) => {
  const folder = temporaryFolder();
  let computed = 0;
  const compute = async () => {
    computed += 1;
    return VALUES;
  };
  await cachedFeatures(folder, ORIGIN, KEYS, compute);
  damage(join(folder, readdirSync(folder)[0]!));
  expect(await cachedFeatures(folder, ORIGIN, KEYS, compute)).toEqual(VALUES);
  expect(computed).toBe(times);
  expect(await cachedFeatures(folder, ORIGIN, KEYS, compute)).toEqual(VALUES);
  expect(computed).toBe(times);
});

function changeByte(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= 1;
  writeFileSync(file, bytes);
}
