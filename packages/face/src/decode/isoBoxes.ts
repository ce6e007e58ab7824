/** Boxes of the ISO base media file format, as HEIF and MP4 have them. */

/** Larger tables than this describe no picture. */
export const MAX_META_BYTES = 16 * 1024 * 1024;

export interface Box {
  readonly type: string;
  readonly content: Buffer;
}

/** The boxes that stand one after the other. */
export function boxesOf(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at) || bytes.length - at;
    if (length < 8) break;
    boxes.push({
      type: bytes.toString("latin1", at + 4, at + 8),
      content: bytes.subarray(at + 8, at + length),
    });
    at += length;
  }
  return boxes;
}

/** Boxes that are torn; the message is what came, for the error of whoever knows the file. */
export class TornBoxes extends Error {}

/** Reads big-endian numbers one after the other. */
export class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** @param bytes 0, 1, 2, 4 or 8   @throws TornBoxes beyond the end */
  number(bytes: number): number {
    this.skip(bytes);
    let value = 0;
    for (let i = this.#at - bytes; i < this.#at; i++) value = value * 256 + this.#bytes[i]!;
    return value;
  }

  text(bytes: number): string {
    this.skip(bytes);
    return this.#bytes.toString("latin1", this.#at - bytes, this.#at);
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  /** @throws TornBoxes beyond the end */
  skip(bytes: number): void {
    this.#at += bytes;
    if (this.#at > this.#bytes.length) throw new TornBoxes("a box that ends within a number");
  }

  /** Reads version and flags, then what comes after them. */
  fullBox<T>(read: (version: number, cursor: Cursor, flags: number) => T): T {
    const version = this.number(1);
    const flags = this.number(3);
    return read(version, this, flags);
  }
}
