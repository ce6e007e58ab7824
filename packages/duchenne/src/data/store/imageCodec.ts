import { createRequire } from "node:module";
import type { Codec } from "./manifest.ts";

/** Near lossless at half the bytes of 100; 4:2:0, as every video the crops come from, and it decodes twice as fast. */
export const JPEG_QUALITY = 95;

type Turbo = typeof import("@julusian/jpeg-turbo");
let loaded: Turbo | undefined;

/** libjpeg-turbo, loaded with the first image. */
function turbo(): Turbo {
  loaded ??= createRequire(import.meta.url)("@julusian/jpeg-turbo") as Turbo;
  return loaded;
}

/** [size, size, 3] RGB bytes to the stored form. */
export function encodeImage(rgb: Uint8Array, size: number, codec: Codec): Uint8Array {
  if (codec === "raw") return rgb;
  const { compressSync, FORMAT_RGB, SAMP_420 } = turbo();
  const compressed = compressSync(asBuffer(rgb), {
    format: FORMAT_RGB,
    width: size,
    height: size,
    subsampling: SAMP_420,
    quality: JPEG_QUALITY,
  });
  // A copy: what comes back is the start of a buffer as large as the worst case.
  return new Uint8Array(compressed);
}

/** Decodes a stored image into `out`, [size, size, 3] RGB. `stored` may be longer than the image, as LMDB's fast reads are. @internal */
export function decodeImage(stored: Buffer, out: Buffer, codec: Codec): void {
  if (codec === "raw") return void out.set(stored.subarray(0, out.length));
  const { decompressSync, FORMAT_RGB } = turbo();
  decompressSync(stored, out, { format: FORMAT_RGB });
}

/** The same memory as a Buffer. @internal */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
