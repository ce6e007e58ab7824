import { liveTensors } from "@duchenne/torch";
import { expect, it } from "vitest";
import { probe } from "../../src/probe/probe.ts";
import { cast, QUICK, untrained, writeStills } from "./support.ts";

// In a file of its own: networks that other tests have forgotten are freed at any time, and would hide a leak.
it.each(["frozen", "linear", "knn", "finetune"] as const)("%s frees every tensor it makes", async (mode) => {
  const store = await writeStills(cast(8, 2));
  const loaded = untrained();
  const before = liveTensors();
  await probe(loaded, store, { ...QUICK, mode, augment: mode === "frozen" ? 1 : 0 });
  expect(liveTensors()).toBe(before);
  loaded.backbone.dispose();
});
