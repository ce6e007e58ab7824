/** Features on disk, so that a second evaluation of the same backbone and store does not compute them again. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../lib/sha256.ts";

/** Images per file: a killed process loses at most this many. */
const CHUNK = 8192;
const FLOAT_BYTES = 4;

/** Everything that features depend on, except the frame keys. */
export interface FeatureOrigin {
  /** SHA-256 of the weights, and of the store. */
  readonly weights: string;
  readonly store: string;
  /** Of the input, pixels. */
  readonly size: number;
  /** Numbers per image. */
  readonly features: number;
}

/**
 * Reads features from a folder and computes those it lacks. The files are named after everything the features depend on; they may
 * be removed at any time.
 * @param folder undefined: computes all features and writes nothing   @param keys [n] frame keys
 * @param compute features [k · d] of k frames, given their keys and the number of frames done
 * @returns [n · d]
 */
export async function cachedFeatures(
  folder: string | undefined,
  origin: FeatureOrigin,
  keys: readonly number[],
  compute: (keys: readonly number[], done: number) => Promise<Float32Array>,
): Promise<Float32Array> {
  if (folder === undefined) return compute(keys, 0);
  mkdirSync(folder, { recursive: true });
  const all = new Float32Array(keys.length * origin.features);
  for (let start = 0; start < keys.length; start += CHUNK) {
    const part = keys.slice(start, start + CHUNK);
    const file = join(folder, fileName(origin, part));
    const values = readFeatures(file, part.length * origin.features) ?? (await compute(part, start));
    if (!existsSync(file)) write(file, values);
    all.set(values, start * origin.features);
  }
  return all;
}

function fileName({ weights, store, size, features }: FeatureOrigin, keys: readonly number[]): string {
  // Features of earlier versions differ in the last digits.
  const about = JSON.stringify({ version: 3, weights, store, size, features, keys });
  return `features-${sha256(about).slice(0, 32)}.f32`;
}

/** @returns undefined if there is no file of that length */
function readFeatures(file: string, length: number): Float32Array | undefined {
  if (!existsSync(file)) return undefined;
  if (statSync(file).size !== length * FLOAT_BYTES) {
    rmSync(file);
    return undefined;
  }
  const values = new Float32Array(length);
  new Uint8Array(values.buffer).set(readFileSync(file));
  return values;
}

function write(file: string, values: Float32Array): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, new Uint8Array(values.buffer, values.byteOffset, values.byteLength), {
      flush: true,
    });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
