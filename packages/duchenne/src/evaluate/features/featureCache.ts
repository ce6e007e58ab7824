/** Features on disk, so that a second evaluation of the same backbone and store does not compute them again. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomically } from "../../lib/files/atomicFolder.ts";
import { makeFolder } from "../../lib/files/makeFolder.ts";
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
  makeFolder(folder);
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
  const about = JSON.stringify({ version: 4, weights, store, size, features, keys });
  return `features-${sha256(about).slice(0, 32)}.f32`;
}

/** A file holds the features, and then their SHA-256 as 64 digits: a file system may lose bytes in a power cut, and keep the length. */
const DIGEST_BYTES = 64;

/** @returns undefined if there is no such file, or its bytes are not those that were written */
function readFeatures(file: string, length: number): Float32Array | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  const features = bytes.subarray(0, length * FLOAT_BYTES);
  const digest = bytes.subarray(features.length).toString("latin1");
  if (bytes.length !== length * FLOAT_BYTES + DIGEST_BYTES || sha256(features) !== digest) {
    rmSync(file);
    return undefined;
  }
  const values = new Float32Array(length);
  new Uint8Array(values.buffer).set(features);
  return values;
}

function write(file: string, values: Float32Array): void {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  writeFileAtomically(file, Buffer.concat([bytes, Buffer.from(sha256(bytes))]));
}
