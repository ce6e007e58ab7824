import { constants as bufferConstants } from "node:buffer";
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import { WeightsError } from "./errors.ts";

/**
 * Bytes that can be read at any offset: a file, or an array in memory. Nothing is allocated before the range is known
 * to lie within the source.
 */
export interface ByteSource {
  /** For messages. */
  readonly name: string;
  /** [bytes] */
  readonly size: number;
  /**
   * @param offset [bytes] @param length [bytes]
   * @returns exactly `length` bytes: of a file a fresh array, of memory a view
   * @throws WeightsError if the range is not within the source
   */
  read(offset: number, length: number): Uint8Array;
}

/** An array in memory as a source; reads are views. */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.byteLength,
    read(offset, length) {
      requireRange(this, offset, length);
      return plainBytes(bytes, offset, length);
    },
  };
}

/** A view that is no Buffer, whose `slice` would not copy. */
export function plainBytes(bytes: Uint8Array, offset = 0, length = bytes.byteLength): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + offset, length);
}

/**
 * Opens a file, hands it to `use`, and closes it.
 * @throws WeightsError if it is not a regular file; Node's own errors if it cannot be opened
 */
export function withFile<Result>(path: string, use: (source: ByteSource) => Result): Result {
  const name = basename(path);
  // Asked by path first: opening a FIFO would wait for a writer.
  if (!statSync(path).isFile())
    throw new WeightsError({ file: name, reason: "not a regular file", remedy: "Name a file." });
  const descriptor = openSync(path, "r");
  try {
    return use(fileSource(name, descriptor));
  } finally {
    closeSync(descriptor);
  }
}

function fileSource(name: string, descriptor: number): ByteSource {
  return {
    name,
    size: fstatSync(descriptor).size,
    read(offset, length) {
      requireRange(this, offset, length);
      if (length > bufferConstants.MAX_LENGTH) {
        const expected = `at most ${bufferConstants.MAX_LENGTH} bytes in one tensor`;
        throw new WeightsError({
          file: name,
          offset,
          reason: "too large",
          expected,
          received: String(length),
          remedy: "Split the tensor in PyTorch, and save it in parts.",
        });
      }
      return readFully(name, descriptor, offset, length);
    },
  };
}

function readFully(file: string, descriptor: number, offset: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    // One read call may return at most 2 GiB.
    const count = readSync(descriptor, bytes, done, Math.min(length - done, 2 ** 30), offset + done);
    if (count === 0)
      throw new WeightsError({
        file,
        offset: offset + done,
        reason: "file shrank while it was read",
        remedy: "Load it once its writer has ended.",
      });
    done += count;
  }
  return plainBytes(bytes);
}

function requireRange(source: ByteSource, offset: number, length: number): void {
  const valid = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (valid && offset + length <= source.size) return;
  throw new WeightsError({
    file: source.name,
    offset: Math.min(Math.max(offset, 0), source.size),
    reason: "truncated",
    expected: `${length} more bytes`,
    received: String(Math.max(source.size - offset, 0)),
    remedy: "The file is incomplete: copy or download it again.",
  });
}
