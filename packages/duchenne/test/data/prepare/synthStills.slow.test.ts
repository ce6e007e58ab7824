import { join } from "node:path";
import { expect, it } from "vitest";
import { prepare } from "../../../src/data/prepare/prepare.ts";
import { FrameStore } from "../../../src/data/store/index.ts";
import {
  type ActorSplit,
  actorStills,
  type StillLayout,
  synthesize,
  synthOptions,
} from "../../../src/synth/index.ts";
import { temporaryFolder } from "../store/synthetic.ts";

const PLAN = { actors: 6, clips: 1, seconds: 4, seed: 2 };

type Row = { timeSeconds: number; split: string; expression: string; valence?: number; arousal?: number };
type Told = {
  /** The data set's splits in the layout's words. */
  splits: Readonly<Record<ActorSplit, string>>;
  /** Whether the layout has valence, arousal and contempt. */
  affect: boolean;
  /** Finds a still's running number in its source id. */
  number: RegExp;
};

const AFFECTNET = { train: "train", valid: "validation", test: "validation" };
/** The layouts with labels. */
const LAYOUTS: Readonly<Record<Exclude<StillLayout, "lfw">, Told>> = {
  "affectnet-csv": { splits: AFFECTNET, affect: true, number: /_(\d+)\.jpg@/ },
  "affectnet-npy": { splits: AFFECTNET, affect: true, number: /(\d+)\.jpg$/ },
  "fer2013-csv": {
    splits: { train: "train", valid: "validation", test: "test" },
    affect: false,
    number: /:(\d+)$/,
  },
  "fer2013-folders": {
    splits: { train: "train", valid: "test", test: "test" },
    affect: false,
    number: /_(\d+)\.jpg$/,
  },
};

const bySplit = (a: Row, b: Row): number => (a.split < b.split ? -1 : a.split > b.split ? 1 : 0);

/** What was drawn, by split, in the order in which it was drawn. */
function drawn({ splits, affect }: Told): Row[] {
  const plan = synthOptions({ ...PLAN, out: "unused" });
  const stills = Array.from({ length: PLAN.actors }, (_, index) => [...actorStills(plan, index)]).flat();
  return stills
    .filter(({ expression }) => affect || expression !== "contempt")
    .map(({ split, expression, valence, arousal }) => ({
      timeSeconds: 0,
      split: splits[split],
      expression,
      ...(affect && { valence: Math.fround(Number(valence.toFixed(6))) }),
      ...(affect && { arousal: Math.fround(Number(arousal.toFixed(6))) }),
    }))
    .sort(bySplit);
}

/** What the store holds, by split and running number. */
function stored(store: FrameStore, { number }: Told): Row[] {
  const numberOf = (id: string): number => Number(number.exec(id)![1]);
  return store
    .clips()
    .sort((a, b) => numberOf(a.source) - numberOf(b.source))
    .map(({ split, firstFrame }) => ({ split: split!, ...store.readLabels([firstFrame])[0]! }) as Row)
    .sort(bySplit);
}

for (const [layout, told] of Object.entries(LAYOUTS)) {
  it(`${layout}: prepare gives each synthetic still the labels it was drawn with`, async () => {
    const [source, path] = [join(temporaryFolder(), layout), join(temporaryFolder(), "store")];
    await synthesize(synthOptions({ ...PLAN, out: source, stills: layout as StillLayout }));
    const summary = await prepare(source, path, { workers: 0 });
    const store = FrameStore.open(path);
    const [expected, received] = [drawn(told), stored(store, told)];
    await store.close();
    expect(expected.length).toBeGreaterThan(0);
    expect(received).toEqual(expected);
    expect(summary).toMatchObject({ frames: expected.length, skipped: {}, problems: {}, badRows: {} });
  });
}

it("lfw: prepare gives each synthetic still its person, and no split", async () => {
  const [source, path] = [join(temporaryFolder(), "lfw-synth"), join(temporaryFolder(), "store")];
  const { frames } = await synthesize(synthOptions({ ...PLAN, out: source, stills: "lfw" }));
  await prepare(source, path, { workers: 0 });
  const store = FrameStore.open(path);
  const clips = store.clips();
  await store.close();
  expect(clips).toHaveLength(frames);
  expect(clips.every(({ person, source: id }) => id.includes(`${person}_000`))).toBe(true);
  expect(clips.every(({ split }) => split === null)).toBe(true);
});
