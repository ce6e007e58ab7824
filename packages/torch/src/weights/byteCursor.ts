import { isUtf8 } from "node:buffer";
import type { ByteSource } from "./byteSource.ts";
import { WeightsError, type WeightsErrorFields } from "./errors.ts";

/** Pickles are read in steps of one to a few bytes. */
const WINDOW_BYTES = 1 << 16;

/** No module or class name is longer; a hostile file must not make us search further for an end of line. */
const LONGEST_LINE = 4096;

/** Reads a source from front to back in small steps. Every method throws WeightsError past the end. */
export class ByteCursor {
  readonly #source: ByteSource;
  readonly #windowBytes: number;
  #window: Buffer = Buffer.alloc(0);
  #windowStart: number;
  #next = 0;

  /** @param windowBytes fetched at a time */
  constructor(source: ByteSource, offset = 0, windowBytes = WINDOW_BYTES) {
    this.#source = source;
    this.#windowBytes = windowBytes;
    this.#windowStart = offset;
  }

  /** [bytes] from the start of the source. */
  get offset(): number {
    return this.#windowStart + this.#next;
  }

  /**
   * Makes `length` bytes available and steps over them; returns where they start in the window. To be called before
   * the window is named: it may be another afterwards.
   */
  #advance(length: number): number {
    if (length > this.#window.length - this.#next) this.#refill(length);
    const start = this.#next;
    this.#next += length;
    return start;
  }

  #refill(length: number): void {
    const offset = this.offset;
    const available = Math.max(this.#source.size - offset, 0);
    const bytes = this.#source.read(offset, Math.max(length, Math.min(this.#windowBytes, available)));
    this.#window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#windowStart = offset;
    this.#next = 0;
  }

  u8(): number {
    const start = this.#advance(1);
    return this.#window[start]!;
  }

  u16(): number {
    const start = this.#advance(2);
    return this.#window.readUInt16LE(start);
  }

  i32(): number {
    const start = this.#advance(4);
    return this.#window.readInt32LE(start);
  }

  u32(): number {
    const start = this.#advance(4);
    return this.#window.readUInt32LE(start);
  }

  /** A u64 used as a length; past 2^53 it is past any file too. */
  u64(): number {
    const start = this.#advance(8);
    return Number(this.#window.readBigUInt64LE(start));
  }

  f64BigEndian(): number {
    const start = this.#advance(8);
    return this.#window.readDoubleBE(start);
  }

  /** A view, valid as long as the caller keeps it. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#window.subarray(start, start + length);
  }

  utf8(length: number): string {
    const start = this.#advance(length);
    const bytes = this.#window.subarray(start, start + length);
    if (!isUtf8(bytes)) throw this.error("string is not valid UTF-8", { offset: this.offset - length });
    return bytes.toString("utf8");
  }

  latin1(length: number): string {
    const start = this.#advance(length);
    return this.#window.toString("latin1", start, start + length);
  }

  /** Text up to the next newline, which is stepped over. */
  line(): string {
    const offset = this.offset;
    const available = Math.min(LONGEST_LINE, this.#source.size - offset);
    if (available > this.#window.length - this.#next) this.#refill(available);
    const end = this.#window.subarray(this.#next, this.#next + available).indexOf(0x0a);
    if (end < 0) throw this.error(`no end of line within ${available} bytes`, { offset });
    const text = this.utf8(end);
    this.#next += 1;
    return text;
  }

  error(
    reason: string,
    { offset = this.offset, remedy }: Pick<WeightsErrorFields, "offset" | "remedy"> = {},
  ): WeightsError {
    return new WeightsError({ file: this.#source.name, offset, reason, remedy });
  }
}
