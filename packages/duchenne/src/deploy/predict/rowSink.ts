/** Where rows go: standard output or a file, as JSON lines or CSV. */
import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { stringify } from "csv-stringify/sync";
import { AtomicFile } from "../../lib/files/atomicFolder.ts";
import { cellsOf, type FaceRow } from "./rows.ts";

/** Takes text as it comes; a file appears when it is closed. */
export interface TextSink {
  write(text: string): void | Promise<void>;
  close(): void;
  /** Gives up: no file remains. */
  abandon(): void;
}

/** @returns a file's sink; its folder is made where it is not there */
export function fileSink(path: string): TextSink {
  mkdirSync(dirname(resolve(path)), { recursive: true });
  return new AtomicFile(path);
}

/** Standard output, as slow as its reader; writing fails with EPIPE once the reader is gone. */
export const standardOutput: TextSink = {
  write: (text) =>
    new Promise((done, fail) => {
      process.stdout.write(text, (error) => (error ? fail(error) : done()));
    }),
  close: () => {},
  abandon: () => {},
};

export type RowFormat = "jsonl" | "csv";

/** Turns rows into text. */
export class RowWriter {
  readonly #sink: TextSink;
  readonly #format: RowFormat;
  readonly #columns: readonly string[];
  #isFirst = true;

  /** @param columns of CSV */
  constructor(sink: TextSink, format: RowFormat, columns: readonly string[]) {
    this.#sink = sink;
    this.#format = format;
    this.#columns = columns;
  }

  async write(rows: readonly FaceRow[]): Promise<void> {
    const text =
      this.#format === "csv" ? this.#csv(rows) : rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    if (text !== "") await this.#sink.write(text);
  }

  /** A table without rows has its head all the same. */
  async close(): Promise<void> {
    await this.write([]);
    this.#sink.close();
  }

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
