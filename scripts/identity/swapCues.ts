/**
 * Prints what backbones see in FaceSwap's pictures: whether a swapped face lies nearer to the picture of its expression or to that of
 * its person, and how well a linear layer tells swapped pictures from real ones (the seam; 0.5: not at all).
 *
 *     npx tsx --conditions=source scripts/identity/swapCues.ts <store> <backbone>[@arch:size] …
 *
 * For example `runs/first`, or `untrained@slim:48`. Other people are taken to be on other pictures, as in a store of stills.
 */
import { noGrad, scope, sharedTensor, type Tensor } from "@duchenne/torch";
import { FrameStore } from "../../packages/duchenne/src/data/store/index.ts";
import { Random } from "../../packages/duchenne/src/lib/random.ts";
import type { BackboneName } from "../../packages/duchenne/src/ssl/config/config.ts";
import { loadBackbone } from "../../packages/duchenne/src/ssl/run/loadBackbone.ts";
import * as faceSwap from "../../packages/duchenne/src/ssl/views/faceSwap.ts";
import { normalize } from "../../packages/duchenne/src/ssl/views/normalize.ts";
import { resize, resizeLandmarks } from "../../packages/duchenne/src/ssl/views/resize.ts";

/** Pictures whose expressions are carried over, and as many that they are carried onto. */
const PAIRS = 600;
const CHUNK = 100;
const POINTS = 68 * 2;

interface Pictures {
  /** [PAIRS, 3, side, side] in 0..255 */
  readonly expressions: Tensor;
  readonly identities: Tensor;
  readonly swapped: Tensor;
  /** Rows that could be swapped. */
  readonly rows: readonly number[];
}

function readPictures(store: FrameStore, side: number): Pictures {
  const frames = store.clips().map(({ firstFrame }) => firstFrame);
  const keys = Random.fromSeed(0)
    .shuffle(frames)
    .slice(0, 2 * PAIRS);
  const { size } = store.manifest.options;
  const read = (own: number[]) => {
    const bytes = Uint8Array.from(own.flatMap((key) => [...store.frame(key).image]));
    const images = sharedTensor(bytes, [own.length, size, size, 3])
      .to({ dtype: "float32" })
      .permute(0, 3, 1, 2);
    return resize(images.contiguous(), side);
  };
  const landmarksOf = (own: number[]) => resizeLandmarks(store.readLandmarks(own), size, side);
  const [first, second] = [keys.slice(0, PAIRS), keys.slice(PAIRS)];
  const [expressions, identities] = [read(first), read(second)];
  const own = landmarksOf(first);
  const landmarks = new Float32Array(2 * PAIRS * POINTS);
  landmarks.set(own);
  landmarks.set(own, PAIRS * POINTS);
  const batch = { clips: PAIRS, layout: "pairs", frameSize: side, landmarks } as const;
  const draw = faceSwap.sample(
    { ...batch, identity: { landmarks: landmarksOf(second) } },
    { probability: 1 },
    Random.fromSeed(1),
  );
  const swaps = draw.swaps.map((swap) => ({ ...swap, row: swap.row - PAIRS }));
  const swapped = faceSwap.apply(expressions.clone(), identities, { ...draw, swaps });
  return { expressions, identities, swapped, rows: swaps.map(({ row }) => row) };
}

const cosine = (a: readonly number[], b: readonly number[]): number => {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

/** Accuracy of a logistic layer on standardised features, taught on one half of the rows and tested on the other. */
function separability(real: readonly number[][], swapped: readonly number[][]): number {
  const half = Math.floor(real.length / 2);
  const dims = real[0]!.map((_, d) => d);
  const taught = [...real.slice(0, half), ...swapped.slice(0, half)];
  const mean = dims.map((d) => taught.reduce((sum, row) => sum + row[d]!, 0) / taught.length);
  const spread = dims.map(
    (d) => Math.sqrt(taught.reduce((sum, row) => sum + (row[d]! - mean[d]!) ** 2, 0) / taught.length) + 1e-6,
  );
  const standardised = (rows: readonly number[][]) =>
    rows.map((row) => row.map((value, d) => (value - mean[d]!) / spread[d]!));
  const inputs = standardised(taught);
  const weights = new Float64Array(dims.length + 1);
  const score = (row: readonly number[]) =>
    row.reduce((sum, value, d) => sum + value * weights[d]!, weights[dims.length]!);
  for (let step = 0; step < 300; step++) {
    const gradient = new Float64Array(weights.length);
    for (const [i, row] of inputs.entries()) {
      const error = 1 / (1 + Math.exp(-score(row))) - (i < half ? 0 : 1);
      for (const d of dims) gradient[d]! += error * row[d]!;
      gradient[dims.length]! += error;
    }
    for (const d of weights.keys())
      weights[d]! -= (0.5 / dims.length) * (gradient[d]! / half + 0.01 * weights[d]!);
  }
  const right = [
    ...standardised(real.slice(half)).map((row) => score(row) < 0),
    ...standardised(swapped.slice(half)).map((row) => score(row) > 0),
  ];
  return right.filter(Boolean).length / right.length;
}

const [storePath, ...backbones] = process.argv.slice(2);
const store = FrameStore.open(storePath!);
for (const named of backbones) {
  const [from, arch, side] = named.split(/[@:]/) as [string, BackboneName | undefined, string | undefined];
  const loaded = loadBackbone(from, { ...(arch && { arch }), ...(side && { size: Number(side) }) });
  const { backbone, size } = loaded;
  const pictures = readPictures(store, size);
  const features = (images: Tensor): number[][] =>
    Array.from({ length: PAIRS / CHUNK }, (_, i) =>
      noGrad(() =>
        scope(
          () => backbone.embed(normalize(images.at([i * CHUNK, (i + 1) * CHUNK]))).toArray() as number[][],
        ),
      ),
    ).flat();
  const all = [pictures.expressions, pictures.identities, pictures.swapped].map(features);
  const [expressions, identities, swapped] = all.map((rows) => pictures.rows.map((row) => rows[row]!)) as [
    number[][],
    number[][],
    number[][],
  ];
  const nearer = swapped.filter(
    (row, i) => cosine(row, expressions[i]!) > cosine(row, identities[i]!),
  ).length;
  console.log(
    JSON.stringify({
      backbone: loaded.description,
      swaps: swapped.length,
      nearerToExpression: Number((nearer / swapped.length).toFixed(3)),
      toldFromReal: Number(separability(expressions, swapped).toFixed(3)),
    }),
  );
}
await store.close();
