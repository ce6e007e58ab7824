/** What a face looks like: a small colour picture, turned and scaled by its landmarks, and how unlike two of them are. */

import { meanPoint } from "@duchenne/crop";
import { loadAddon } from "../native/addon.ts";
import type { GreyImage, RgbImage } from "../types.ts";
import { yawDegreesOf } from "../yaw.ts";

/** Side of the picture in pixels, as the addon has it. */
const SIDE = 32;
/** Where eyes, nose and mouth come to lie, in shares of the side: the rest of the head fills the picture. */
const PLACES = [
  { points: [36, 42], x: 0.38, y: 0.42 },
  { points: [42, 48], x: 0.62, y: 0.42 },
  { points: [30, 36], x: 0.5, y: 0.553 },
  { points: [48, 60], x: 0.5, y: 0.673 },
] as const;
/** Pixels of the frame averaged per side of a pixel of the picture, at most: more changes nothing that counts. */
const MAX_SAMPLES = 3;
/** A change of light below this is left to the comparison itself: it may as well be another person's skin. */
const MIN_LIGHT_CHANGE = 1.15;

/** A face as it looked in one frame. */
export interface Appearance {
  /** [32, 32, 4]: red, green, blue, and 0 where the frame did not reach, else 255. */
  readonly picture: Uint8Array;
  /** Brightness of the light, relative to other frames of the same shot. */
  readonly light: number;
  /** Estimated turn of the head, see `yawDegreesOf`. */
  readonly yawDegrees: number;
}

/**
 * The look of a face.
 * @param image the frame, in colour or grey   @param landmarks [68, 2] in its pixels   @param light see `Appearance`
 */
export function appearanceOf(image: RgbImage | GreyImage, landmarks: Float32Array, light = 1): Appearance {
  const { width, height, data } = image;
  const channels = data.length === width * height ? 1 : 3;
  const { a, b, x: originX, y: originY } = frameOf(landmarks);
  const samples = Math.min(MAX_SAMPLES, Math.max(1, Math.round(Math.hypot(a, b))));
  const picture = new Uint8Array(4 * SIDE * SIDE);
  const step = 1 / samples;
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      let inside = 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let v = row + step / 2; v < row + 1; v += step) {
        for (let u = column + step / 2; u < column + 1; u += step) {
          const x = Math.round(a * u - b * v + originX);
          const y = Math.round(b * u + a * v + originY);
          if (x < 0 || y < 0 || x >= width || y >= height) continue;
          const i = channels * (y * width + x);
          inside += 1;
          red += data[i]!;
          green += data[i + (channels >> 1)]!;
          blue += data[i + channels - 1]!;
        }
      }
      if (2 * inside < samples * samples) continue;
      const i = 4 * (row * SIDE + column);
      picture[i] = red / inside;
      picture[i + 1] = green / inside;
      picture[i + 2] = blue / inside;
      picture[i + 3] = 255;
    }
  }
  return { picture, light, yawDegrees: yawDegreesOf(landmarks) };
}

/** The similarity that brings the picture's pixels to the frame's: x' = a u - b v + x, y' = b u + a v + y. */
function frameOf(landmarks: Float32Array): { a: number; b: number; x: number; y: number } {
  const pairs = PLACES.map(({ points: [from, to], x, y }) => {
    const [frameX, frameY] = meanPoint(landmarks, from, to);
    return { u: x * SIDE, v: y * SIDE, frameX, frameY };
  });
  const mean = (value: (pair: (typeof pairs)[number]) => number) =>
    pairs.reduce((sum, pair) => sum + value(pair), 0) / pairs.length;
  const [u0, v0, x0, y0] = [
    mean(({ u }) => u),
    mean(({ v }) => v),
    mean(({ frameX }) => frameX),
    mean(({ frameY }) => frameY),
  ];
  const spread = mean(({ u, v }) => (u - u0) ** 2 + (v - v0) ** 2);
  const a = mean(({ u, v, frameX, frameY }) => (u - u0) * (frameX - x0) + (v - v0) * (frameY - y0)) / spread;
  const b = mean(({ u, v, frameX, frameY }) => (u - u0) * (frameY - y0) - (v - v0) * (frameX - x0)) / spread;
  return { a, b, x: x0 - a * u0 + b * v0, y: y0 - b * u0 - a * v0 };
}

/**
 * How little one look explains of another. Each block of 6 x 6 pixels is looked for in the other picture up to 6 pixels around its
 * own place, so that the face may turn, speak and be misplaced by its landmarks; what is left of its squares is set against its
 * variance. If the light of the shot has changed meanwhile, the pictures are brought to one brightness as well.
 * @returns 0 for equal pictures. Neighbouring frames of one face: below 0.45 in 99 of 100; faces of two people: above 0.9 in 99 of 100
 * (4,716 pairs of neighbours in 169 real clips)
 */
export function unlikeness(one: Appearance, other: Appearance): number {
  const addon = loadAddon();
  const plain = addon.unlikeness(one.picture, other.picture);
  const gain = other.light / one.light;
  if (Math.max(gain, 1 / gain) < MIN_LIGHT_CHANGE) return plain;
  // The brighter one is dimmed: nothing is clipped.
  const [bright, dim] = gain < 1 ? [one, other] : [other, one];
  return Math.min(plain, addon.unlikeness(dimmed(bright.picture, Math.min(gain, 1 / gain)), dim.picture));
}

function dimmed(picture: Uint8Array, gain: number): Uint8Array {
  return picture.map((value, i) => (i % 4 === 3 ? value : value * gain));
}
