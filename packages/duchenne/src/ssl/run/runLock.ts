/** `run.lock` in a run's folder: who writes there, one process at a time. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isAlive } from "../../lib/files/isAlive.ts";
import { RunFolderError } from "./errors.ts";

const lockOf = (runFolder: string): string => join(runFolder, "run.lock");
const ME = `${process.pid} ${hostname()}\n`;

/**
 * Takes a run's folder for this process. A killed process's lock is taken over, and another machine's: whether that one
 * still runs is not visible here, and a restarted container has another name.
 * @throws RunFolderError if another process of this machine trains there
 */
export function lockRun(runFolder: string): void {
  const path = lockOf(runFolder);
  const pid = trainerAfterWaiting(runFolder);
  if (pid !== undefined && pid !== process.pid)
    throw new RunFolderError(
      runFolder,
      "a folder in which no other process trains",
      `a locked one: process ${pid} trains here`,
      `Wait for it, or choose another \`out\` (if it is none of duchenne's, delete ${path}).`,
    );
  writeFileSync(path, ME);
}

/** A process whose parent was killed ends by itself, after the step at hand: it is given this long. */
const PATIENCE_MS = 2000;
const POLL_MS = 50;

/** The id of another process that trains there, and does not end within the patience. */
function trainerAfterWaiting(runFolder: string): number | undefined {
  const endMs = performance.now() + PATIENCE_MS;
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    const pid = trainerOf(runFolder);
    if (pid === undefined || pid === process.pid || performance.now() > endMs) return pid;
    Atomics.wait(clock, 0, 0, POLL_MS);
  }
}

/** Whether a process of this machine trains there now. */
export const isTraining = (runFolder: string): boolean => trainerOf(runFolder) !== undefined;

/** Whether a process of this machine took the folder and ended without giving it back: it was killed. */
export function isAbandoned(runFolder: string): boolean {
  const [, host] = ownerOf(lockOf(runFolder)).trim().split(" ");
  return host === hostname() && trainerOf(runFolder) === undefined;
}

/** The id of the process of this machine that holds the folder. */
function trainerOf(runFolder: string): number | undefined {
  const [pid, host] = ownerOf(lockOf(runFolder)).trim().split(" ");
  return host === hostname() && isAlive(Number(pid)) ? Number(pid) : undefined;
}

/** Gives the folder back, if it is this process's. */
export function unlockRun(runFolder: string): void {
  const path = lockOf(runFolder);
  if (ownerOf(path) === ME) rmSync(path);
}

function ownerOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // nobody's
  }
}
