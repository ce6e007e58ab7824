import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Writes a file so that at any moment, a power cut included, `path` holds either its old content or all of the new:
 * a temporary sibling is written, fsynced, and renamed over it. Where writing fails, the sibling is removed.
 * @param chunks written one after the other
 * @throws Node's own errors (`ENOSPC`, `EACCES`, …)
 */
export function writeFileAtomically(path: string, chunks: Iterable<Uint8Array>): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    writeAndSync(temporary, chunks);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(dirname(path));
}

function writeAndSync(path: string, chunks: Iterable<Uint8Array>): void {
  const descriptor = openSync(path, "wx");
  try {
    for (const chunk of gathered(chunks)) writeFully(descriptor, chunk);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A network has hundreds of tensors of a few bytes: those in a row share a write of at most this many bytes. */
const GATHERED_BYTES = 2 ** 20;

/** The same bytes in fewer chunks; long chunks are passed on as they are. */
function* gathered(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for (const chunk of chunks) {
    if (length + chunk.byteLength > GATHERED_BYTES) {
      yield* joined(waiting);
      waiting = [];
      length = 0;
    }
    waiting.push(chunk);
    length += chunk.byteLength;
  }
  yield* joined(waiting);
}

const joined = (chunks: readonly Uint8Array[]): readonly Uint8Array[] =>
  chunks.length > 1 ? [Buffer.concat(chunks)] : chunks;

function writeFully(descriptor: number, chunk: Uint8Array): void {
  let done = 0;
  // One write call may take fewer bytes than asked, 2 GiB at most.
  while (done < chunk.byteLength) {
    done += writeSync(descriptor, chunk, done, Math.min(chunk.byteLength - done, 2 ** 30));
  }
}

/** Makes the rename itself durable. Windows cannot open a directory, and journals renames. */
function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
