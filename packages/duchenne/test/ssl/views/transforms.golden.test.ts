import { readFileSync } from "node:fs";
import { ops, type Tensor, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import * as blur from "../../../src/ssl/views/blur.ts";
import { brightness, contrast, hue, saturation, WHITE } from "../../../src/ssl/views/colorOperations.ts";
import * as cropFlip from "../../../src/ssl/views/cropFlip.ts";
import * as grayscale from "../../../src/ssl/views/grayscale.ts";
import { perImage } from "../../../src/ssl/views/images/rows.ts";
import { normalize } from "../../../src/ssl/views/normalize.ts";
import { goldenPath } from "../../golden.ts";

interface Values {
  shape: number[];
  data: number[];
}

const golden = JSON.parse(readFileSync(goldenPath("view_transforms.json"), "utf8")) as {
  image: Values;
  outputs: Record<string, Values>;
};

const [, height, width] = golden.image.shape as [number, number, number];

/** The file's image in 0..255, three times over, so that a batch is worked on. */
function images(): Tensor {
  const one = tensor(Float32Array.from(golden.image.data), { shape: [1, 3, height, width] });
  return ops.repeat(one.mul(WHITE), [3, 1, 1, 1]);
}

/** Each output as torchvision's scale has it. */
function expectEach(result: Tensor, name: string, scale: number): void {
  const expected = golden.outputs[name]!;
  expect(result.shape).toEqual([3, ...expected.shape]);
  for (let i = 0; i < 3; i++) expect(result.at(i).div(scale)).toBeAllclose(expected.data);
}

describe("torchvision's functional transforms", () => {
  test.each([
    ["brightness_1.3", brightness, 1.3],
    ["contrast_0.7", contrast, 0.7],
    ["saturation_1.4", saturation, 1.4],
    ["hue_0.15", hue, 0.15],
    ["hue_-0.2", hue, -0.2],
  ] as const)("%s", (name, operation, amount) => {
    const batch = images();
    expectEach(operation(batch, perImage([amount, amount, amount], batch)), name, WHITE);
  });

  test("flip", () => {
    // The views work on squares: columns 8 to 31, mirrored, are the first 24 of the mirrored image.
    const squares = ops.narrow(images(), 3, width - height, height);
    const flip = { x: 0, y: 0, size: height, flipped: true };
    const result = cropFlip.apply(squares, [flip, flip, flip]);
    const { data, shape } = golden.outputs.hflip!;
    const expected = ops.narrow(tensor(Float32Array.from(data), { shape }), 2, 0, height).flatten();
    for (let i = 0; i < 3; i++) expect(result.at(i).div(WHITE).flatten()).toBeAllclose(expected);
  });

  test("resize without antialiasing, which is what enlarging is", () => {
    const result = ops.interpolateBilinear(images(), [16, 20], false);
    expectEach(result, "resize_bilinear_16x20", WHITE);
  });

  test("grayscale", () => {
    expectEach(grayscale.apply(images(), [true, true, true]), "grayscale", WHITE);
  });

  test("blur", () => {
    expectEach(blur.apply(images(), [1.1, 1.1, 1.1]), "gaussian_blur_k3_sigma1.1", WHITE);
  });

  test("normalise", () => {
    expectEach(normalize(images()), "normalize_imagenet", 1);
  });
});
