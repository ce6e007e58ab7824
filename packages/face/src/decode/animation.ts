/** Tells animations from pictures by the first bytes of a file: nothing is decoded. */

import { closeSync, openSync, readSync, statSync } from "node:fs";

/** Read at once; a GIF's first picture may need several. */
const WINDOW_BYTES = 16_384;

/** Bytes of a file at any place. */
class FileBytes implements Disposable {
  readonly #file: number;
  #window = Buffer.alloc(0);
  #start = 0;

  constructor(path: string) {
    this.#file = openSync(path, "r");
  }

  /** `length` bytes from `offset` on; fewer at the end of the file. */
  at(offset: number, length: number): Buffer {
    const from = offset - this.#start;
    if (from < 0 || from + length > this.#window.length) {
      const bytes = Buffer.alloc(WINDOW_BYTES);
      this.#window = bytes.subarray(0, readSync(this.#file, bytes, 0, WINDOW_BYTES, offset));
      this.#start = offset;
    }
    return this.#window.subarray(offset - this.#start, offset - this.#start + length);
  }

  byte(offset: number): number {
    return this.at(offset, 1)[0] ?? -1;
  }

  text(offset: number, length: number): string {
    return this.at(offset, length).toString("latin1");
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

/** True for an animated GIF, WebP or PNG and for sequences of AVIF or HEIF. False for what cannot be read. */
export function isAnimated(path: string): boolean {
  let bytes: FileBytes;
  try {
    // Opening a pipe waits for its other end.
    if (!statSync(path).isFile()) return false;
    bytes = new FileBytes(path);
  } catch {
    return false;
  }
  try {
    if (bytes.text(0, 4) === "GIF8") return hasTwoGifPictures(bytes);
    if (bytes.text(0, 4) === "RIFF") return isAnimatedWebp(bytes);
    if (bytes.text(1, 3) === "PNG") return isAnimatedPng(bytes);
    return bytes.text(4, 4) === "ftyp" && isSequence(bytes.text(8, 4));
  } catch {
    return false;
  } finally {
    bytes[Symbol.dispose]();
  }
}

/** Major brands of image sequences: AVIF, and HEIF with HEVC or any codec. */
const isSequence = (brand: string): boolean => ["avis", "hevc", "hevx", "msf1"].includes(brand);

/** The extended header's animation bit. */
const isAnimatedWebp = (bytes: FileBytes): boolean =>
  bytes.text(8, 8) === "WEBPVP8X" && (bytes.byte(20) & 2) !== 0;

/** APNG's control chunk stands before the pixels, and counts the pictures. */
function isAnimatedPng(bytes: FileBytes): boolean {
  for (let offset = 8; ; ) {
    const header = bytes.at(offset, 12);
    if (header.length < 12) return false;
    const type = header.toString("latin1", 4, 8);
    if (type === "acTL") return header.readUInt32BE(8) > 1;
    if (type === "IDAT") return false;
    offset += 12 + header.readUInt32BE(0);
  }
}

const GIF_EXTENSION = 0x21;
const GIF_PICTURE = 0x2c;

function hasTwoGifPictures(bytes: FileBytes): boolean {
  let offset = 13 + colorTableBytes(bytes.byte(10));
  for (let pictures = 0; ; ) {
    const block = bytes.byte(offset);
    if (block === GIF_EXTENSION) offset = afterSubBlocks(bytes, offset + 2);
    else if (block !== GIF_PICTURE) return false;
    else if (++pictures === 2) return true;
    else offset = afterSubBlocks(bytes, offset + 11 + colorTableBytes(bytes.byte(offset + 9)));
  }
}

const colorTableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));

function afterSubBlocks(bytes: FileBytes, start: number): number {
  let offset = start;
  for (let length = bytes.byte(offset); length > 0; length = bytes.byte(offset)) offset += 1 + length;
  return offset + 1;
}
