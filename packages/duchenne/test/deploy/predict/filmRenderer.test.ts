import { join } from "node:path";
import { readFrames, type SampledFrame } from "@duchenne/face";
import { expect, test } from "vitest";
import { plain } from "../../../../face/test/media.ts";
import { FilmRenderer } from "../../../src/deploy/predict/render/filmRenderer.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

const frame = (index: number, width: number, height: number): SampledFrame => ({
  ...plain(width, height, [220, 220, 220]),
  ...{ index, timeSeconds: 0.04 * index, reduction: 1 },
});

test("frames of another shape than the first keep theirs, in the middle of the film's", async () => {
  const out = join(temporaryFolder(), "seen.mp4");
  const renderer = new FilmRenderer(out, 25, { classes: [], heads: [] });
  const shapes = [
    [480, 400],
    [960, 800],
    [481, 399],
    [480, 480],
    [240, 100],
    [480, 400],
  ] as const;
  for (const [i, [width, height]] of shapes.entries())
    renderer.draw({ frame: frame(i, width, height), faces: [] });
  renderer.finish();
  const seen = [];
  const all = { fps: "all", threads: 1, maxSide: 4096, strict: true } as const;
  for await (const { data, width } of readFrames({ kind: "video", path: out }, all)) {
    const isLight = (x: number, y: number) => data[3 * (y * width + x)]! > 150;
    seen.push({ left: isLight(4, 200), top: isLight(240, 4), middle: isLight(240, 200) });
  }
  const whole = { left: true, top: true, middle: true };
  expect(seen).toEqual([whole, whole, whole, { ...whole, left: false }, { ...whole, top: false }, whole]);
});
