import { join } from "node:path";
import { expect, it } from "vitest";
import { probe } from "../../src/evaluate/probe.ts";
import { readProbeResult } from "../../src/evaluate/results/resultFile.ts";
import { temporaryFolder } from "../data/store/synthetic.ts";
import { QUICK, stillsOfPeople, untrained, writeStills } from "./support.ts";

const people = stillsOfPeople(12, 4);
const aFile = () => join(temporaryFolder(), "folder", "result.json");

it("goes on from the file it was stopped at, to the same result", async () => {
  const store = await writeStills(people);
  const options = { ...QUICK, labels: ["6", "all"], seeds: 2, out: aFile() };
  const whole = await probe(untrained(), store, { ...options, out: aFile() });
  const controller = new AbortController();
  const stopped = probe(untrained(), store, options, {
    signal: controller.signal,
    onProgress: ({ cellsDone }) => {
      if (cellsDone === 2) controller.abort(new DOMException("interrupted", "AbortError"));
    },
  });
  await expect(stopped).rejects.toThrow("interrupted");
  const half = readProbeResult(options.out);
  expect(half.complete).toBe(false);
  expect(half.cells.length).toBeLessThan(4);
  const stages = new Set<string>();
  const resumed = await probe(untrained(), store, options, { onProgress: ({ stage }) => stages.add(stage) });
  expect(stages).not.toContain("6 labels, seed 0");
  expect(stages).not.toContain("duplicates");
  const timeless = ({ cells, ...rest }: typeof whole) => ({
    ...rest,
    cells: cells.map((cell) => ({ ...cell, seconds: 0 })),
  });
  expect(timeless(resumed)).toEqual(timeless(whole));
  expect(readProbeResult(options.out)).toEqual(resumed);
  const again: string[] = [];
  expect(await probe(untrained(), store, options, { onProgress: ({ stage }) => again.push(stage) })).toEqual(
    resumed,
  );
  expect(again).toEqual([]);
});
