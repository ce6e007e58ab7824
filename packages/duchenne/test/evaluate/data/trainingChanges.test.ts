import { scope, type Tensor, tensor } from "@duchenne/torch";
import { expect, it } from "vitest";
import { eraseRectangles, sampleRectangles } from "../../../src/evaluate/data/erase.ts";
import { applyWarps, type ImageWarp, sampleWarps } from "../../../src/evaluate/data/warpView.ts";
import { mixImages } from "../../../src/evaluate/predictors/mixing.ts";
import { Random } from "../../../src/lib/random.ts";

const plain: ImageWarp = { side: 1, x: 0, y: 0, angle: 0, flipped: false };
const numbers = (value: Tensor) => Array.from(value.contiguous().toTypedArray() as Float32Array);

/** [1, 1, side, side] of a function of row and column. */
const image = (side: number, value: (y: number, x: number) => number) =>
  tensor(
    Float32Array.from({ length: side * side }, (_, i) => value(Math.floor(i / side), i % side)),
    {
      shape: [1, 1, side, side],
    },
  );

it("a warp of nothing gives the image; mirrored, turned and cropped it is where it should be", () => {
  scope(() => {
    const ramp = image(8, (y, x) => 10 * y + x);
    expect(applyWarps(ramp, [plain], 8)).toBeAllclose(numbers(ramp), 1e-4);
    const mirrored = image(8, (y, x) => 10 * y + 7 - x);
    expect(applyWarps(ramp, [{ ...plain, flipped: true }], 8)).toBeAllclose(numbers(mirrored), 1e-4);
    const quarter = image(8, (y, x) => 10 * x + 7 - y);
    expect(applyWarps(ramp, [{ ...plain, angle: Math.PI / 2 }], 8)).toBeAllclose(numbers(quarter), 1e-3);
    const crop = image(4, (y, x) => 10 * (y + 3) + x + 1);
    expect(applyWarps(ramp, [{ ...plain, side: 0.5, x: -1 / 8, y: 1 / 8 }], 4)).toBeAllclose(
      numbers(crop),
      1e-3,
    );
  });
});

it("crops are drawn within their ranges, and inside the frame", () => {
  const warps = sampleWarps(
    500,
    { side: 0.875, zoom: 0.2, rotate: 12, flipProbability: 0.5 },
    Random.fromSeed(1),
  );
  for (const { side, x, y, angle } of warps) {
    expect(side).toBeGreaterThanOrEqual(0.7 - 1e-9);
    expect(Math.max(Math.abs(x), Math.abs(y)) + side / 2).toBeLessThanOrEqual(0.5 + 1e-9);
    expect(Math.abs(angle)).toBeLessThanOrEqual((12 * Math.PI) / 180);
  }
  expect(warps.filter(({ flipped }) => flipped).length).toBeGreaterThan(200);
});

it("rectangles are erased, and no other pixel", () => {
  scope(() => {
    const images = tensor(new Float32Array(3 * 2 * 16 * 16).fill(1), { shape: [3, 2, 16, 16] });
    const rectangle = { left: 3, top: 5, width: 4, height: 2 };
    eraseRectangles(images, [null, rectangle, null]);
    const erased = numbers(images).flatMap((value, i) => (value === 0 ? [i] : []));
    const expected = [0, 1].flatMap((c) =>
      [5, 6].flatMap((y) => [3, 4, 5, 6].map((x) => 2 * 256 + c * 256 + y * 16 + x)),
    );
    expect(erased).toEqual(expected);
  });
  const drawn = sampleRectangles(400, 48, 0.25, Random.fromSeed(2)).filter((one) => one !== null);
  expect(drawn.length).toBeGreaterThan(60);
  expect(drawn.length).toBeLessThan(150);
  for (const { left, top, width, height } of drawn) {
    expect(left + width).toBeLessThanOrEqual(48);
    expect(top + height).toBeLessThanOrEqual(48);
  }
});

it("mixup mixes whole images, CutMix patches, by the shares they tell", () => {
  scope(() => {
    const images = tensor(
      Float32Array.from({ length: 4 * 3 * 64 }, (_, i) => Math.floor(i / 192)),
      { shape: [4, 3, 8, 8] },
    );
    for (const mix of ["mixup", "cutmix"] as const) {
      const settings = { mix, mixAlpha: 1, mixProbability: 1 };
      const { images: made, mixed } = mixImages(images, settings, Random.fromSeed(3));
      const rows = numbers(made);
      for (const [row, kept] of mixed!.kept.entries()) {
        const mean = rows.slice(row * 192, (row + 1) * 192).reduce((sum, value) => sum + value, 0) / 192;
        expect(mixed!.partners[row]).not.toBe(row);
        expect(mean).toBeCloseTo(kept * row + (1 - kept) * mixed!.partners[row]!, 4);
      }
    }
    const off = mixImages(images, { mix: "mixup", mixAlpha: 1, mixProbability: 0 }, Random.fromSeed(3));
    expect(off.mixed).toBeUndefined();
    expect(off.images).toBe(images);
  });
});
