import { ops, type Tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { Random } from "../../../src/lib/random.ts";
import * as blur from "../../../src/ssl/views/blur.ts";
import * as colorJitter from "../../../src/ssl/views/colorJitter.ts";
import { hue } from "../../../src/ssl/views/colorOperations.ts";
import * as grayscale from "../../../src/ssl/views/grayscale.ts";
import { alike, perImage } from "../../../src/ssl/views/images/rows.ts";
import { denormalize, normalize } from "../../../src/ssl/views/normalize.ts";
import { build, deviations, noise, reader } from "./support.ts";

type Color = [red: number, green: number, blue: number];

/** HSV by its textbook definition, hue in [0, 1). */
function toHsv([r, g, b]: Color): Color {
  const [high, low] = [Math.max(r, g, b), Math.min(r, g, b)];
  const chroma = high - low;
  if (chroma === 0) return [0, 0, high];
  const sixth = high === r ? (g - b) / chroma : high === g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma;
  return [(sixth / 6 + 1) % 1, chroma / high, high];
}

function fromHsv([h, s, v]: Color): Color {
  const channel = (n: number) => {
    const k = (n + h * 6) % 6;
    return v - v * s * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [channel(5), channel(3), channel(1)];
}

const clip = (value: number) => Math.min(255, Math.max(0, value));
const grey = ([r, g, b]: Color) => 0.2989 * r + 0.587 * g + 0.114 * b;
const blend = (color: Color, other: number, factor: number) =>
  color.map((value) => clip(factor * value + (1 - factor) * other)) as Color;

const LOOPS: Record<string, (pixels: Color[], amount: number) => Color[]> = {
  brightness: (pixels, amount) => pixels.map((color) => blend(color, 0, amount)),
  contrast: (pixels, amount) => {
    const mean = pixels.reduce((sum, color) => sum + grey(color), 0) / pixels.length;
    return pixels.map((color) => blend(color, mean, amount));
  },
  saturation: (pixels, amount) => pixels.map((color) => blend(color, grey(color), amount)),
  hue: (pixels, amount) =>
    pixels.map((color) => {
      const [h, s, v] = toHsv(color);
      return fromHsv([(h + amount + 1) % 1, s, v]);
    }),
};

function pixelsOf(images: Tensor, image: number): Color[] {
  const [side, pixel] = [images.shape[3]!, reader(images)];
  return Array.from({ length: side * side }, (_, i) =>
    [0, 1, 2].map((channel) => pixel(image, channel, Math.floor(i / side), i % side)),
  ) as Color[];
}

const fromPixels = (images: Color[][], side: number) =>
  build(images.length, side, (i, channel, y, x) => images[i]![y * side + x]![channel]!);

describe("colour jitter", () => {
  const strengths = { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.2 };

  test("as loops over each image's pixels, in the image's own order", () => {
    const [n, side] = [40, 6];
    const images = noise(n, side);
    const draw = colorJitter.sample(alike(n, 0.9), strengths, Random.fromSeed(5));
    const expected = draw.map((jitter, i) =>
      (jitter?.order ?? []).reduce(
        (pixels, name) => LOOPS[name]!(pixels, jitter!.amounts[name]),
        pixelsOf(images, i),
      ),
    );
    expect(new Set(draw.map(colorJitter.orderName)).size).toBeGreaterThan(15);
    expect(colorJitter.apply(images, draw)).toBeAllclose(fromPixels(expected, side), 2e-5);
  });

  test("any turn of the hue, also of grey, black, white and pure colours", () => {
    const corners = [0, 127, 255].flatMap((r) =>
      [0, 127, 255].flatMap((g) => [0, 127, 255].map((b): Color => [r, g, b])),
    );
    const pixels = Array.from({ length: 36 }, (_, i) => corners[i % corners.length]!);
    const turns = [-0.5, -0.45, -1 / 3, -0.2, 0, 0.01, 1 / 6, 0.3, 0.49, 0.5];
    const images = fromPixels(
      turns.map(() => pixels),
      6,
    );
    const expected = turns.map((turn) => LOOPS.hue!(pixels, turn));
    expect(hue(images, perImage(turns, images))).toBeAllclose(fromPixels(expected, 6));
  });

  test("draws: anchors always, orders alike, amounts within their bounds and over all of them", () => {
    const n = 6000;
    const chances = [...alike(n / 2, 1), ...alike(n / 2, 0.8)];
    const draw = colorJitter.sample(chances, { ...strengths, contrast: 1.5 }, Random.fromSeed(2));
    expect(draw.slice(0, n / 2)).not.toContain(null);
    const changed = draw.filter((jitter) => jitter !== null);
    expect(deviations(changed.length - n / 2, n / 2, 0.8)).toBeLessThan(4);
    const orders = groups(changed.map(colorJitter.orderName));
    expect(orders.size).toBe(24);
    for (const { length } of orders.values())
      expect(deviations(length, changed.length, 1 / 24)).toBeLessThan(4.5);
    const bounds = {
      brightness: [0.6, 1.4],
      contrast: [0, 2.5],
      saturation: [0.6, 1.4],
      hue: [-0.2, 0.2],
    } as const;
    for (const [name, [low, high]] of Object.entries(bounds)) {
      const amounts = changed.map((jitter) => jitter.amounts[name as keyof typeof bounds]);
      const [least, most] = [Math.min(...amounts), Math.max(...amounts)];
      expect(least).toBeGreaterThanOrEqual(low);
      expect(most).toBeLessThan(high);
      expect(most - least).toBeGreaterThan(0.99 * (high - low));
    }
  });
});

function groups(names: string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of names) found.set(name, [...(found.get(name) ?? []), name]);
  return found;
}

describe("blur", () => {
  test("as a loop over a 3x3 window, borders reflected", () => {
    const side = 7;
    const images = noise(4, side);
    const sigmas = [0.1, null, 0.7, 2];
    const pixel = reader(images);
    const expected = build(4, side, (i, channel, y, x) => {
      const sigma = sigmas[i];
      if (!sigma) return pixel(i, channel, y, x);
      const inside = (place: number) => (place < 0 ? 1 : place === side ? side - 2 : place);
      let [sum, total] = [0, 0];
      for (const dy of [-1, 0, 1])
        for (const dx of [-1, 0, 1]) {
          const weight = Math.exp(-(dx ** 2 + dy ** 2) / (2 * sigma ** 2));
          sum += weight * pixel(i, channel, inside(y + dy), inside(x + dx));
          total += weight;
        }
      return sum / total;
    });
    expect(blur.apply(images, sigmas)).toBeAllclose(expected);
  });

  test("draws half of the images, with standard deviations from 0.1 to 2", () => {
    const sigmas = blur.sample(4000, 0.5, Random.fromSeed(1)).filter((sigma) => sigma !== null);
    expect(deviations(sigmas.length, 4000, 0.5)).toBeLessThan(4);
    expect(Math.min(...sigmas)).toBeGreaterThanOrEqual(0.1);
    expect(Math.max(...sigmas)).toBeLessThan(2);
    expect(sigmas.reduce((a, b) => a + b) / sigmas.length).toBeCloseTo(1.05, 1);
  });
});

test("grayscale changes the images drawn, and no others", () => {
  const images = noise(3, 5);
  const result = grayscale.apply(images.clone(), [null, true, null]);
  const expected = [0, 1, 2].map((i) =>
    pixelsOf(images, i).map((color): Color => (i === 1 ? [grey(color), grey(color), grey(color)] : color)),
  );
  expect(result).toBeAllclose(fromPixels(expected, 5));
  const draws = grayscale.sample(4000, 0.2, Random.fromSeed(1));
  expect(deviations(draws.filter((draw) => draw).length, 4000, 0.2)).toBeLessThan(4);
});

test("normalise and back", () => {
  const images = noise(2, 5);
  expect(denormalize(normalize(images))).toBeAllclose(images);
  expect(normalize(ops.fill_(images, 255)).at(0, 0, 0, 0).item()).toBeCloseTo((1 - 0.485) / 0.229, 5);
});
