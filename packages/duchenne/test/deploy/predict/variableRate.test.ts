import { join } from "node:path";
import { readFrames, type SampledFrame } from "@duchenne/face";
import type { Model } from "@duchenne/predict";
import { describe, expect, test } from "vitest";
import { drawFaces, writeVideo } from "../../../../face/test/media.ts";
import type { PredictedFrame } from "../../../src/deploy/predict/predictFrames.ts";
import { predictVideos } from "../../../src/deploy/predict/predictVideos.ts";
import { FilmRenderer } from "../../../src/deploy/predict/render/filmRenderer.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

/** A model that says nothing. */
const model = {
  info: { faceSize: 64, faceScale: 1.6, alignEyes: false },
  view: (image: unknown) => image,
  predictCrops: async (views: unknown[]) => views.map(() => ({ embedding: new Float32Array(1) })),
} as unknown as Model;

/** As phones film: 30 Hz, with pauses in poor light, bursts, and a last frame that comes late. */
const PHONE_MS = [0, 33, 67, 100, 200, 233, 240, 247, 255, 500, 533, 567, 601, 634, 1200];

async function phoneFilm(ending: string): Promise<string> {
  const path = join(temporaryFolder(), `phone.${ending}`);
  const images = PHONE_MS.map((_, i) => drawFaces(192, 160, [{ x: 90 + i, y: 80, radius: 50 }]));
  await writeVideo(path, images, { timesMs: (i) => PHONE_MS[i]! });
  return path;
}

async function predictAll(path: string, fps?: number): Promise<PredictedFrame[]> {
  const frames: PredictedFrame[] = [];
  await predictVideos(model, [{ kind: "video", path }], fps === undefined ? {} : { fps }, {
    onFrame: (_, frame) => void frames.push(frame),
  });
  return frames;
}

const milliseconds = ({ timeSeconds }: SampledFrame): number => Math.round(1000 * timeSeconds);

describe("a film of variable rate", () => {
  test.each(["mp4", "mkv"])("has a row for every frame, with its own time: .%s", async (ending) => {
    const frames = await predictAll(await phoneFilm(ending));
    expect(frames.map(({ frame }) => milliseconds(frame))).toEqual(PHONE_MS);
    expect(frames.map(({ frame }) => frame.index)).toEqual(PHONE_MS.map((_, i) => i));
  });

  test("is rendered with every frame at its own time", async () => {
    const frames = await predictAll(await phoneFilm("mp4"));
    const out = join(temporaryFolder(), "seen.mp4");
    const renderer = new FilmRenderer(out, 12.5, { classes: [], heads: ["valence_arousal"] });
    for (const frame of frames) renderer.draw(frame);
    expect(renderer.finish()).toBe(PHONE_MS.length);
    const times: number[] = [];
    const all = { fps: "all", threads: 1, maxSide: 4096, strict: true } as const;
    for await (const frame of readFrames({ kind: "video", path: out }, all)) times.push(milliseconds(frame));
    expect(times).toEqual(PHONE_MS);
  });

  test("is sampled in a grid with --fps", async () => {
    const frames = await predictAll(await phoneFilm("mp4"), 10);
    expect(frames.map(({ frame }) => [frame.index, milliseconds(frame)])).toEqual([
      ...[
        [0, 0],
        [1, 100],
        [2, 200],
        [5, 500],
        [6, 601],
        [12, 1200],
      ],
    ]);
  });
});
