import { isUtf8 } from "node:buffer";
import type { Dtype } from "../core/dtype.ts";
import type { ByteSource } from "./byteSource.ts";
import { quote, WeightsError } from "./errors.ts";
import { HeaderJson } from "./headerJson.ts";
import { byteLength, MAX_DIMENSIONS } from "./tensorData.ts";

/** The format's dtype names. A Map, so that a name such as "constructor" finds nothing. */
const DTYPES = new Map<string, Dtype>([
  ["BOOL", "bool"],
  ["U8", "uint8"],
  ["I8", "int8"],
  ["I16", "int16"],
  ["F16", "float16"],
  ["BF16", "bfloat16"],
  ["I32", "int32"],
  ["F32", "float32"],
  ["F64", "float64"],
  ["I64", "int64"],
]);

/** The format's names by dtype, in the reference implementation's order of increasing alignment. */
export const FORMAT_NAMES = new Map([...DTYPES].map(([formatName, dtype]) => [dtype, formatName]));

/** For a dtype that the format has, or will have, and this package has not. */
const CONVERT =
  "Convert the tensor to one of these in PyTorch, `tensor.to(torch.float16)`, and save the file again.";

/** The reference implementation's limit. */
export const MAX_HEADER_BYTES = 100_000_000;

/** One tensor as the header describes it. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** [bytes] in the file */
  readonly begin: number;
  /** [bytes] in the file, exclusive */
  readonly end: number;
}

/** A header that has been checked. */
export interface SafetensorsHeader {
  /** In the order of their bytes; together they cover the file after the header exactly. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Record<string, string>;
}

/**
 * Reads and checks the header alone; afterwards every entry's range is known to be right.
 * @throws WeightsError
 * @see https://huggingface.co/docs/safetensors, "Format"
 */
export function readHeader(source: ByteSource): SafetensorsHeader {
  const headerBytes = readHeaderLength(source);
  const json = new HeaderJson(source.name, readHeaderText(source, headerBytes), 8);
  const entries: TensorEntry[] = [];
  let metadata: Record<string, string> = {};
  json.object((key) => {
    if (key === "__metadata__") metadata = readMetadata(json);
    else entries.push(readEntry(json, key, 8 + headerBytes));
  });
  json.end();
  requireTiling(source, entries, 8 + headerBytes);
  return { entries, metadata };
}

function readHeaderLength(source: ByteSource): number {
  const length = Buffer.from(source.read(0, 8)).readBigUInt64LE();
  const limit = Math.min(MAX_HEADER_BYTES, source.size - 8);
  if (length <= limit) return Number(length);
  const expected = `at most ${limit} bytes`;
  throw new WeightsError({
    file: source.name,
    offset: 0,
    reason: "header length",
    expected,
    received: `${length}`,
  });
}

function readHeaderText(source: ByteSource, headerBytes: number): string {
  const bytes = source.read(8, headerBytes);
  const fail = (reason: string) => new WeightsError({ file: source.name, offset: 8, reason });
  if (bytes[0] !== 0x7b) throw fail('header does not begin with "{"');
  if (!isUtf8(bytes)) throw fail("header is not valid UTF-8");
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

function readMetadata(json: HeaderJson): Record<string, string> {
  const pairs: [string, string][] = [];
  json.object((key) => pairs.push([key, json.string()]));
  // fromEntries defines own properties, so that a key "__proto__" stays a plain key.
  return Object.fromEntries(pairs);
}

function readEntry(json: HeaderJson, name: string, dataStart: number): TensorEntry {
  let formatName: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  json.object((key) => {
    if (key === "dtype") formatName = json.string();
    else if (key === "shape") shape = json.integers(MAX_DIMENSIONS);
    else if (key === "data_offsets") offsets = json.integers(2);
    else throw json.error(`tensor ${quote(name)}`, "dtype, shape and data_offsets", quote(key));
  });
  const dtype = DTYPES.get(formatName ?? "");
  if (dtype === undefined) {
    const expected = `dtype one of ${[...DTYPES.keys()].join(", ")}`;
    const remedy = formatName === undefined ? undefined : CONVERT;
    throw json.error(`tensor ${quote(name)}`, expected, quote(formatName ?? ""), remedy);
  }
  const [begin, end] = offsets ?? [];
  if (shape === undefined || begin === undefined || end === undefined) {
    throw json.error(`tensor ${quote(name)}`, "a shape and two data_offsets");
  }
  return { name, dtype, shape, begin: dataStart + begin, end: dataStart + end };
}

/** The tensors must lie one after the other: no byte outside the file, none shared and none unused. */
function requireTiling(source: ByteSource, entries: TensorEntry[], dataStart: number): void {
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let position = dataStart;
  for (const entry of entries) {
    const fail = (expected: string, received: number | string) =>
      new WeightsError({
        file: source.name,
        reason: `tensor ${quote(entry.name)}`,
        expected,
        received: `${received}`,
      });
    const size = byteLength(entry.dtype, entry.shape);
    const [begin, end] = [entry.begin - dataStart, entry.end - dataStart];
    if (entry.end > source.size) throw fail(`data_offsets end <= ${source.size - dataStart}`, end);
    if (entry.begin !== position) {
      throw fail(`data_offsets begin ${position - dataStart} (no overlap, no hole)`, begin);
    }
    if (end - begin !== size) {
      throw fail(`${size ?? "too many"} bytes for ${entry.dtype} [${entry.shape.join(", ")}]`, end - begin);
    }
    position = entry.end;
  }
  if (position === source.size) return;
  const expected = `${position - dataStart} bytes of tensors`;
  const received = `${source.size - dataStart}`;
  throw new WeightsError({ file: source.name, offset: position, reason: "unused bytes", expected, received });
}
