import { crc32, inflateRawSync } from "node:zlib";
import { ByteCursor } from "./byteCursor.ts";
import { type ByteSource, plainBytes } from "./byteSource.ts";
import { quote, SAVE_PLAIN, WeightsError, type WeightsErrorFields } from "./errors.ts";
import { readDirectory, type ZipEntry } from "./zipDirectory.ts";

const STORED = 0;
const DEFLATED = 8;

/** Enough for a local header and its name. */
const LOCAL_HEADER_BYTES = 256;

/** An entry and where its data lies. */
interface LocatedEntry extends ZipEntry {
  /** [bytes] in the archive */
  readonly dataStart: number;
}

/**
 * A zip archive whose structure has been checked as a whole: every local header agrees with the directory and no two
 * entries share a byte (as the entries of a zip bomb do). Own code, because the kept libraries are asynchronous (yauzl)
 * and check neither checksums nor overlaps (yauzl, fflate).
 */
export class ZipArchive {
  readonly #source: ByteSource;
  readonly #entries = new Map<string, LocatedEntry>();
  /** How many more bytes may be inflated. */
  #inflatable: number;

  /**
   * @param inflatableBytes the most that all deflated entries together may inflate to
   * @throws WeightsError
   */
  constructor(source: ByteSource, inflatableBytes: number) {
    this.#source = source;
    this.#inflatable = inflatableBytes;
    const { entries, start } = readDirectory(source);
    let position = 0;
    for (const entry of entries.sort((a, b) => a.headerOffset - b.headerOffset)) {
      const located = { ...entry, dataStart: this.#locate(entry, position) };
      position = located.dataStart + entry.compressedSize;
      if (position > start) throw this.#error(entry, "reaches into the directory");
      if (this.#entries.has(entry.name)) throw this.#error(entry, "is there twice");
      this.#entries.set(entry.name, located);
    }
  }

  /** Names in the order of the archive. */
  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * The content of an entry, its checksum verified. A stored entry of an archive in memory is a view.
   * @throws WeightsError
   */
  read(name: string): Uint8Array {
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      throw new WeightsError({ file: this.#source.name, reason: `archive has no entry ${quote(name)}` });
    }
    const data = this.#source.read(entry.dataStart, entry.compressedSize);
    const content = entry.method === STORED ? data : this.#inflate(entry, data);
    if (crc32(content) !== entry.crc32) throw this.#error(entry, "does not match its CRC-32");
    return content;
  }

  #locate(entry: ZipEntry, position: number): number {
    if (entry.headerOffset < position) throw this.#error(entry, "overlaps the entry before it");
    const cursor = new ByteCursor(this.#source, entry.headerOffset, LOCAL_HEADER_BYTES);
    if (cursor.u32() !== 0x04034b50) throw this.#error(entry, "has no local header");
    cursor.bytes(4);
    const method = cursor.u16();
    cursor.bytes(16);
    const nameLength = cursor.u16();
    const extraLength = cursor.u16();
    if (method !== entry.method || cursor.utf8(nameLength) !== entry.name) {
      throw this.#error(entry, "differs between its local header and the directory");
    }
    return cursor.offset + extraLength;
  }

  #inflate(entry: LocatedEntry, data: Uint8Array): Uint8Array {
    if (entry.method !== DEFLATED)
      throw this.#error(entry, `uses compression method ${entry.method}`, { remedy: SAVE_PLAIN });
    if (entry.size > this.#inflatable) {
      const expected = `at most ${this.#inflatable} bytes`;
      throw this.#error(entry, "inflates too far", { expected, received: `${entry.size}` });
    }
    this.#inflatable -= entry.size;
    const content = this.#tryInflate(entry, data);
    if (content.byteLength === entry.size) return content;
    const expected = `${entry.size} bytes`;
    throw this.#error(entry, "inflates wrongly", { expected, received: `${content.byteLength}` });
  }

  #tryInflate(entry: LocatedEntry, data: Uint8Array): Uint8Array {
    try {
      // zlib stops at the declared size: a bomb costs no more than it declares.
      return plainBytes(inflateRawSync(data, { maxOutputLength: Math.max(entry.size, 1) }));
    } catch (error) {
      throw this.#error(entry, `cannot be inflated: ${error instanceof Error ? error.message : error}`);
    }
  }

  #error(
    entry: ZipEntry,
    what: string,
    more: Pick<WeightsErrorFields, "expected" | "received" | "remedy"> = {},
  ): WeightsError {
    const reason = `archive entry ${quote(entry.name)} ${what}`;
    return new WeightsError({ file: this.#source.name, offset: entry.headerOffset, reason, ...more });
  }
}
