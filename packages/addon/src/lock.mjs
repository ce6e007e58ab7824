// One builder at a time, among threads and processes of one machine. Plain JavaScript without a dependency, because it runs while packages
// are installed; the frame store's lock (data/store/storeLock.ts in duchenne) takes its file alike, and refuses instead of waiting.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";

const POLL_MS = 200;
/** A holder on another machine cannot be asked whether it lives. */
const FOREIGN_MS = 30 * 60_000;

const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/**
 * Runs `work` while no other process does under the same lock file. A lock whose process has died is taken over.
 * @param onWait hears once, with the holder, if the lock is taken
 */
export function withLock(file, onWait, work) {
  mkdirSync(dirname(file), { recursive: true });
  const own = JSON.stringify({ pid: process.pid, parent: process.ppid, host: hostname(), since: Date.now() });
  let hasWaited = false;
  while (!take(file, own)) {
    const holder = read(file);
    if (holder === undefined) continue;
    if (isDead(holder.content)) {
      breakLock(file, holder.text);
      continue;
    }
    if (!hasWaited) onWait(holder.content);
    hasWaited = true;
    pause(POLL_MS);
  }
  try {
    return work();
  } finally {
    if (read(file)?.text === own) rmSync(file, { force: true });
  }
}

/** By a link, so that no other process reads the file before it has its content. */
function take(file, own) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, own);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    // A file system without links.
    return writeNew(file, own);
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeNew(file, own) {
  try {
    writeFileSync(file, own, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function read(file) {
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  try {
    return { text, content: JSON.parse(text) };
  } catch {
    // Half a lock, where links are not to be had: as old as it is, it will be whole at the next look, or never.
    return { text, content: { pid: 0, host: "", since: Date.now() } };
  }
}

function isDead({ pid, host, since }) {
  if (host !== hostname()) return Date.now() - since > FOREIGN_MS;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/** Two that wait may both see a dead holder: the second must not remove what the first has taken meanwhile. */
function breakLock(file, seen) {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
  } catch {
    return; // The other one was faster.
  }
  if (read(aside)?.text !== seen) {
    try {
      linkSync(aside, file);
    } catch {
      // Taken anew meanwhile.
    }
  }
  rmSync(aside, { force: true });
}
