import { open } from "node:fs/promises";
import { type GreyImage, MediaError, type RgbImage } from "@duchenne/face";
import type { SampleSource } from "../datasets/types.ts";

/** An image in a row of a CSV. */
export type PixelSource = Extract<SampleSource, { kind: "pixels" }>;

/** The longest run of numbers in a CSV row. */
const PIXELS = /(?:\d+ )+\d+/;

/** A square grey image from a CSV row. @throws MediaError if its numbers are no pixels */
export async function readPixelRow(source: PixelSource): Promise<GreyImage> {
  const { path, row } = source;
  const place = `${path}:${row}`;
  if ("pixels" in source) {
    const side = Math.sqrt(source.pixels.length);
    return { width: side, height: side, data: source.pixels };
  }
  const text = await readBytes(path, place, source.firstByte, source.byteLength);
  const values = (PIXELS.exec(text)?.[0] ?? "").split(" ").map(Number);
  const side = Math.sqrt(values.length);
  if (!Number.isInteger(side)) throw new MediaError(place, "a square number of pixels", `${values.length}`);
  const bad = values.find((value) => value > 255);
  if (bad !== undefined) throw new MediaError(place, "pixels from 0 to 255", `${bad}`);
  return { width: side, height: side, data: Uint8Array.from(values) };
}

async function readBytes(path: string, place: string, position: number, length: number): Promise<string> {
  const file = await open(path).catch((cause: Error) => {
    throw new MediaError(place, "a CSV to read", cause.message, { cause });
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The same picture in three equal channels. */
export function toRgb({ width, height, data }: GreyImage): RgbImage {
  const rgb = new Uint8Array(width * height * 3);
  data.forEach((value, i) => {
    rgb.fill(value, 3 * i, 3 * i + 3);
  });
  return { width, height, data: rgb };
}
