/** Writes rows to standard output or a file, as JSON lines or CSV. */
import { dirname, resolve } from "node:path";
import { stringify } from "csv-stringify/sync";
import { AtomicFile } from "../../lib/files/atomicFolder.ts";
import { makeFolder } from "../../lib/files/makeFolder.ts";
import { cellsOf, type FaceRow } from "./rows.ts";

/** An output for text. A file appears when it is closed. */
export interface TextSink {
  write(text: string): void | Promise<void>;
  close(): void;
  /** Removes the unfinished file. */
  abandon(): void;
}

/** Opens a file for text, and makes its folder. */
export function fileSink(path: string): TextSink {
  makeFolder(dirname(resolve(path)));
  return new AtomicFile(path);
}

/** Standard output: a write waits for the reader, and fails with EPIPE if the reader is gone. */
export const standardOutput: TextSink = {
  write: (text) =>
    new Promise((done, fail) => {
      process.stdout.write(text, (error) => (error ? fail(error) : done()));
    }),
  close: () => {},
  abandon: () => {},
};

/** Format of rows. */
export type RowFormat = "jsonl" | "csv";

/** Writes rows as text. */
export class RowWriter {
  readonly #sink: TextSink;
  readonly #format: RowFormat;
  readonly #columns: readonly string[];
  #isFirst = true;

  /** @param columns of CSV, in order */
  constructor(sink: TextSink, format: RowFormat, columns: readonly string[]) {
    this.#sink = sink;
    this.#format = format;
    this.#columns = columns;
  }

  /** Appends rows. */
  async write(rows: readonly FaceRow[]): Promise<void> {
    const text =
      this.#format === "csv" ? this.#csv(rows) : rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    if (text !== "") await this.#sink.write(text);
  }

  /** Closes the output; CSV has a header even without rows. */
  async close(): Promise<void> {
    await this.write([]);
    this.#sink.close();
  }

  /** Removes the unfinished file. */
  abandon(): void {
    this.#sink.abandon();
  }

  #csv(rows: readonly FaceRow[]): string {
    const header = this.#isFirst;
    this.#isFirst = false;
    if (rows.length === 0 && !header) return "";
    return stringify(rows.map(cellsOf), { header, columns: [...this.#columns] });
  }
}
