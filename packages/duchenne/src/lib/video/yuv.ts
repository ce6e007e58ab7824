/** Planar 8-bit Y, U, V with chroma at half size each way, BT.601 limited range, tightly packed. */
export interface Yuv420 {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** BT.601, limited range, for RGB in 0..255 (ITU-R BT.601-7, section 2.5). */
export const TO_YUV = [
  [0.256788, 0.504129, 0.097906],
  [-0.148223, -0.290993, 0.439216],
  [0.439216, -0.367788, -0.071427],
] as const;

/**
 * Converts a picture for an encoder; chroma is the mean of four pixels.
 * @param rgba [height, width, 4], both even; alpha is ignored   @param out written over
 */
export function toYuv(rgba: Uint8Array | Uint8ClampedArray, { width, height, data }: Yuv420): void {
  const [[yr, yg, yb], [ur, ug, ub], [vr, vg, vb]] = TO_YUV;
  for (let k = 0, from = 0; k < width * height; k += 1, from += 4)
    data[k] = 16 + yr * rgba[from]! + yg * rgba[from + 1]! + yb * rgba[from + 2]!;
  const quarter = (width * height) / 4;
  let to = width * height;
  for (let y = 0; y < height; y += 2)
    for (let x = 0; x < width; x += 2, to += 1) {
      const a = (y * width + x) * 4;
      const b = a + width * 4;
      const mean = (channel: number) =>
        (rgba[a + channel]! + rgba[a + 4 + channel]! + rgba[b + channel]! + rgba[b + 4 + channel]!) / 4;
      const [red, green, blue] = [mean(0), mean(1), mean(2)];
      data[to] = 128 + ur * red + ug * green + ub * blue;
      data[to + quarter] = 128 + vr * red + vg * green + vb * blue;
    }
}
