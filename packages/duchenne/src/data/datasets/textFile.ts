import { isUtf8 } from "node:buffer";
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { DataError } from "./types.ts";
import { exists, isDirectory, isFile } from "./walk.ts";

/** Encodings that spreadsheets and scripts write tables in. */
export type Encoding = "UTF-8" | "UTF-16LE" | "UTF-16BE" | "Windows-1252";

/** The start of a text file. */
export type TextHead = {
  encoding: Encoding;
  /** Complete lines of the first bytes, without a byte order mark. */
  lines: string[];
};

const HEAD_BYTES = 65_536;
const CHUNK_BYTES = 1 << 20;
/** Control characters that no text has; a few are let through, as old spreadsheets end a file with one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const NO_TEXT = /[\0-\x08\x0e-\x1f\x7f\uFFFD\uE000-\uF8FF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])/g;
const MOST_CONTROL_SHARE = 0.01;
/** The formats of `KNOWN_STARTS` have bytes that are no ASCII text among the first ones. */
const KNOWN_HEAD_BYTES = 64;
const BEYOND_ASCII = /[^\t\n\r\x20-\x7e]/;
/** Of text in UTF-16, at least this share of the bytes is zero: Latin letters, digits and delimiters have one each. */
const LEAST_ZERO_SHARE = 0.1;
/** Files that are taken for tables, by their first bytes (Latin-1). A table may begin with such letters, too: PAR10 is a participant. */
const KNOWN_STARTS: readonly (readonly [start: string, name: string])[] = [
  ["PK\x03\x04", "a zip archive, which Excel workbooks are"],
  ["\xd0\xcf\x11\xe0", "an Excel workbook"],
  ["\x1f\x8b", "a gzip file"],
  ["PAR1", "a Parquet file"],
  ["SQLite format 3", "an SQLite database"],
  ["%PDF", "a PDF file"],
  ["\xff\xd8\xff", "a JPEG image"],
  ["\x89PNG", "a PNG image"],
];
/** Text, and what 0x80 to 0x9f mean in Windows-1252; Node's own decoder takes them for control characters. */
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/**
 * Encoding and first lines of a file: by its byte order mark, else by its zero bytes (UTF-16), else UTF-8; Windows-1252 if
 * the bytes are not UTF-8.
 * @throws DataError if the file cannot be read or is not text
 */
export function readHead(file: string): TextHead {
  const { bytes, isWhole } = readStart(file);
  const encoding = encodingOf(bytes, isWhole);
  const text = decodeAll(bytes, encoding).replace(/^\uFEFF/, "");
  if (isBinary(text, bytes)) throw binary(file, bytes);
  const lines = text.split(/\r\n|\n|\r/);
  // The last line may be cut off.
  return { encoding, lines: isWhole || lines.length === 1 ? lines : lines.slice(0, -1) };
}

function readStart(file: string): { bytes: Buffer; isWhole: boolean } {
  const bytes = Buffer.alloc(HEAD_BYTES);
  // Opening a pipe waits for its other end.
  if (exists(file) && !isDirectory(file) && !isFile(file)) throw unreadable(file, "a pipe or a device");
  try {
    const descriptor = openSync(file, "r");
    try {
      const length = readSync(descriptor, bytes);
      return { bytes: bytes.subarray(0, length), isWhole: length < HEAD_BYTES };
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw unreadable(file, (cause as Error).message, cause);
  }
}

const unreadable = (file: string, received: string, cause?: unknown): DataError =>
  new DataError({ reason: "unreadable", file, expected: "a text file to read", received }, { cause });

const startName = (bytes: Buffer): string | undefined =>
  KNOWN_STARTS.find(([start]) => bytes.subarray(0, start.length).toString("latin1") === start)?.[1];

const isBinary = (text: string, bytes: Buffer): boolean =>
  text.includes("\0") ||
  (startName(bytes) !== undefined && BEYOND_ASCII.test(bytes.toString("latin1", 0, KNOWN_HEAD_BYTES))) ||
  (text.match(NO_TEXT)?.length ?? 0) > Math.max(1, MOST_CONTROL_SHARE * text.length);

function binary(file: string, bytes: Buffer): DataError {
  const name = startName(bytes);
  return new DataError({
    reason: "unreadable",
    file,
    expected: "a text file, in UTF-8, UTF-16 or Windows-1252",
    received: name === undefined ? "a binary file" : `a binary file (${name})`,
    remedy: "Save the table as CSV.",
    isFatal: true,
  });
}

function encodingOf(bytes: Buffer, isWhole: boolean): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "UTF-16LE";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "UTF-16BE";
  const start = bytes.subarray(0, 512);
  const zeros = [0, 0];
  start.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2]! += 1;
  });
  const [even, odd] = [zeros[0]!, zeros[1]!];
  const isWide = even + odd >= LEAST_ZERO_SHARE * start.length;
  if (isWide && odd > 4 * even) return "UTF-16LE";
  if (isWide && even > 4 * odd) return "UTF-16BE";
  return isUtf8(isWhole ? bytes : withoutCutCharacter(bytes)) ? "UTF-8" : "Windows-1252";
}

/** Without the bytes of a last character that may be incomplete. */
function withoutCutCharacter(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 3 && (bytes[end - 1]! & 0xc0) === 0x80) end -= 1;
  return end > 0 && bytes[end - 1]! >= 0xc0 ? bytes.subarray(0, end - 1) : bytes;
}

function decodeAll(bytes: Buffer, encoding: Encoding): string {
  if (encoding === "UTF-8") return bytes.toString("utf8");
  return encoding === "Windows-1252" ? decodeWindows1252(bytes) : new TextDecoder(encoding).decode(bytes);
}

const decodeWindows1252 = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString("latin1")
    .replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80]!);

/**
 * Encoding of a whole file: a character beyond the first bytes may be the first that is not UTF-8.
 * @throws DataError if the file cannot be read or is not text
 */
export async function readEncoding(file: string): Promise<Encoding> {
  const { encoding } = readHead(file);
  if (encoding !== "UTF-8") return encoding;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
      const bytes = Buffer.concat([rest, chunk as Buffer]);
      const whole = withoutCutCharacter(bytes);
      if (!isUtf8(whole)) return "Windows-1252";
      rest = bytes.subarray(whole.length);
    }
  } catch (error) {
    throw unreadable(file, (error as Error).message, error);
  }
  return isUtf8(rest) ? "UTF-8" : "Windows-1252";
}

/** A file's content as UTF-8, however it is written; a UTF-8 file's bytes as they are. */
export async function* readAsUtf8(file: string, encoding: Encoding): AsyncGenerator<Buffer | string> {
  if (encoding === "UTF-8") yield* createReadStream(file) as AsyncIterable<Buffer>;
  else if (encoding === "Windows-1252")
    for await (const chunk of createReadStream(file)) yield decodeWindows1252(chunk as Buffer);
  else {
    const decoder = new TextDecoder(encoding);
    for await (const chunk of createReadStream(file)) yield decoder.decode(chunk as Buffer, { stream: true });
  }
}
