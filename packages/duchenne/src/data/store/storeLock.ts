/**
 * `writer-lock` in a store's folder: which process writes there. Writers add to the file in place, `removePerson` puts another in its place:
 * what is added meanwhile would be lost, so each keeps the other out.
 *
 * `@duchenne/addon` takes its lock file by the same links, in a file of its own: it runs while packages are installed, before anything is
 * compiled and without a dependency, and it waits for the holder, where this one refuses.
 */
import { linkSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { writeFailureText } from "../../lib/files/errors.ts";
import { isAlive } from "../../lib/files/isAlive.ts";
import { makeFolder } from "../../lib/files/makeFolder.ts";
import { StoreError } from "./errors.ts";

type Work = "adds to" | "removes a person from";

/** Of this process: a store may have several writers here, which notice each other's commits. */
const held = new Map<string, { work: Work; holders: number }>();

const lockOf = (folder: string): string => join(folder, "writer-lock");

/**
 * Keeps other processes from writing to a store, and this one from removing and adding at once.
 * @param path the store's folder, which is made   @returns what gives the store back; calling it again does nothing
 * @throws StoreError if another process of this machine writes there, or the folder cannot be written
 */
export function lockStore(path: string, work: Work): () => void {
  const folder = openFolder(path);
  const mine = held.get(folder);
  if (mine !== undefined && (mine.work !== work || work === "removes a person from"))
    throw busy(path, folder, process.pid, mine.work);
  if (mine === undefined) writeLock(path, folder, work);
  held.set(folder, { work, holders: (mine?.holders ?? 0) + 1 });
  let isHeld = true;
  return () => {
    if (isHeld) release(folder);
    isHeld = false;
  };
}

function release(folder: string): void {
  const { work, holders } = held.get(folder)!;
  if (holders > 1) {
    held.set(folder, { work, holders: holders - 1 });
    return;
  }
  held.delete(folder);
  rmSync(lockOf(folder), { force: true });
}

function openFolder(path: string): string {
  try {
    makeFolder(path);
    return realpathSync(path);
  } catch (cause) {
    throw notWritable(path, cause as Error);
  }
}

/** The lock of a killed process is taken over, and the lock of another machine, whose processes are not visible here. */
function writeLock(path: string, folder: string, work: Work): void {
  const text = `${process.pid} ${hostname()} ${work}\n`;
  for (;;) {
    try {
      if (take(lockOf(folder), text)) return;
    } catch (cause) {
      throw notWritable(path, cause as Error);
    }
    const found = read(lockOf(folder));
    const owner = found === undefined ? undefined : ownerOf(found);
    if (owner !== undefined) throw busy(path, folder, owner.pid, owner.work);
    if (found !== undefined) breakLock(lockOf(folder), found);
  }
}

/** By a link, so that nobody reads the file before its content is there. */
function take(file: string, text: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    return writeNew(file, text); // a file system without links
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeNew(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Two processes may see a dead owner: the second must not remove what the first has taken meanwhile. */
function breakLock(file: string, seen: string): void {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
  } catch {
    return; // the other one was faster
  }
  if (read(aside) !== seen) take(file, read(aside) ?? seen);
  rmSync(aside, { force: true });
}

/** The process of this machine that holds the store. @param text content of the lock */
function ownerOf(text: string): { pid: number; work: string } | undefined {
  const [pid, host, ...work] = text.trim().split(" ");
  const isOther = host === hostname() && Number(pid) !== process.pid && isAlive(Number(pid));
  return isOther ? { pid: Number(pid), work: work.join(" ") } : undefined;
}

const busy = (path: string, folder: string, pid: number, work: string): StoreError =>
  new StoreError(
    path,
    "no other writer",
    `one: process ${pid} ${work} this store`,
    `Wait for it to finish, and run the command again (if the process is none of duchenne's, delete ${lockOf(folder)}).`,
  );

const notWritable = (path: string, cause: Error): StoreError =>
  new StoreError(path, "a folder that can be written", writeFailureText(cause), "Check its permissions.", {
    cause,
  });
