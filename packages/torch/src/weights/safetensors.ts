import { type ByteSource, memorySource, withFile } from "./byteSource.ts";
import { readHeader } from "./safetensorsHeader.ts";
import type { StateDict } from "./tensorData.ts";

/** What a safetensors file holds. */
export interface Safetensors {
  /** In the order of their bytes in the file. */
  readonly tensors: StateDict;
  /** The header's `__metadata__`; empty if there is none. */
  readonly metadata: Record<string, string>;
}

/**
 * Reads a safetensors file, strictly: whatever the format forbids is refused before anything is allocated for it.
 * @param path a regular file; every byte of it is read once
 * @returns every tensor in an array of its own
 * @throws WeightsError for a file that is not valid safetensors, Node's own errors for one that cannot be opened
 * @see https://huggingface.co/docs/safetensors, "Format"
 */
export function readSafetensors(path: string): Safetensors {
  return withFile(path, read);
}

/**
 * The same from memory; the tensors are views of `bytes`.
 * @param fileName for messages
 * @throws WeightsError
 */
export function parseSafetensors(bytes: Uint8Array, fileName: string): Safetensors {
  return read(memorySource(fileName, bytes));
}

function read(source: ByteSource): Safetensors {
  const { entries, metadata } = readHeader(source);
  const tensors: StateDict = new Map();
  for (const { name, dtype, shape, begin, end } of entries) {
    tensors.set(name, { dtype, shape, bytes: source.read(begin, end - begin) });
  }
  return { tensors, metadata };
}
