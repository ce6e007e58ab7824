import type { RgbImage } from "@duchenne/crop";
import { InputError } from "./errors.ts";

/** Pixels as a canvas, sharp or a video decoder gives them: row-major, 8 bits, red first, alpha (which is ignored) last. */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/** The same pixels without alpha; three channels are not copied. @throws InputError unless the sizes agree */
export function toRgb({ data, width, height, channels }: Pixels): RgbImage {
  for (const [name, side] of Object.entries({ width, height }))
    if (!(Number.isInteger(side) && side > 0))
      throw new InputError(`pixels.${name}`, "a whole number of pixels", String(side));
  if (channels !== 3 && channels !== 4) throw new InputError("pixels.channels", "3 or 4", String(channels));
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray))
    throw new InputError("pixels.data", "a Uint8Array or Uint8ClampedArray", typeof data);
  if (data.length !== width * height * channels)
    throw new InputError("pixels.data", `${width} · ${height} · ${channels} bytes`, String(data.length));
  if (channels === 4) return { width, height, data: withoutAlpha(data) };
  return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
}

function withoutAlpha(rgba: Uint8Array | Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
  return rgb;
}
