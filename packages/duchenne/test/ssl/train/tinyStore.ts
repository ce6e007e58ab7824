import { FrameStore, type NewFrame, type StoreOptions } from "../../../src/data/store/index.ts";
import type { PretrainConfig } from "../../../src/ssl/config/config.ts";
import { resolveConfig, type Settings } from "../../../src/ssl/config/resolveConfig.ts";
import { type PretrainControl, type PretrainSummary, pretrain } from "../../../src/ssl/train/pretrain.ts";
import { valuesFromConfig } from "../../../src/ssl/valuesFromConfig.ts";
import { OPTIONS, picture } from "../../data/store/synthetic.ts";

/** Clips of 4 s at the store's 25/6 a second: long enough for hard negatives. */
const FRAMES = 17;

export interface TinyStore {
  readonly people?: number;
  readonly clipsEach?: number;
  readonly frames?: number;
  readonly kind?: "video" | "still";
  readonly landmarks?: boolean;
  /** Which split a person is of; default none. */
  readonly splitOf?: (person: number) => string | null;
}

/** Points of one dlib part on an ellipse, in shares of the image's side. */
const ellipse = (count: number, x: number, y: number, rx: number, ry: number): number[] =>
  Array.from({ length: count }, (_, i) => (2 * Math.PI * i) / count).flatMap((angle) => [
    x - rx * Math.cos(angle),
    y - ry * Math.sin(angle),
  ]);

/** 68 points in dlib's order where a face has them, the mouth as wide open as told. @returns [136] shares of the side */
function face(open: number): number[] {
  return [
    ...ellipse(17, 0.5, 0.5, 0.4, 0.45), // jaw
    ...ellipse(5, 0.3, 0.3, 0.1, 0.04), // brows
    ...ellipse(5, 0.7, 0.3, 0.1, 0.04),
    ...ellipse(9, 0.5, 0.5, 0.05, 0.12), // nose
    ...ellipse(6, 0.3, 0.4, 0.08, 0.04), // eyes
    ...ellipse(6, 0.7, 0.4, 0.08, 0.04),
    ...ellipse(20, 0.5, 0.75, 0.15, 0.03 + 0.05 * open), // mouth
  ];
}

function frame(seed: number, size: number, landmarks: boolean): NewFrame {
  const points = face(Math.sin(seed) ** 2).map((share, i) => size * (share + 0.01 * Math.sin(seed + i)));
  return {
    timeSeconds: seed / 4,
    labels: {},
    landmarks: Float32Array.from(points, (point) => (landmarks ? point : Number.NaN)),
    feature: Float32Array.from({ length: OPTIONS.featureLength }, (_, i) =>
      landmarks ? Math.sin(seed * (i + 1)) : Number.NaN,
    ),
    image: picture(size, seed),
  };
}

/** Writes a store of smooth pictures with faces' landmarks: by default 12 clips of 6 people. */
export async function writeTinyStore(path: string, about: TinyStore = {}): Promise<string> {
  const { people = 6, clipsEach = 2, frames = FRAMES, kind = "video", landmarks = true } = about;
  const { splitOf = () => null } = about;
  const options: StoreOptions = { ...OPTIONS, codec: "raw" };
  const writer = FrameStore.create(path, options);
  for (let person = 0; person < people; person++) {
    for (let clip = 0; clip < clipsEach; clip++) {
      const seeds = Array.from({ length: frames }, (_, i) => 31 * person + 7 * clip + i / 3);
      const tracks = [{ frames: seeds.map((seed) => frame(seed, options.size, landmarks)) }];
      const id = `person${person}/${clip}`;
      const frameRateHz = kind === "still" ? 0 : options.frameRateHz;
      const source = { id, person: `person${person}`, split: splitOf(person), kind, frameRateHz } as const;
      writer.append([{ ...source, framesSampled: frames, tracks, skipped: {} }]);
    }
  }
  writer.finish();
  await writer.close();
  return path;
}

/** A run of milliseconds a step: five clips a batch, 16 px. */
export const TINY_SETTINGS: Settings = {
  preset: "tiny",
  ...{ size: 16, batch: 5, steps: 6, warmupSteps: 2, queueSize: 24 },
  ...{ projectionSize: 16, byolHiddenSize: 16, workers: 0 },
  ...{ checkpointEvery: 2, logEvery: 1 },
};

/** Trains on a store with a configuration, as the command line does. */
export async function trainTiny(
  store: string,
  out: string,
  config: PretrainConfig,
  control: PretrainControl = {},
): Promise<PretrainSummary> {
  return pretrain({ ...valuesFromConfig(config), store, out, ...control });
}

/** Those settings, with others in their place. */
export function tinyConfig(settings: Settings = {}): PretrainConfig {
  return resolveConfig(TINY_SETTINGS, settings);
}
