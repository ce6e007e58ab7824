/** Compares an ONNX file with the network it was written from. */
import { EMBEDDING, HEADS, INPUT } from "@duchenne/predict";
import { loadRuntime } from "@duchenne/predict/node";
import { Generator, noGrad, ops, randn, scope } from "@duchenne/torch";
import { ExportError } from "./onnx/errors.ts";
import type { Precision } from "./onnx/proto.ts";
import type { Network } from "./onnx/writeOnnx.ts";

const IMAGES = 2;
/** Largest difference, as a share of the largest output: in practice 1e-6 in single precision, and 1e-3 with weights in half precision. */
const TOLERANCE = { float32: 1e-4, float16: 1e-2 } as const satisfies Record<Precision, number>;
/** Largest difference of a probability. */
const PROBABILITY_TOLERANCE = 1e-2;

/**
 * Loads a model with onnxruntime, and compares its outputs for random images with those of libtorch.
 * @param size side of the input, pixels   @param onnx content of the file   @param file its name, for the error
 * @returns the largest difference, as a share of the largest output
 * @throws ExportError if they, or the probabilities, differ by more than the precision explains
 */
export async function verifyOnnx(
  network: Network,
  size: number,
  onnx: Uint8Array,
  precision: Precision,
  file: string,
): Promise<number> {
  const expected = await libtorchOutputs(network, size);
  // Loaded on first use: training needs no onnxruntime.
  const ort = await loadRuntime();
  const session = await ort.InferenceSession.create(onnx);
  try {
    const shape = [IMAGES, 3, size, size];
    const found = await session.run({ [INPUT]: new ort.Tensor("float32", randomImages(size), shape) });
    const differences = Object.entries(expected).map(([name, values]) =>
      largestDifference(values, found[name]!.data as Float32Array),
    );
    const difference = Math.max(...differences);
    requireAtMost(TOLERANCE[precision], difference, "outputs", file);
    const logits = expected[HEADS.expression];
    if (logits)
      requireAtMost(
        PROBABILITY_TOLERANCE,
        probabilityDifference(logits, found[HEADS.expression]!.data as Float32Array),
        "probabilities",
        file,
      );
    return difference;
  } finally {
    await session.release();
  }
}

function requireAtMost(limit: number, difference: number, what: string, file: string): void {
  if (difference <= limit) return;
  throw new ExportError(
    file,
    `${what} within ${limit} of libtorch's`,
    `a difference of ${difference}`,
    "Check that the forward pass of the backbone is that of its layers.",
  );
}

/** @param expected [images · classes] logits   @param found the same */
function probabilityDifference(expected: Float32Array, found: Float32Array): number {
  const classes = expected.length / IMAGES;
  const rows = Array.from({ length: IMAGES }, (_, i) => [i * classes, (i + 1) * classes] as const);
  return Math.max(
    ...rows.flatMap(([start, end]) => {
      const [a, b] = [expected, found].map((logits) => probabilitiesOf(logits.subarray(start, end)));
      return a!.map((value, c) => Math.abs(value - b![c]!));
    }),
  );
}

function probabilitiesOf(logits: Float32Array): number[] {
  const largest = Math.max(...logits);
  const powers = Array.from(logits, (value) => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}

function randomImages(size: number): Float32Array {
  using generator = Generator.seeded(0);
  return scope(() => randn([IMAGES, 3, size, size], { generator }).toTypedArray() as Float32Array);
}

function libtorchOutputs(
  { backbone, heads, mirrored = false }: Network,
  size: number,
): Record<string, Float32Array> {
  using generator = Generator.seeded(0);
  return scope(() =>
    noGrad(() => {
      const images = randn([IMAGES, 3, size, size], { generator });
      const seen = mirrored ? [images, ops.flip(images, [3])] : [images];
      const features = seen.map((view) => backbone.embed(view));
      const values = heads.map(
        ({ head, predictor }) => [HEADS[head], features.map((own) => predictor.call(own))] as const,
      );
      return Object.fromEntries(
        [[EMBEDDING, features] as const, ...values].map(([name, views]) => [
          name,
          ops.stack(views).mean([0]).toTypedArray() as Float32Array,
        ]),
      );
    }),
  );
}

function largestDifference(expected: Float32Array, found: Float32Array): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0) / largest;
}
