import sharp from "sharp";
import type { FrameStore } from "../../../data/store/frameStore.ts";

/** Twice the side faces are shown at, for dense screens. */
const SIDE_PIXELS = 128;
const QUALITY = 82;

/** A stored face as a small JPEG in a data URI. @throws StoreError if there is no such key */
export async function faceImage(store: FrameStore, key: number): Promise<string> {
  const { size } = store.manifest.options;
  const pixels = store.readFrames([key]);
  const jpeg = await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .resize(Math.min(size, SIDE_PIXELS))
    .jpeg({ quality: QUALITY })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString("base64")}`;
}
