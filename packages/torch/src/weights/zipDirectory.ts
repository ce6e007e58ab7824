import { ByteCursor } from "./byteCursor.ts";
import { type ByteSource, memorySource } from "./byteSource.ts";
import { SAVE_PLAIN, WeightsError } from "./errors.ts";

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc32: number;
  /** [bytes] in the archive */
  readonly compressedSize: number;
  /** [bytes] inflated */
  readonly size: number;
  /** [bytes] where the local header starts */
  readonly headerOffset: number;
}

/** The files of an archive, in its order. */
export interface ZipDirectory {
  readonly entries: ZipEntry[];
  /** [bytes] where the directory starts, and the entries' data must have ended */
  readonly start: number;
}

/** One entry per storage: no model comes near. Bounds what a file of empty entries costs. */
const MOST_ENTRIES = 1 << 18;

const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_BYTES = 56;

/** What the end record says of the directory. */
interface EndRecord {
  readonly count: number;
  readonly size: number;
  readonly start: number;
  /** [bytes] where the directory must end */
  readonly end: number;
}

/**
 * Reads a zip archive's central directory (zip64 included), which must end where the end record begins.
 * @throws WeightsError
 * @see PKWARE APPNOTE 6.3, sections 4.3.12 to 4.3.16
 */
export function readDirectory(source: ByteSource): ZipDirectory {
  const end = findEnd(source);
  if (end.start + end.size !== end.end) {
    throw fail(source, end.start, "zip directory does not reach its end record");
  }
  if (end.count > MOST_ENTRIES)
    throw fail(source, end.end, `zip directory has more than ${MOST_ENTRIES} entries`);
  const cursor = new ByteCursor(source, end.start);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < end.count; index++) entries.push(readEntry(source, cursor));
  if (cursor.offset !== end.end)
    throw fail(source, cursor.offset, "zip directory holds more than its entries");
  return { entries, start: end.start };
}

function findEnd(source: ByteSource): EndRecord {
  const tailBytes = Math.min(source.size, END_BYTES + LONGEST_COMMENT);
  const tailStart = source.size - tailBytes;
  const tail = Buffer.from(source.read(tailStart, tailBytes));
  for (let at = tailBytes - END_BYTES; at >= 0; at--) {
    const isEnd =
      tail.readUInt32LE(at) === 0x06054b50 && at + END_BYTES + tail.readUInt16LE(at + 20) === tailBytes;
    if (isEnd) return readEnd(source, tailStart + at);
  }
  throw fail(source, source.size, "zip archive without end record (truncated?)");
}

function readEnd(source: ByteSource, offset: number): EndRecord {
  const cursor = new ByteCursor(source, offset + 4);
  const [disk, directoryDisk, diskCount, count] = [cursor.u16(), cursor.u16(), cursor.u16(), cursor.u16()];
  const [size, start] = [cursor.u32(), cursor.u32()];
  const zip64 = readZip64End(source, offset - ZIP64_LOCATOR_BYTES);
  if (zip64 !== undefined) return zip64;
  if (disk !== 0 || directoryDisk !== 0 || diskCount !== count)
    throw fail(source, offset, "zip archive of several parts", SAVE_PLAIN);
  return { count, size, start, end: offset };
}

/** PyTorch writes these records always, other writers past 4 GiB or 65,535 entries. */
function readZip64End(source: ByteSource, locatorOffset: number): EndRecord | undefined {
  if (locatorOffset < 0) return undefined;
  const locator = new ByteCursor(source, locatorOffset);
  if (locator.u32() !== 0x07064b50) return undefined;
  locator.u32();
  const offset = locator.u64();
  if (offset + ZIP64_END_BYTES > locatorOffset)
    throw fail(source, locatorOffset, "zip64 end record out of place");
  const cursor = new ByteCursor(source, offset);
  if (cursor.u32() !== 0x06064b50) throw fail(source, offset, "zip64 end record missing");
  cursor.bytes(12);
  const [disk, directoryDisk, diskCount, count] = [cursor.u32(), cursor.u32(), cursor.u64(), cursor.u64()];
  if (disk !== 0 || directoryDisk !== 0 || diskCount !== count)
    throw fail(source, offset, "zip archive of several parts", SAVE_PLAIN);
  return { count, size: cursor.u64(), start: cursor.u64(), end: offset };
}

function readEntry(source: ByteSource, cursor: ByteCursor): ZipEntry {
  const offset = cursor.offset;
  if (cursor.u32() !== 0x02014b50) throw fail(source, offset, "zip directory entry missing");
  cursor.bytes(4);
  const flags = cursor.u16();
  if ((flags & 0x2041) !== 0) throw fail(source, offset, "encrypted zip entry", SAVE_PLAIN);
  const method = cursor.u16();
  cursor.bytes(4);
  const crc32 = cursor.u32();
  const sizes = { compressedSize: cursor.u32(), size: cursor.u32() };
  const [nameLength, extraLength, commentLength] = [cursor.u16(), cursor.u16(), cursor.u16()];
  cursor.bytes(8);
  const headerOffset = cursor.u32();
  const name = cursor.utf8(nameLength);
  const wide = widen(cursor.bytes(extraLength), { ...sizes, headerOffset }, source, offset);
  cursor.bytes(commentLength);
  const entry = { name, method, crc32, ...wide };
  if (method === 0 && entry.size !== entry.compressedSize)
    throw fail(source, offset, "stored zip entry of two sizes");
  return entry;
}

type WideFields = Pick<ZipEntry, "size" | "compressedSize" | "headerOffset">;

/** Takes fields that are all ones from the zip64 extra field, which holds exactly those, in this order. */
function widen(extra: Uint8Array, fields: WideFields, source: ByteSource, offset: number): WideFields {
  const zip64 = findZip64Extra(memorySource(source.name, extra));
  const wide = { ...fields };
  for (const field of ["size", "compressedSize", "headerOffset"] as const) {
    if (fields[field] !== 0xffffffff) continue;
    if (zip64 === undefined) throw fail(source, offset, "zip64 entry without its sizes");
    wide[field] = zip64.u64();
  }
  return wide;
}

function findZip64Extra(extra: ByteSource): ByteCursor | undefined {
  const cursor = new ByteCursor(extra);
  while (cursor.offset < extra.size) {
    const [id, length] = [cursor.u16(), cursor.u16()];
    const content = cursor.bytes(length);
    if (id === 0x0001) return new ByteCursor(memorySource(extra.name, content));
  }
  return undefined;
}

function fail(source: ByteSource, offset: number, reason: string, remedy?: string): WeightsError {
  return new WeightsError({ file: source.name, offset, reason, remedy });
}
