import { expect, it, onTestFinished } from "vitest";
import { FrameStore } from "../../../src/data/store/index.ts";
import { scoreByBrightness } from "../../../src/deploy/score/brightness.ts";
import { labelledFaces } from "../../../src/deploy/score/labelledFaces.ts";
import { SIZE, writeStills } from "../../evaluate/support.ts";

const grey = (level: number) => new Uint8Array(SIZE * SIZE * 3).fill(level);
const opened = async (levels: readonly number[]) => {
  const stills = levels.map((level) => ({ labels: { expression: "happy" as const }, image: grey(level) }));
  const store = FrameStore.open(await writeStills(stills));
  onTestFinished(() => store.close());
  return { store, faces: labelledFaces(store) };
};

it("divides faces into thirds by the luma of their crops", async () => {
  const { store, faces } = await opened([200, 10, 90, 210, 20, 100, 30]);
  const correct = [true, false, true, false, false, true, true];
  const thirds = scoreByBrightness(store, faces, correct);
  expect(thirds.map(({ group, luma, images }) => [group, luma, images])).toEqual([
    ["darkest third", [10, 20], 2],
    ["middle third", [30, 100], 3],
    ["brightest third", [200, 210], 2],
  ]);
  expect(thirds.map(({ accuracy }) => accuracy.value)).toEqual([0, 1, 0.5]);
  expect(thirds[2]!.accuracy).toMatchObject({ low: 0, high: 1 });
});

it("needs three faces", async () => {
  const { store, faces } = await opened([200, 10]);
  expect(scoreByBrightness(store, faces, [true, true])).toEqual([]);
});
