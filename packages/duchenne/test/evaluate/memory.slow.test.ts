import { join } from "node:path";
import { liveTensors } from "@duchenne/torch";
import { expect, it } from "vitest";
import { settledTensors } from "../../../torch/test/garbage.ts";
import { probe } from "../../src/evaluate/probe.ts";
import { temporaryFolder } from "../data/store/synthetic.ts";
import { QUICK, stillsOfPeople, untrained, writeStills } from "./support.ts";

// In a file of its own: networks that other tests have forgotten are freed at any time, and would hide a leak.
it.each(["frozen", "linear", "knn", "finetune"] as const)("%s frees every tensor it makes", async (mode) => {
  const store = await writeStills(stillsOfPeople(8, 2));
  const loaded = untrained();
  const before = settledTensors();
  const save = mode === "knn" ? {} : { save: join(temporaryFolder(), "kept.probe") };
  await probe(loaded, store, { ...QUICK, mode, ...save, augment: mode === "frozen" ? 1 : 0 });
  expect(liveTensors()).toBe(before);
  loaded.backbone.dispose();
});
