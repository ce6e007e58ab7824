import { expect, it } from "vitest";
import { centreView } from "../../../src/evaluate/data/imageViews.ts";
import { picture } from "../../data/store/synthetic.ts";

const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];
const normalised = (value: number, channel: number) => (value / 255 - MEAN[channel]!) / DEVIATION[channel]!;

/** [3, size, size] of a function of channel, row and column. */
const planes = (size: number, value: (channel: number, y: number, x: number) => number) =>
  [0, 1, 2].flatMap((c) =>
    Array.from({ length: size * size }, (_, i) => normalised(value(c, Math.floor(i / size), i % size), c)),
  );

it("frames of the working size lose their margin, and no pixel changes", () => {
  const [stored, size, margin] = [64, 56, 4];
  const frames = [picture(stored, 1), picture(stored, 2)];
  const seen = centreView(Uint8Array.from(frames.flatMap((frame) => [...frame])), {
    stored,
    size,
    device: "cpu",
  });
  const expected = frames.flatMap((frame) =>
    planes(size, (c, y, x) => frame[3 * (stored * (y + margin) + x + margin) + c]!),
  );
  expect(seen.shape).toEqual([2, 3, size, size]);
  expect(seen.isContiguous("channelsLast")).toBe(true);
  expect(seen.contiguous()).toBeAllclose(expected, 1e-5);
});

it.each([
  [128, 48, 55],
  [64, 64, 73],
  [48, 64, 73],
])("frames of %i px at %i px are resized to %i first: a ramp stays one", (stored, size, working) => {
  const [start, scale] = [Math.round((working - size) / 2), stored / working];
  const ramp = (c: number, y: number, x: number) => (c === 0 ? x : c === 1 ? y : 20);
  const frame = Uint8Array.from({ length: stored * stored * 3 }, (_, i) =>
    ramp(i % 3, Math.floor(i / 3 / stored), Math.floor(i / 3) % stored),
  );
  const seen = centreView(frame, { stored, size, device: "cpu" });
  const place = (at: number) => (at + start + 0.5) * scale - 0.5;
  const expected = planes(size, (c, y, x) => ramp(c, place(y), place(x)));
  // 0.2 grey levels: at the very edge the filter is cut off.
  expect(seen.contiguous()).toBeAllclose(expected, 2e-3);
});
