import type { Database, RootDatabase } from "lmdb";

/** Copied per transaction: a few hundred megabytes at most are held. */
const ENTRIES_PER_COMMIT = 2000;

/** An entry of a database. */
export interface CopiedEntry<K> {
  key: K;
  value: Buffer;
}

/**
 * Copies a database's entries into another file, a transaction for some thousands of them.
 * @param root of the file that is written
 * @param change gives the entry as it is to be stored; undefined leaves it out. It is called with the key first, so that a value is read
 * only if it stays
 */
export function copyEntries<K extends string | number>(
  root: RootDatabase<Buffer, string>,
  source: Database<Buffer, K>,
  target: Database<Buffer, K>,
  change: (key: K, value: () => Buffer) => CopiedEntry<K> | undefined,
): void {
  let batch: CopiedEntry<K>[] = [];
  const write = () => {
    root.transactionSync(() => {
      for (const { key, value } of batch) target.put(key, value);
    });
    batch = [];
  };
  for (const key of source.getKeys()) {
    const entry = change(key, () => Buffer.from(source.get(key)!));
    if (entry === undefined) continue;
    batch.push(entry);
    if (batch.length === ENTRIES_PER_COMMIT) write();
  }
  write();
}
