import { join } from "node:path";
import { expect, it } from "vitest";
import { openStoreData } from "../../../src/ssl/train/storeData.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { tinyConfig, writeTinyStore } from "./tinyStore.ts";

it("a run reads train alone unless told otherwise; the store is the same one either way", async () => {
  const splitOf = (person: number) => ["train", "train", "validation", "test"][person]!;
  const path = await writeTinyStore(join(temporaryFolder(), "store"), { people: 4, clipsEach: 3, splitOf });
  const [train, all] = [
    await openStoreData(path, tinyConfig()),
    await openStoreData(path, tinyConfig({ splits: "all" })),
  ];
  expect(train.notices).toEqual(["6 of 12 clips give no sample: 6 of another split than train"]);
  expect(all.notices).toEqual([]);
  const splits = ({ sampler }: typeof train) => new Set(sampler.plan.usable.map(({ clip }) => clip.split));
  expect(splits(train)).toEqual(new Set(["train"]));
  expect(splits(all)).toEqual(new Set(["train", "validation", "test"]));
  expect([train, all].map(({ sampler }) => sampler.stepsPerEpoch)).toEqual([1, 2]);
  expect(train.identity).toEqual(all.identity);
});
