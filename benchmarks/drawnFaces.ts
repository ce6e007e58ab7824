/** A store of smooth pictures with landmarks where a face's would be: what sampling and views cost does not depend on more. */
import { encodeImage, FrameStore, type StoreOptions } from "duchenne/data";

/** Side of the stored frames, pixels, unless another is asked for. */
export const FRAME_SIZE = 128;
const CLIPS = 256;
const CLIP_FRAMES = 33;
const FRAME_RATE_HZ = 25 / 6;
const FEATURE_LENGTH = 64;
const PICTURES = 64;
/** Labels in turn: they say nothing about the pictures, and a probe has something to learn from. */
const EXPRESSIONS = ["neutral", "happy", "sad"] as const;

/** The average face of synthetic actors in 128 px crops: x, y of dlib's 68 points. */
const LANDMARKS = [
  25, 42, 25, 53, 26, 64, 29, 75, 33, 85, 39, 94, 46, 102, 55, 109, 65, 110, 74, 109, 83, 102, 89, 94, 95, 84,
  99, 74, 101, 63, 102, 52, 102, 42, 32, 36, 37, 33, 44, 32, 51, 33, 57, 36, 70, 36, 77, 33, 83, 32, 90, 33,
  95, 37, 64, 46, 64, 53, 64, 61, 65, 68, 56, 73, 60, 74, 64, 75, 68, 74, 72, 73, 39, 45, 43, 42, 49, 43, 53,
  47, 48, 48, 43, 48, 74, 47, 79, 43, 84, 42, 89, 45, 85, 48, 79, 48, 49, 86, 54, 83, 60, 82, 64, 83, 68, 82,
  74, 83, 79, 86, 74, 91, 68, 93, 64, 93, 59, 93, 54, 91, 51, 86, 60, 86, 64, 86, 68, 86, 76, 86, 68, 87, 64,
  87, 60, 87,
];

const OPTIONS: Omit<StoreOptions, "size"> = {
  dataset: "videoFolder",
  source: "bench",
  codec: "jpeg",
  jpegQuality: 95,
  frameRateHz: FRAME_RATE_HZ,
  detect: true,
  alignEyes: false,
  personLevel: 1,
  feature: "landmarks",
  featureLength: FEATURE_LENGTH,
  featureModel: "bench",
  landmarkModel: "bench",
};

/** Shading plus fine texture: a JPEG of about 6 KB, as a face's at this size. */
function picture(seed: number, size: number): Uint8Array {
  const texture = (i: number) => ((Math.imul(i + seed * 7919, 2654435761) >>> 24) - 128) / 16;
  return Uint8Array.from({ length: size ** 2 * 3 }, (_, i) => {
    const [x, y, channel] = [Math.floor(i / 3) % size, Math.floor(i / 3 / size), i % 3];
    return 120 + 60 * Math.sin(x / 17 + seed) + 40 * Math.cos(y / 11 + channel) + texture(y * size + x);
  });
}

/** The average face, moved and a little deformed. */
const landmarks = (seed: number, size: number) =>
  Float32Array.from(
    LANDMARKS,
    (value, i) => ((value + 4 * Math.sin(seed) + 1.5 * Math.sin(seed * 3 + i)) * size) / FRAME_SIZE,
  );

const feature = (seed: number) => Float32Array.from({ length: FEATURE_LENGTH }, (_, i) => Math.sin(seed + i));

/** Writes 256 clips of 8 s, each of another person. @param size side of the frames, pixels */
export async function writeDrawnFaces(path: string, size = FRAME_SIZE): Promise<void> {
  const images = Array.from({ length: PICTURES }, (_, i) => encodeImage(picture(i, size), size, "jpeg"));
  const frame = (seed: number) => ({
    timeSeconds: seed / FRAME_RATE_HZ,
    labels: { expression: EXPRESSIONS[seed % EXPRESSIONS.length]! },
    landmarks: landmarks(seed, size),
    feature: feature(seed),
    image: images[seed % PICTURES]!,
  });
  const writer = FrameStore.create(path, { ...OPTIONS, size });
  for (let clip = 0; clip < CLIPS; clip++) {
    const frames = Array.from({ length: CLIP_FRAMES }, (_, i) => frame(clip * CLIP_FRAMES + i));
    writer.append([
      {
        id: `person${clip}/clip`,
        person: `person${clip}`,
        split: null,
        kind: "video",
        frameRateHz: FRAME_RATE_HZ,
        framesSampled: CLIP_FRAMES,
        skipped: {},
        tracks: [{ frames }],
      },
    ]);
  }
  writer.finish();
  await writer.close();
}
