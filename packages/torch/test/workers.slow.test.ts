import { existsSync } from "node:fs";
import { ones } from "@duchenne/torch";
import { beforeAll, describe, expect, test } from "vitest";
import { runChild } from "./childProcess.ts";

beforeAll(() => {
  const built = new URL("../dist/index.js", import.meta.url);
  if (!existsSync(built)) throw new Error("workers load the built package: run `make build` first");
});

describe("worker threads", () => {
  test("ended in the middle of their work, and the process after them", async () => {
    const { status, signal, stderr, printed } = await runChild("terminate.mjs");
    expect({ status, signal, stderr }).toMatchObject({ status: 0, signal: null });
    expect(printed).toEqual({ ended: 48, sum: 3, live: 0 });
  });

  test("50 short-lived ones leave no memory", async () => {
    const { status, stderr, printed } = await runChild("workerLeak.mjs");
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const { growth, allocatedBytes } = printed as { growth: number; allocatedBytes: number };
    expect(printed).toMatchObject({ steps: 250 });
    expect(allocatedBytes).toBe(0);
    expect(growth).toBeLessThan(30e6);
  });

  test("two copies of the package in one thread do not spoil each other's calls", async () => {
    const other = (await import(
      new URL("../dist/index.js", import.meta.url).href
    )) as typeof import("@duchenne/torch");
    const mine = Array.from({ length: 20 }, (_, i) =>
      ones([2])
        .add(i)
        .add(other.ones([2]).mul(i).sum().item()),
    );
    expect(mine.map((x) => x.at(0).item())).toEqual(Array.from({ length: 20 }, (_, i) => 1 + 3 * i));
    const many = other.ops.cat(Array.from({ length: 3000 }, () => other.ones([1])));
    expect([many.numel, ones([2, 3]).shape]).toEqual([3000, [2, 3]]);
    expect(() => ones([1]).add(other.ones([1]) as never)).toThrow(/ArgumentError|expected/);
  });
});
