/** Atomic writes: a file or folder has either its old content or all of the new content. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { WriteError } from "./errors.ts";
import { makeFolder } from "./makeFolder.ts";
import { removeOrphans, temporarySibling } from "./temporaries.ts";

const TEMPORARY = /^\..*\.tmp$/;

/** Codes of a disk that takes no more, with which Node names the temporary file, which is of no use to the user. */
const NO_ROOM: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Runs `write`; its errors then name `path`. @throws WriteError */
function naming<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const { code, path: named } = error as NodeJS.ErrnoException;
    if (code === undefined || (named !== undefined && !NO_ROOM.has(code))) throw error;
    throw new WriteError(path, error as Error);
  }
}

/** The same where every path that Node may name is that of the file or of its temporary sibling. */
function placing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw new WriteError(path, error as Error);
  }
}

/**
 * Writes a folder atomically and durably. Replaces an existing folder.
 * @param write fills a temporary sibling; it syncs each file it writes
 * @throws WriteError if the disk is full; the errors of `write`
 */
export function writeFolderAtomically(path: string, write: (temporary: string) => void): void {
  const folder = new AtomicFolder(path);
  try {
    naming(path, () => write(folder.temporary));
    folder.commit();
  } catch (error) {
    folder.abandon();
    throw error;
  }
}

/** A folder that is filled over time and then put in its place. */
export class AtomicFolder {
  readonly #path: string;
  /** Temporary folder to fill. */
  readonly temporary: string;

  /** @throws WriteError if the folder above cannot be made or written */
  constructor(path: string) {
    this.#path = path;
    removeOrphans(path);
    this.temporary = temporarySibling(path);
    try {
      makeFolder(this.temporary);
    } catch (error) {
      throw new WriteError(path, (error as WriteError).cause, "folder");
    }
  }

  /** Puts the folder in its place. */
  commit(): void {
    syncFolder(this.temporary);
    const old = temporarySibling(this.#path);
    if (existsSync(this.#path)) renameSync(this.#path, old);
    renameSync(this.temporary, this.#path);
    syncFolder(dirname(this.#path));
    rmSync(old, { recursive: true, force: true });
  }

  /** Removes the temporary folder. */
  abandon(): void {
    rmSync(this.temporary, { recursive: true, force: true });
  }
}

/** A file that is written piece by piece and then put in its place. */
export class AtomicFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #descriptor: number;
  #isOpen = true;

  /** @throws WriteError if its folder cannot be written to */
  constructor(path: string) {
    this.#path = path;
    removeOrphans(path);
    this.#temporary = temporarySibling(path);
    this.#descriptor = placing(path, () => openSync(this.#temporary, "w"));
  }

  /** Appends data. @throws WriteError if the disk is full; so do the two methods below */
  write(data: string | Uint8Array): void {
    naming(this.#path, () => writeFileSync(this.#descriptor, data));
  }

  /** Replaces what was written at `position`. */
  rewrite(data: Uint8Array, position: number): void {
    naming(this.#path, () => writeSync(this.#descriptor, data, 0, data.length, position));
  }

  /** Flushes the file and puts it in its place. */
  close(): void {
    naming(this.#path, () => fsyncSync(this.#descriptor));
    this.#release();
    placing(this.#path, () => renameSync(this.#temporary, this.#path));
    syncFolder(dirname(this.#path));
  }

  /** Removes the temporary file, also after a `close` that failed. */
  abandon(): void {
    this.#release();
    rmSync(this.#temporary, { force: true });
  }

  #release(): void {
    if (this.#isOpen) closeSync(this.#descriptor);
    this.#isOpen = false;
  }
}

/** Writes a file atomically and durably. @throws WriteError if the disk is full, or its folder cannot be written to */
export function writeFileAtomically(path: string, content: string | Uint8Array): void {
  removeOrphans(path);
  const temporary = temporarySibling(path);
  try {
    placing(path, () => {
      writeFileSync(temporary, content, { flush: true });
      renameSync(temporary, path);
    });
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Removes temporary files and folders that a killed process left. */
export function removeTemporaries(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (TEMPORARY.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Makes names in a folder durable. Windows cannot open a folder, and journals renames. */
function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
