/**
 * Random reads of decoded 128 px crops from the frame store on one thread, in batches of 256 as the loader asks for
 * them. The reference is the floor this project set itself: 8,000 a second for JPEG, 25,000 for raw.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeImage, FrameStore, type StoreOptions } from "duchenne/data";

const SIZE = 128;
const FRAMES = 4096;
const BATCH = 256;
const SECONDS = 3;
const FLOOR = { jpeg: 8000, raw: 25_000 } as const;

/** Shading plus fine texture: a JPEG of about 6 KB, as a face's at this size. */
function crop(seed: number): Uint8Array {
  const texture = (i: number) => ((Math.imul(i + seed * 7919, 2654435761) >>> 24) - 128) / 16;
  return Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => {
    const [x, y, channel] = [Math.floor(i / 3) % SIZE, Math.floor(i / 3 / SIZE), i % 3];
    return 120 + 60 * Math.sin(x / 17 + seed) + 40 * Math.cos(y / 11 + channel) + texture(y * SIZE + x);
  });
}

const options = (codec: "jpeg" | "raw"): StoreOptions => ({
  dataset: "videoFolder",
  source: "bench",
  size: SIZE,
  codec,
  jpegQuality: 95,
  frameRateHz: 25 / 6,
  detect: true,
  alignEyes: false,
  personLevel: 1,
  feature: "landmarks",
  featureLength: 64,
  featureModel: "bench",
  landmarkModel: "bench",
});

/** @returns mean bytes of an image */
async function fill(path: string, codec: "jpeg" | "raw"): Promise<number> {
  const images = Array.from({ length: 64 }, (_, i) => encodeImage(crop(i), SIZE, codec));
  const frames = Array.from({ length: FRAMES }, (_, i) => ({
    timeSeconds: i,
    labels: {},
    landmarks: new Float32Array(136),
    feature: new Float32Array(64),
    image: images[i % images.length]!,
  }));
  const writer = FrameStore.create(path, options(codec));
  const source = { id: "clip", person: null, split: null, kind: "video", frameRateHz: 25 / 6 } as const;
  writer.append([{ ...source, framesSampled: FRAMES, skipped: {}, tracks: [{ frames }] }]);
  writer.finish();
  await writer.close();
  return images.reduce((total, { length }) => total + length, 0) / images.length;
}

/** @returns decoded frames per second of one core */
function measure(store: FrameStore): number {
  const out = new Uint8Array(new SharedArrayBuffer(BATCH * SIZE * SIZE * 3));
  let state = 1;
  const randomKey = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % FRAMES;
  };
  const start = process.cpuUsage();
  let frames = 0;
  // By processor time: what other programs take is not ours.
  const seconds = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  while (seconds() < SECONDS) {
    store.readFrames(Array.from({ length: BATCH }, randomKey), out);
    frames += BATCH;
  }
  return frames / seconds();
}

for (const codec of ["jpeg", "raw"] as const) {
  const folder = mkdtempSync(join(tmpdir(), "duchenne-bench-"));
  try {
    const path = join(folder, "store");
    const imageBytes = Math.round(await fill(path, codec));
    const store = FrameStore.open(path);
    const ours = Math.round(measure(store));
    await store.close();
    const about = { bench: "store", case: `random reads, ${codec}`, unit: "frames/s per core", imageBytes };
    const reference = { reference: FLOOR[codec], referenceName: "own floor", ratio: ours / FLOOR[codec] };
    console.log(JSON.stringify({ ...about, ours, ...reference }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
