/** What a camera makes of a drawn frame: exposure, white balance, saturation, sensor noise, and 4:2:0 luma and chroma. */
import { Random } from "../../lib/random.ts";
import { TO_YUV, type Yuv420 } from "../../lib/video/yuv.ts";
import type { Camera } from "../actor/identity.ts";

const NOISE_BITS = 17;
/** Normal noise, drawn once: a frame starts somewhere in it, which is all the randomness grain needs. */
const noise = ((): Float32Array => {
  const rng = Random.fromSeed("sensor noise");
  return Float32Array.from({ length: 1 << NOISE_BITS }, () => rng.normal());
})();

/** Rows Y, U, V of the matrix from drawn RGB to graded YUV. */
type Grade = readonly number[];

function gradeOf({ exposure, whiteBalance, saturation }: Camera): Grade {
  const gain = [exposure * (1 + whiteBalance), exposure, exposure * (1 - whiteBalance)];
  return TO_YUV.flatMap((row, k) => row.map((value, c) => value * gain[c]! * (k === 0 ? 1 : saturation)));
}

/** One camera; `expose` reuses its output. */
export class Sensor {
  readonly #grade: Grade;
  readonly #strength: number;
  readonly #out: Yuv420;

  /** @param side of the square frame in pixels, even */
  constructor(camera: Camera, side: number) {
    this.#grade = gradeOf(camera);
    this.#strength = camera.noise;
    this.#out = { width: side, height: side, data: new Uint8ClampedArray((side * side * 3) / 2) };
  }

  /**
   * @param rgba [side, side, 4] opaque pixels
   * @param grain 32 random bits that say where in the noise the frame starts
   * @returns planes, valid until the next call
   */
  expose(rgba: Uint8Array, grain: number): Yuv420 {
    const { width, height, data } = this.#out;
    this.#luma(rgba, grain);
    const quarter = (width * height) / 4;
    const [, , , ur, ug, ub, vr, vg, vb] = this.#grade as readonly [...number[]];
    const strength = this.#strength * 0.5;
    const mask = noise.length - 1;
    let to = width * height;
    for (let y = 0; y < height; y += 2) {
      for (let x = 0; x < width; x += 2, to += 1) {
        const a = (y * width + x) * 4;
        const b = a + width * 4;
        const r = (rgba[a]! + rgba[a + 4]! + rgba[b]! + rgba[b + 4]!) / 4;
        const g = (rgba[a + 1]! + rgba[a + 5]! + rgba[b + 1]! + rgba[b + 5]!) / 4;
        const blue = (rgba[a + 2]! + rgba[a + 6]! + rgba[b + 2]! + rgba[b + 6]!) / 4;
        const hiss = noise[(to + grain * 3) & mask]! * strength;
        data[to] = 128 + ur! * r + ug! * g + ub! * blue + hiss;
        data[to + quarter] = 128 + vr! * r + vg! * g + vb! * blue - hiss;
      }
    }
    return this.#out;
  }

  #luma(rgba: Uint8Array, grain: number): void {
    const { width, height, data } = this.#out;
    const [yr, yg, yb] = this.#grade as readonly [number, number, number];
    const strength = this.#strength;
    const mask = noise.length - 1;
    const count = width * height;
    for (let k = 0, from = 0; k < count; k += 1, from += 4) {
      data[k] =
        16 +
        yr * rgba[from]! +
        yg * rgba[from + 1]! +
        yb * rgba[from + 2]! +
        noise[(k + grain) & mask]! * strength;
    }
  }
}

/** Back to RGB at full size, for stills. @returns [height, width, 3] */
export function rgbOf({ width, height, data }: Yuv420): Uint8ClampedArray {
  const rgb = new Uint8ClampedArray(width * height * 3);
  const plane = width * height;
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, to += 3) {
      const chroma = plane + (y >> 1) * (width >> 1) + (x >> 1);
      const luma = 1.164383 * (data[y * width + x]! - 16);
      const u = data[chroma]! - 128;
      const v = data[chroma + plane / 4]! - 128;
      rgb[to] = luma + 1.596027 * v;
      rgb[to + 1] = luma - 0.391762 * u - 0.812968 * v;
      rgb[to + 2] = luma + 2.017232 * u;
    }
  }
  return rgb;
}
