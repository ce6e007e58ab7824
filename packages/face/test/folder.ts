/** A folder of its own for each test file, removed afterwards. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** @returns a function from names to paths within the folder */
export function testFolder(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "duchenne-face-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/** Everything a generator yields, and what it returns. */
export async function collect<T, R>(generator: AsyncGenerator<T, R>): Promise<{ items: T[]; result: R }> {
  const items: T[] = [];
  for (;;) {
    const step = await generator.next();
    if (step.done) return { items, result: step.value };
    items.push(step.value);
  }
}
