import { basename } from "node:path";
import { writeFileAtomically } from "./atomicFile.ts";
import { quote, WeightsError } from "./errors.ts";
import { FORMAT_NAMES, MAX_HEADER_BYTES } from "./safetensorsHeader.ts";
import { byteLength, MAX_DIMENSIONS, type TensorData } from "./tensorData.ts";

/**
 * Writes a safetensors file atomically: `path` holds either its old content or all of the new. The bytes are those of
 * the reference implementation: tensors by falling alignment, then by name; header padded to 8 bytes.
 * @param tensors by name; each tensor's bytes must be as many as its shape and dtype say
 * @param metadata string to string, kept in the order given
 * @throws WeightsError for tensors or names the format cannot hold, before anything is written; Node's own errors
 */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, TensorData>,
  metadata: Readonly<Record<string, string>> = {},
): void {
  const sorted = sortTensors(basename(path), tensors);
  const header = encodeHeader(basename(path), sorted, metadata);
  writeFileAtomically(path, [header, ...sorted.map(([, tensor]) => tensor.bytes)]);
}

function sortTensors(file: string, tensors: ReadonlyMap<string, TensorData>): [string, TensorData][] {
  for (const [name, tensor] of tensors) requireWritable(file, name, tensor);
  const alignment = [...FORMAT_NAMES.keys()];
  return [...tensors].sort(
    ([nameA, a], [nameB, b]) =>
      alignment.indexOf(b.dtype) - alignment.indexOf(a.dtype) ||
      Buffer.compare(Buffer.from(nameA), Buffer.from(nameB)),
  );
}

function requireWritable(file: string, name: string, { dtype, shape, bytes }: TensorData): void {
  const fail = (expected: string, received: string) =>
    new WeightsError({
      file,
      reason: `tensor ${quote(name)}`,
      expected,
      received,
      remedy: `Pass ${expected}.`,
    });
  if (name === "__metadata__") throw fail("a name other than __metadata__", "it");
  requireWellFormed(file, name);
  const formatName = FORMAT_NAMES.get(dtype);
  if (formatName === undefined)
    throw fail(`a dtype of ${[...FORMAT_NAMES.keys()].join(", ")}`, String(dtype));
  const shapeText = `[${shape.join(", ")}]`;
  const isShape = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!isShape || shape.length > MAX_DIMENSIONS) {
    throw fail(`a shape of at most ${MAX_DIMENSIONS} non-negative integers`, shapeText);
  }
  const size = byteLength(dtype, shape);
  if (size !== bytes.byteLength)
    throw fail(`${size} bytes for ${dtype} ${shapeText}`, String(bytes.byteLength));
}

function requireWellFormed(file: string, text: string): void {
  if (/\p{Surrogate}/u.test(text)) {
    throw new WeightsError({
      file,
      reason: `string ${quote(text)} holds half a surrogate pair`,
      remedy: "Pass well-formed text: `text.toWellFormed()`.",
    });
  }
}

/** Length and header, padded with spaces so that the tensors start at a multiple of 8. */
function encodeHeader(
  file: string,
  tensors: readonly [string, TensorData][],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  // Joined by hand: an object would move names that look like numbers to the front.
  const fields = tensors.length === 0 ? [] : tensorFields(tensors);
  if (Object.keys(metadata).length > 0) fields.unshift(metadataField(file, metadata));
  const text = Buffer.from(`{${fields.join(",")}}`, "utf8");
  const padded = Math.ceil(text.length / 8) * 8;
  if (padded > MAX_HEADER_BYTES) {
    const expected = `at most ${MAX_HEADER_BYTES} bytes`;
    throw new WeightsError({
      file,
      reason: "header",
      expected,
      received: String(padded),
      remedy: "Divide the tensors among several files.",
    });
  }
  const header = Buffer.alloc(8 + padded, " ");
  header.writeBigUInt64LE(BigInt(padded));
  header.set(text, 8);
  return header;
}

function tensorFields(tensors: readonly [string, TensorData][]): string[] {
  let offset = 0;
  return tensors.map(([name, { dtype, shape, bytes }]) => {
    const begin = offset;
    offset += bytes.byteLength;
    const info = { dtype: FORMAT_NAMES.get(dtype), shape, data_offsets: [begin, offset] };
    return `${JSON.stringify(name)}:${JSON.stringify(info)}`;
  });
}

function metadataField(file: string, metadata: Readonly<Record<string, string>>): string {
  for (const text of Object.entries(metadata).flat()) {
    if (typeof text !== "string") {
      throw new WeightsError({
        file,
        reason: "metadata",
        expected: "strings",
        received: typeof text,
        remedy: "Convert each value: `String(value)`.",
      });
    }
    requireWellFormed(file, text);
  }
  return `"__metadata__":${JSON.stringify(metadata)}`;
}
