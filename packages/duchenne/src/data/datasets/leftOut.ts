import { basename, extname } from "node:path";

/** Files of one ending that were left out. */
export interface LeftOutByEnding {
  readonly files: number;
  /** Names of the first ones. */
  readonly first: readonly string[];
}

const NAMED_PER_ENDING = 3;

/** Counts the files of folders that are not read, by ending. */
export class LeftOutFiles {
  readonly #endings = new Map<string, { files: number; first: string[] }>();

  add(path: string): void {
    const ending = extname(path).toLowerCase() || "no ending";
    const entry = this.#endings.get(ending) ?? { files: 0, first: [] };
    this.#endings.set(ending, entry);
    entry.files += 1;
    if (entry.first.length < NAMED_PER_ENDING) entry.first.push(basename(path));
  }

  get count(): number {
    return [...this.#endings.values()].reduce((sum, { files }) => sum + files, 0);
  }

  /** By ending, the most frequent one first. */
  get byEnding(): Record<string, LeftOutByEnding> {
    const sorted = [...this.#endings].sort(([, a], [, b]) => b.files - a.files);
    return Object.fromEntries(sorted);
  }
}

/** "4 .txt (a.txt, b.txt, c.txt, …), 1 .pdf (x.pdf)" */
export function describeLeftOutFiles(byEnding: Readonly<Record<string, LeftOutByEnding>>): string {
  const names = ({ files, first }: LeftOutByEnding) =>
    [...first, ...(files > first.length ? ["…"] : [])].join(", ");
  return Object.entries(byEnding)
    .map(([ending, entry]) => `${entry.files} ${ending} (${names(entry)})`)
    .join(", ");
}
