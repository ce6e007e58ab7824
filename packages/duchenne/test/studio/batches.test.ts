import { join } from "node:path";
import { expect, test } from "vitest";
import { storeFile } from "../../src/data/store/environment.ts";
import { FrameStore } from "../../src/data/store/index.ts";
import { removePerson } from "../../src/data/store/removePerson.ts";
import { Batches } from "../../src/studio/batches.ts";
import type { BatchRequest, ComputedBatch } from "../../src/studio/compute/batch.ts";
import { versionOf } from "../../src/studio/versionOf.ts";
import { temporaryFolder } from "../data/store/synthetic.ts";
import { tinyConfig, writeTinyStore } from "../ssl/train/tinyStore.ts";

const BATCH: ComputedBatch = {
  views: { title: "", subtitle: "", notices: [], groups: [], rows: [] },
  pictures: [],
};

test("a batch is computed once, and anew when somebody was taken out of its store", async () => {
  const path = await writeTinyStore(join(temporaryFolder(), "films.store"));
  const asked: BatchRequest[] = [];
  const batches = new Batches({
    batch: async (request) => {
      asked.push(request);
      return BATCH;
    },
  });
  const look = () =>
    batches.views({
      store: path,
      version: versionOf(storeFile(path)),
      config: tinyConfig(),
      step: 0,
      clips: 1,
    });
  await look();
  const store = FrameStore.open(path);
  const { person } = store.clips()[0]!;
  await store.close();
  await look();
  expect(asked).toHaveLength(1);
  await removePerson(path, person!);
  await look();
  expect(asked).toHaveLength(2);
});

test("what is not there has a version, too", () => {
  expect(versionOf(join(temporaryFolder(), "none"))).toBe("");
});
