import { Readable } from "node:stream";
import { type CsvError, type Info, parse } from "csv-parse";
import { readTableHead, type TableHead, withoutQuotes } from "./tableHead.ts";
import { readAsUtf8, readEncoding } from "./textFile.ts";
import { DataError } from "./types.ts";

/** One row of a CSV. */
export type CsvRow = {
  /** 1-based line in the file. */
  line: number;
  /** Trimmed fields in the order of the columns. */
  values: readonly string[];
  /** Fields by column name, lower case, trimmed. */
  fields: Readonly<Record<string, string>>;
  /** The bytes of the row in the file; undefined if the file is not UTF-8. */
  bytes: { first: number; length: number } | undefined;
};

type Parsed = { record: string[]; info: Info };

/** Column names of a table, lower case, trimmed; empty if the file cannot be read or is no text. */
export function csvColumns(file: string): string[] {
  try {
    return readTableHead(file).columns.map((name) => name.toLowerCase());
  } catch (error) {
    if (error instanceof DataError) return [];
    throw error;
  }
}

/**
 * Reads a table row by row, however large: comma, semicolon, tab or |; UTF-8, UTF-16 or Windows-1252.
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
  const head = readTableHead(file);
  const columns = headerless ?? head.columns.map((name) => name.toLowerCase());
  checkColumns(file, head, columns, required);
  const rowsAfterLine = headerless ? 0 : head.headerLine;
  for await (const { values, ...row } of records(file, head, onProblem)) {
    if (row.line <= rowsAfterLine || values.every(isNothing)) continue;
    while (values.length > columns.length && values.at(-1) === "") values.pop();
    if (values.length !== columns.length)
      onProblem(wrongCount(file, row.line, values.length, columns.length));
    else yield { ...row, values, fields: byName(columns, values) };
  }
}

/** Old spreadsheets end a file with the character 0x1a. */
const isNothing = (value: string): boolean => value === "" || value === "\x1a";

/** The first of two columns of one name counts. */
const byName = (columns: readonly string[], values: readonly string[]): Record<string, string> =>
  Object.fromEntries(columns.map((name, i) => [name, values[i]!] as const).reverse());

type RawRow = Pick<CsvRow, "line" | "bytes"> & { values: string[] };

async function* records(
  file: string,
  { delimiter }: TableHead,
  onProblem: (problem: DataError) => void,
): AsyncGenerator<RawRow> {
  const encoding = await readEncoding(file);
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    // A stray quote must not swallow the rows after it.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  });
  parser.on("skip", (error: CsvError) => onProblem(brokenRow(file, Number(error.lines), error.message)));
  const input = Readable.from(readAsUtf8(file, encoding), { objectMode: false });
  input.on("error", (error) => parser.destroy(error));
  let first = 0;
  try {
    for await (const { record, info } of input.pipe(parser) as AsyncIterable<Parsed>) {
      const bytes = encoding === "UTF-8" ? { first, length: info.bytes - first } : undefined;
      first = info.bytes;
      // Not by the parser: with its trimming, text after a closing quote swallows the rows that follow.
      yield { line: info.lines, values: record.map(withoutQuotes), bytes };
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const received = (cause as Error).message;
    throw new DataError({ reason: "unreadable", file, expected: "a CSV to read", received }, { cause });
  } finally {
    input.destroy();
  }
}

function checkColumns(
  file: string,
  { header, headerLine }: TableHead,
  columns: readonly string[],
  required: readonly string[],
): void {
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  throw new DataError({
    reason: "wrongColumns",
    file,
    line: Math.max(1, headerLine),
    expected: `a column ${missing.map((name) => `"${name}"`).join(" and ")}`,
    received: header.slice(0, 200) || "an empty file",
  });
}

const wrongCount = (file: string, line: number, received: number, expected: number): DataError =>
  new DataError({
    reason: "wrongColumns",
    file,
    line,
    expected: `${expected} fields, as the header has; a field that contains the delimiter stands in quotes`,
    received: `${received}`,
  });

const brokenRow = (file: string, line: number, received: string): DataError =>
  new DataError({ reason: "wrongColumns", file, line, expected: "a row of the table", received });
