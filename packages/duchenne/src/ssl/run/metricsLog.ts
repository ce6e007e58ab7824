import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { writeFileAtomically } from "../../lib/files/atomicFolder.ts";
import { RunFolderError } from "./errors.ts";

/** One line of metrics.jsonl: `step` counts updates done, the rest are figures. */
export type MetricsLine = { readonly step: number } & Readonly<Record<string, number | null>>;

/** A run's metrics.jsonl, one line of JSON for every `logEvery` steps. */
export class MetricsLog {
  readonly #descriptor: number;

  /** @param path lines are appended if the file exists */
  constructor(path: string) {
    this.#descriptor = openSync(path, "a");
  }

  append(line: MetricsLine): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
  }

  /** Makes all lines so far durable, so that no checkpoint is ahead of its log. */
  sync(): void {
    fsyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/**
 * The lines of a metrics.jsonl.
 * Half a last line, as a killed process leaves it, is left out.
 * @throws RunFolderError naming file and line of one that is no JSON
 */
export function readMetrics(path: string): MetricsLine[] {
  return parseMetrics(readFileSync(path, "utf8"), path);
}

/** The same of some of a log's text, from the start of a line on. */
export function parseMetrics(text: string, path: string): MetricsLine[] {
  const lines = text.split("\n");
  return lines.slice(0, -1).map((line, i) => {
    try {
      return JSON.parse(line) as MetricsLine;
    } catch (error) {
      throw new RunFolderError(
        `${path}:${i + 1}`,
        "a line of JSON",
        (error as Error).message,
        "Correct the line, or delete it.",
        { cause: error },
      );
    }
  });
}

/** Cuts a log back to the lines of the first `step` updates, which a resumed run will not write again. */
export function cutMetrics(path: string, step: number): void {
  if (!existsSync(path)) return;
  const kept = readMetrics(path).filter((line) => line.step <= step);
  writeFileAtomically(path, kept.map((line) => `${JSON.stringify(line)}\n`).join(""));
}
