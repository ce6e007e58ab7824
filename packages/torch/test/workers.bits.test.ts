import { once } from "node:events";
import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { liveTensors, ones } from "@duchenne/torch";
import { beforeAll, describe, expect, test } from "vitest";
import { settledTensors } from "./garbage.ts";

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
    const before = settledTensors();
    const { before: others } = await inWorker(1);
    expect(others).toBe(0);
    expect(liveTensors()).toBe(before);
    expect(held.toArray()).toEqual([1, 1, 1]);
  });
});
