import { crc32, deflateRawSync } from "node:zlib";
import { FALSE, int, list, type Pickled, pickle, record, TRUE, text } from "./pickleBuilder.ts";

/** A safetensors file of any header and data, right or wrong. */
export function safetensorsFile(header: string | object, data: Uint8Array = new Uint8Array(0)): Buffer {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

export interface ZipEntryFields {
  readonly name: string;
  readonly data: Uint8Array;
  readonly deflate?: boolean;
  /** Overrides what is true. */
  readonly crc32?: number;
  readonly size?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly headerOffset?: number;
  readonly localName?: string;
}

export interface ZipOptions {
  readonly zip64?: boolean;
  readonly comment?: string;
  /** Overrides the number of entries in the end record. */
  readonly count?: number;
}

/** A zip archive, each entry with what it claims. */
export function zipFile(entries: readonly ZipEntryFields[], options: ZipOptions = {}): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const packed = entry.deflate ? deflateRawSync(entry.data) : Buffer.from(entry.data);
    const local = Buffer.concat([localHeader(entry, packed.length), packed]);
    directory.push(directoryEntry(entry, packed.length, offset, options.zip64 ?? false));
    bodies.push(local);
    offset += local.length;
  }
  const listing = Buffer.concat(directory);
  const end = endRecords(options, options.count ?? entries.length, listing.length, offset);
  return Buffer.concat([...bodies, listing, end]);
}

/** Fields of 2, 4 and 8 bytes, one after the other. */
function fields(...values: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Buffer {
  return Buffer.concat(
    values.map(([bytes, value]) => {
      const buffer = Buffer.alloc(bytes);
      if (bytes === 8) buffer.writeBigUInt64LE(BigInt(value));
      else buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );
}

/** Flags to sizes: the part both headers share. */
function common(entry: ZipEntryFields, packedBytes: number, wide: boolean): Buffer {
  const method = entry.method ?? (entry.deflate ? 8 : 0);
  const head = fields([2, entry.flags ?? 0], [2, method], [4, 0], [4, entry.crc32 ?? crc32(entry.data)]);
  const size = entry.size ?? entry.data.length;
  return Buffer.concat([head, wide ? Buffer.alloc(8, 0xff) : fields([4, packedBytes], [4, size])]);
}

function localHeader(entry: ZipEntryFields, packedBytes: number): Buffer {
  const name = Buffer.from(entry.localName ?? entry.name);
  const lengths = fields([2, name.length], [2, 0]);
  return Buffer.concat([fields([4, 0x04034b50], [2, 0]), common(entry, packedBytes, false), lengths, name]);
}

function directoryEntry(entry: ZipEntryFields, packedBytes: number, offset: number, zip64: boolean): Buffer {
  const name = Buffer.from(entry.name);
  const headerOffset = entry.headerOffset ?? offset;
  const size = entry.size ?? entry.data.length;
  const extra = zip64
    ? fields([2, 1], [2, 24], [8, size], [8, packedBytes], [8, headerOffset])
    : Buffer.alloc(0);
  const tail = fields([2, name.length], [2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0]);
  const where = zip64 ? Buffer.alloc(4, 0xff) : fields([4, headerOffset]);
  const head = fields([4, 0x02014b50], [2, 0], [2, 0]);
  return Buffer.concat([head, common(entry, packedBytes, zip64), tail, where, name, extra]);
}

function endRecords(
  { zip64, comment = "" }: ZipOptions,
  count: number,
  bytes: number,
  start: number,
): Buffer {
  const text = Buffer.from(comment);
  const length = fields([2, text.length]);
  if (!zip64) {
    const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, bytes], [4, start]);
    return Buffer.concat([end, length, text]);
  }
  const wide = fields([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0]);
  const counts = fields([8, count], [8, count], [8, bytes], [8, start]);
  const locator = fields([4, 0x07064b50], [4, 0], [8, start + bytes], [4, 1]);
  const end = Buffer.concat([fields([4, 0x06054b50]), Buffer.alloc(16, 0xff), length, text]);
  return Buffer.concat([wide, counts, locator, end]);
}

export type Storages = Readonly<Record<string, Uint8Array>>;

/** A file in the zip format of torch.save. */
export function zipPth(root: Pickled, storages: Storages = {}, entry: Partial<ZipEntryFields> = {}): Buffer {
  return zipFile([
    { name: "archive/data.pkl", data: root, ...entry },
    ...Object.entries(storages).map(([key, data]) => ({ name: `archive/data/${key}`, data })),
    { name: "archive/version", data: Buffer.from("3\n") },
  ]);
}

export interface LegacyStorage {
  readonly key: string;
  /** As the file says it; by default that of float32. */
  readonly elements?: number;
  readonly data: Uint8Array;
}

export interface LegacyHead {
  readonly magic?: bigint;
  readonly version?: number;
  readonly littleEndian?: boolean;
}

/** A file in the legacy format of torch.save. */
export function legacyPth(
  root: Pickled,
  storages: readonly LegacyStorage[] = [],
  head: LegacyHead = {},
): Buffer {
  const { magic = 0x1950a86a20f9469cfc6cn, version = 1001, littleEndian = true } = head;
  return Buffer.concat([
    pickle(int(magic)),
    pickle(int(version)),
    pickle(record({ little_endian: littleEndian ? TRUE : FALSE })),
    root,
    pickle(list(...storages.map(({ key }) => text(key)))),
    ...storages.flatMap(({ elements, data }) => [fields([8, elements ?? data.length / 4]), data]),
  ]);
}

/** Float32 numbers as bytes. */
export function floats(...values: readonly number[]): Uint8Array {
  return new Uint8Array(new Float32Array(values).buffer);
}
