import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { encodeImage } from "../../../src/data/store/imageCodec.ts";
import type { NewFrame, SourceResult, StoreOptions } from "../../../src/data/store/index.ts";

export const OPTIONS: StoreOptions = {
  dataset: "videoFolder",
  source: "/films",
  size: 32,
  codec: "jpeg",
  jpegQuality: 95,
  frameRateHz: 25 / 6,
  detect: true,
  alignEyes: false,
  personLevel: 1,
  feature: "landmarks",
  featureLength: 64,
  featureModel: "landmarks-1",
  landmarkModel: "test",
};

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "duchenne-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A smooth picture that differs by seed: [size, size, 3]. */
export function picture(size: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: size * size * 3 }, (_, i) => {
    const [x, y, channel] = [Math.floor(i / 3) % size, Math.floor(i / 3 / size), i % 3];
    return 128 + 60 * Math.sin(x / 5 + seed + channel) + 60 * Math.cos(y / 7 - seed * 2);
  });
}

export function frame(seed: number, options: StoreOptions = OPTIONS): NewFrame {
  return {
    timeSeconds: seed / 4,
    labels: { expression: "happy", valence: 0.5 },
    landmarks: Float32Array.from({ length: 136 }, (_, i) => seed + i / 8),
    feature: Float32Array.from({ length: options.featureLength }, (_, i) => seed - i / 4),
    image: encodeImage(picture(options.size, seed), options.size, options.codec),
  };
}

/** One source of one person with tracks of the given lengths. */
export function source(id: string, lengths: number[], options: StoreOptions = OPTIONS): SourceResult {
  const seed = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const tracks = lengths.map((length, t) => ({
    frames: Array.from({ length }, (_, i) => frame(seed + 100 * t + i, options)),
  }));
  const framesSampled = lengths.reduce((a, b) => a + b, 1);
  const person = id.includes("/") ? id.split("/")[0]! : null;
  return {
    id,
    person,
    split: null,
    kind: "video",
    frameRateHz: 25 / 6,
    framesSampled,
    tracks,
    skipped: { noFace: 1 },
  };
}
