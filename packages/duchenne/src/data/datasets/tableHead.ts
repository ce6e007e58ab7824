import { labelColumn } from "./labelColumns.ts";
import { type Encoding, readHead } from "./textFile.ts";

/** How a table is written, and its first line. */
export type TableHead = {
  encoding: Encoding;
  delimiter: string;
  /** Names of the columns as the first line has them, trimmed, without quotes. */
  columns: string[];
  /** The first line that is not empty. */
  header: string;
  /** 1-based line of the header; 0 in an empty file. */
  headerLine: number;
};

/** In the order in which they are taken if the header names no known column. */
const DELIMITERS = [",", "\t", ";", "|"] as const;
/** Excel's own way of naming the delimiter, on a line before the header. */
const EXCEL_SEPARATOR = /^"?sep=(.)"?$/i;

/** Encoding, delimiter and columns of a table. @throws DataError if the file cannot be read or is not text */
export function readTableHead(file: string): TableHead {
  const { encoding, lines } = readHead(file);
  let index = nextLine(lines, 0);
  const named = EXCEL_SEPARATOR.exec(lines[index]?.trim() ?? "")?.[1];
  if (named !== undefined) index = nextLine(lines, index + 1);
  const header = lines[index] ?? "";
  const delimiter = named ?? findDelimiter(header);
  const columns = splitLine(header, delimiter);
  // Spreadsheets write empty columns after the last one.
  while (columns.length > 1 && columns.at(-1) === "") columns.pop();
  return { encoding, delimiter, columns, header: header.trim(), headerLine: index < 0 ? 0 : index + 1 };
}

const nextLine = (lines: readonly string[], from: number): number =>
  lines.findIndex((line, i) => i >= from && line.trim() !== "");

/** The delimiter under which the header names most known columns; without one, the first that occurs. */
function findDelimiter(header: string): string {
  let best: string = DELIMITERS.find((delimiter) => header.includes(delimiter)) ?? ",";
  let most = knownColumns(header, best);
  for (const delimiter of DELIMITERS) {
    const known = knownColumns(header, delimiter);
    if (known > most) [best, most] = [delimiter, known];
  }
  return best;
}

const knownColumns = (header: string, delimiter: string): number =>
  splitLine(header, delimiter).filter((name) => labelColumn(name) !== undefined).length;

/** The fields of a line in which no field contains the delimiter. */
export const splitLine = (line: string, delimiter: string): string[] =>
  line.split(delimiter).map(withoutQuotes);

/** A field without spaces around it, and without quotes that the spaces kept from being read as such. */
export const withoutQuotes = (text: string): string => {
  const trimmed = text.trim();
  return /^".*"$/s.test(trimmed) && trimmed.length > 1 ? trimmed.slice(1, -1).trim() : trimmed;
};
