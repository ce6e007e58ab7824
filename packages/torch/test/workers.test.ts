import { once } from "node:events";
import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { liveTensors, ones } from "@duchenne/torch";
import { beforeAll, describe, expect, test } from "vitest";
import { runChild } from "./childProcess.ts";

interface Trained {
  losses: number[];
  weights: number[][];
  /** Tensors the worker had before it made any. */
  before: number;
}

const trainer = new URL("children/trainer.mjs", import.meta.url);

beforeAll(() => {
  const built = new URL("../dist/index.js", import.meta.url);
  if (!existsSync(built)) throw new Error("workers load the built package: run `make build` first");
});

async function inWorker(seed: number): Promise<Trained> {
  const worker = new Worker(trainer, { workerData: { seed, steps: 40 } });
  const [[trained], [status]] = await Promise.all([once(worker, "message"), once(worker, "exit")]);
  expect(status).toBe(0);
  return trained as Trained;
}

describe("worker threads", () => {
  test("four at once, each with its seed, compute what the main thread does alone", async () => {
    const { train } = (await import(trainer.href)) as { train: (seed: number, steps: number) => Trained };
    const seeds = [1, 2, 3, 4];
    const trained = await Promise.all(seeds.map(inWorker));
    for (const [i, seed] of seeds.entries()) {
      const { losses, weights } = train(seed, 40);
      expect(trained[i]!.losses).toEqual(losses);
      expect(trained[i]!.weights).toEqual(weights);
      expect(losses.at(-1)).toBeLessThan(losses[0]!);
    }
    expect(trained[0]!.losses).not.toEqual(trained[1]!.losses);
  });

  test("each has its own tensors", async () => {
    const held = ones([3]);
    const before = liveTensors();
    const { before: others } = await inWorker(1);
    expect(others).toBe(0);
    expect(liveTensors()).toBeLessThanOrEqual(before);
    expect(held.toArray()).toEqual([1, 1, 1]);
  });

  test("ended in the middle of their work, and the process after them", () => {
    const { status, signal, stderr, printed } = runChild("terminate.mjs");
    expect({ status, signal, stderr }).toMatchObject({ status: 0, signal: null });
    expect(printed).toEqual({ ended: 48, sum: 3, live: 2 });
  });

  test("50 short-lived ones leave no memory", () => {
    const { status, stderr, printed } = runChild("workerLeak.mjs");
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
