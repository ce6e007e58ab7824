/** Names of files and folders that are being written, and what a killed process left of them. */
import { createHash, randomUUID } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { isAlive } from "./isAlive.ts";

/** Processes of other machines, which may share the disk, cannot be asked whether they are alive. */
const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const OWNED = /^\.(.*)\.([0-9a-f]{8})-(\d+)-[0-9a-f-]{36}\.tmp$/;

/** A new name beside `path`, which says whose it is. */
export const temporarySibling = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${HOST}-${process.pid}-${randomUUID()}.tmp`);

/** Removes what killed processes of this machine left while they wrote `path`. */
export function removeOrphans(path: string): void {
  for (const name of namesIn(dirname(path))) {
    const [, of, host, pid] = OWNED.exec(name) ?? [];
    if (of !== basename(path) || host !== HOST || isAlive(Number(pid))) continue;
    rmSync(join(dirname(path), name), { recursive: true, force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // the write that follows fails with the reason
  }
}
