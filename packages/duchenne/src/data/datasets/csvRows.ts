import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { type CsvError, type Info, parse } from "csv-parse";
import { DataError } from "./types.ts";

/** One row of a CSV. */
export type CsvRow = {
  /** 1-based line in the file. */
  line: number;
  /** Fields by column name, lower case, trimmed. */
  fields: Readonly<Record<string, string>>;
  /** The bytes of the row in the file. */
  firstByte: number;
  byteLength: number;
};

type Parsed = { record: Record<string, string>; info: Info & { error?: CsvError } };

/** Column names of a CSV, lower case, trimmed; empty where the file cannot be read or is no text. */
export function csvColumns(file: string): string[] {
  try {
    const head = Buffer.alloc(8192);
    const descriptor = openSync(file, "r");
    const length = readSync(descriptor, head);
    closeSync(descriptor);
    const [line = ""] = head
      .toString("utf8", 0, length)
      .replace(/^\uFEFF/, "")
      .split(/\r?\n/);
    return line.split(",").map(columnName);
  } catch {
    return [];
  }
}

const columnName = (name: string): string => name.trim().replace(/^"|"$/g, "").trim().toLowerCase();

/**
 * Reads a CSV row by row, however large.
 * @param required columns that must be there
 * @param headerless the columns of a file that has no header row
 * @param onProblem called for rows with another number of fields than the header, or with broken quotes
 * @throws DataError if the file cannot be read or a required column is missing
 */
export async function* csvRows(
  file: string,
  required: readonly string[],
  onProblem: (problem: DataError) => void,
  headerless?: readonly string[],
): AsyncGenerator<CsvRow> {
  const input = createReadStream(file);
  const parser = parse({
    bom: true,
    columns: headerless ? [...headerless] : (header) => checkColumns(file, header.map(columnName), required),
    info: true,
    relax_column_count: true,
    // A stray quote must not swallow the rows after it.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  });
  parser.on("skip", (error: CsvError) => onProblem(rowError(file, Number(error.lines), error.message)));
  input.on("error", (error) => parser.destroy(error));
  let firstByte = 0;
  try {
    for await (const { record, info } of input.pipe(parser) as AsyncIterable<Parsed>) {
      const row = {
        line: info.lines,
        fields: trimmed(record),
        firstByte,
        byteLength: info.bytes - firstByte,
      };
      firstByte = info.bytes;
      if (info.error) onProblem(rowError(file, info.lines, info.error.message));
      else yield row;
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const received = (cause as Error).message;
    throw new DataError({ reason: "unreadable", file, expected: "a CSV to read", received }, { cause });
  } finally {
    input.destroy();
  }
}

/** Not by the parser: with its trimming, text after a closing quote swallows the rows that follow. */
const trimmed = (record: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([name, text]) => [name, text.trim()]));

function checkColumns(file: string, columns: string[], required: readonly string[]): string[] {
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length === 0) return columns;
  throw new DataError({
    reason: "wrongColumns",
    file,
    line: 1,
    expected: `a column ${missing.map((name) => `"${name}"`).join(" and ")}`,
    received: columns.join(","),
  });
}

const rowError = (file: string, line: number, received: string): DataError =>
  new DataError({
    reason: "wrongColumns",
    file,
    line,
    expected: "as many fields as the header has",
    received,
  });
