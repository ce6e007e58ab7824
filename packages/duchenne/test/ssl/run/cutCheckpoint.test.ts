import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tensor } from "@duchenne/torch";
import { expect, it } from "vitest";
import { findWeights } from "../../../src/ssl/run/backboneState.ts";
import { checkpointsOf, saveCheckpoint } from "../../../src/ssl/run/checkpoint.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { tinyConfig } from "../train/tinyStore.ts";

it.each([
  ["cut off", (file: string) => truncateSync(file, 40)],
  ["changed", (file: string) => writeFileSync(file, readFileSync(file).fill(0, 20, 24))],
])("a run whose only checkpoint has %s weights is said to be damaged, not empty", (_, damage) => {
  const run = temporaryFolder();
  mkdirSync(checkpointsOf(run), { recursive: true });
  const about = {
    ...{ step: 3, epoch: 1, smoothedLoss: 1, config: tinyConfig(), optimizerSteps: [3] },
    ...{ store: { path: "/films.store", digest: "d" }, figures: { count: 1, totals: { loss: 0.1 } } },
  };
  const path = saveCheckpoint(
    checkpointsOf(run),
    about,
    new Map([["backbone.weight", tensor([1, 2])]]),
    new Map(),
  );
  damage(join(path, "model.safetensors"));
  expect(() => findWeights(run)).toThrow(
    /checkpoints\/3: .*model\.safetensors is damaged: .*cut off \(\d+ bytes\)/,
  );
});
