import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { StoreError } from "./errors.ts";

/** Where LMDB's two heads keep what is checked here, in bytes from the head's start (lmdb-js's 64-bit layout). */
const HEAD = { magic: 24, pageBytes: 48, lastPage: 144, transaction: 152, end: 160 } as const;
const MAGIC = 0xbeefc0de;
const MAX_PAGE_BYTES = 65_536;

/**
 * Checks the head of an LMDB file. LMDB maps the file without checks, and a file shorter than its head says would crash the process.
 * @param mayBeEmpty true for a writer, which fills an empty file
 * @throws StoreError if the file is empty, of another kind, or shorter than its last commit left it
 */
export function checkStoreFile(path: string, file: string, mayBeEmpty: boolean): void {
  const descriptor = openSync(file, "r");
  try {
    if (fstatSync(descriptor).size === 0) {
      if (mayBeEmpty) return;
      throw new StoreError(path, "a frame store", "an empty file", "Run `duchenne prepare` again.");
    }
    const neededBytes = committedBytes(descriptor);
    if (neededBytes === undefined)
      throw new StoreError(
        path,
        "a frame store",
        "a file that is no LMDB database",
        "Check the path, or prepare the store again.",
      );
    // The size after the head: a writer makes the file longer before it says so.
    const { size } = fstatSync(descriptor);
    if (size < neededBytes)
      throw new StoreError(
        path,
        `a file of ${neededBytes} bytes`,
        `${size} bytes`,
        "Copy the store again, or prepare it again.",
      );
  } finally {
    closeSync(descriptor);
  }
}

/** Bytes of the newest commit; undefined if the file is no LMDB database. */
function committedBytes(descriptor: number): number | undefined {
  const first = readHead(descriptor, 0);
  const pageBytes = first?.readUInt32LE(HEAD.pageBytes) ?? 0;
  if (first === undefined || pageBytes === 0 || pageBytes > MAX_PAGE_BYTES) return undefined;
  const second = readHead(descriptor, pageBytes);
  if (second === undefined) return undefined;
  // The heads take turns.
  const [a, b] = [first, second].map((head) => head.readBigUInt64LE(HEAD.transaction));
  const newest = a! >= b! ? first : second;
  return (Number(newest.readBigUInt64LE(HEAD.lastPage)) + 1) * pageBytes;
}

function readHead(descriptor: number, position: number): Buffer | undefined {
  const head = Buffer.alloc(HEAD.end);
  const length = readSync(descriptor, head, 0, HEAD.end, position);
  return length === HEAD.end && head.readUInt32LE(HEAD.magic) === MAGIC ? head : undefined;
}
