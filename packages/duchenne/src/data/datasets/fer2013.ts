import { basename, join } from "node:path";
import {
  EXPRESSION_ORDERS,
  type Expression,
  type ExpressionOrder,
  expressionNumber,
  parseClassName,
} from "../../lib/expressions.ts";
import { KNOWN_SPLITS, parseSplit, SPLITS, type Split } from "../../lib/splitNames.ts";
import { hasNumberedFolders, unknownOrder } from "./classFolders.ts";
import { type CsvRow, csvColumns, csvRows } from "./csvRows.ts";
import { attempt, numberField } from "./fields.ts";
import { DataError, type DataSet, type ReadOptions, type Sample } from "./types.ts";
import { filesIn, foldersIn, isFile, isImage, walk } from "./walk.ts";

/** FER2013's numbers, as its CSV has them. */
const CLASSES = EXPRESSION_ORDERS.fer2013;
/** Side of an image, pixels. */
export const FER_SIDE = 48;

/**
 * FER2013 as the one CSV or as folders: 48 x 48 grey faces, cropped.
 * @see Goodfellow et al., "Challenges in representation learning", ICONIP 2013
 */
export const fer2013: DataSet = {
  layout: "fer2013.csv (emotion,pixels,Usage); or train|test/<class>/*.jpg",
  facesAreCropped: true,
  personLevel: 0,
  detect: (path) => ferCsv(path) !== undefined || hasClassFolders(path),
  labelFiles: (path) => [ferCsv(path)].filter((file) => file !== undefined),
  read,
};

/** The CSV with FER2013's pixels: `path` itself or in it; undefined if there is none. */
export function ferCsv(path: string): string | undefined {
  const file = isFile(path) ? path : join(path, "fer2013.csv");
  return csvColumns(file).includes("pixels") ? file : undefined;
}

const hasClassFolders = (path: string): boolean =>
  splitFolders(path).some(({ name, split }) => split === "train" && hasClasses(join(path, name)));

const hasClasses = (part: string): boolean =>
  foldersIn(part).some((name) => parseClassName(name) !== undefined) || hasNumberedFolders(part);

/** Folders of a part of the data set, under any of its usual names. */
const splitFolders = (path: string): { name: string; split: Split }[] =>
  foldersIn(path).flatMap((name) => {
    const split = parseSplit(name);
    return split === undefined ? [] : [{ name, split }];
  });

function read(root: string, options: ReadOptions): AsyncGenerator<Sample> {
  const file = ferCsv(root);
  return file === undefined ? readFolders(root, options) : readCsv(file, options);
}

async function* readCsv(file: string, options: ReadOptions): AsyncGenerator<Sample> {
  options.onLabelNumbers?.("fer2013", `${file}: column emotion`);
  for await (const row of csvRows(file, ["emotion", "pixels", "usage"], options.onProblem)) {
    const place = { file, line: row.line };
    const sample = attempt(() => {
      const emotion = numberField(row.fields.emotion, "emotion", [0, CLASSES.length - 1], place);
      const expression = CLASSES[emotion ?? -1];
      if (expression === undefined) throw badEmotion(row.fields.emotion ?? "", place);
      return { source: pixelSource(file, row), expression, split: splitOf(row, file) };
    }, options.onProblem);
    if (sample) yield sample;
  }
}

const badEmotion = (text: string, place: { file: string; line: number }): DataError =>
  new DataError({ reason: "badExpression", ...place, expected: "emotion as 0 to 6", received: `"${text}"` });

/** Where a row's pixels are. @throws DataError if the row does not hold 48 · 48 of them */
export function pixelSource(file: string, row: CsvRow): Sample["source"] {
  const { line, bytes } = row;
  const numbers = (row.fields.pixels ?? "").split(" ");
  const count = numbers.length;
  if (count !== FER_SIDE ** 2) {
    const expected = `${FER_SIDE ** 2} pixels`;
    const remedy = "Correct or remove the row.";
    throw new DataError({ reason: "badNumber", file, line, expected, received: `${count}`, remedy });
  }
  if (bytes === undefined)
    return { kind: "pixels", path: file, row: line, pixels: bytesOf(numbers, file, line) };
  return { kind: "pixels", path: file, row: line, firstByte: bytes.first, byteLength: bytes.length };
}

/** @throws DataError for a number that is no pixel */
function bytesOf(numbers: readonly string[], file: string, line: number): Uint8Array {
  const bad = numbers.find((text) => !/^\d+$/.test(text) || Number(text) > 255);
  if (bad === undefined) return Uint8Array.from(numbers, Number);
  const remedy = "Correct or remove the row.";
  throw new DataError({
    ...{ reason: "badNumber", file, line, expected: "pixels from 0 to 255", received: `"${bad}"` },
    remedy,
  });
}

/** The split of a row. @throws DataError for an unknown Usage */
export function splitOf(row: CsvRow, file: string): Split {
  const usage = row.fields.usage ?? "";
  const split = parseSplit(usage);
  if (split !== undefined) return split;
  const expected = `Usage as Training, PublicTest or PrivateTest; or ${KNOWN_SPLITS}`;
  throw new DataError({ reason: "badLabelFile", file, line: row.line, expected, received: `"${usage}"` });
}

async function* readFolders(root: string, options: ReadOptions): AsyncGenerator<Sample> {
  const parts = splitFolders(root).sort((a, b) => SPLITS.indexOf(a.split) - SPLITS.indexOf(b.split));
  reportOthers(root, parts, options);
  const order = orderOfFolders(root, parts, options);
  for (const { name: folder, split } of parts) {
    for (const { path, trail, files } of walk(join(root, folder), options.onProblem)) {
      const isOfClass = trail.length > 0;
      for (const name of files) if (!isOfClass || !isImage(name)) options.onLeftOut?.(join(path, name));
      const images = files.filter(isImage);
      if (!isOfClass || images.length === 0) continue;
      const expression = classOf(basename(path), order);
      if (expression === undefined) options.onProblem(unknownClass(path, order));
      else
        for (const name of images)
          yield { source: { kind: "still", path: join(path, name) }, expression, split };
    }
  }
}

/**
 * The order that folders named by numbers have; undefined if they are named by words.
 * @throws DataError, a fatal one, if the order is not asked for: copies of FER2013, AffectNet and RAF-DB number their folders differently
 */
function orderOfFolders(
  root: string,
  parts: readonly { name: string }[],
  { labelNumbers, onLabelNumbers }: ReadOptions,
): ExpressionOrder | undefined {
  const numbered = parts.find(({ name }) => hasNumberedFolders(join(root, name)));
  if (numbered === undefined) return undefined;
  const part = join(root, numbered.name);
  if (labelNumbers === undefined) throw unknownOrder(part);
  onLabelNumbers?.(labelNumbers, `${part}: names of folders`);
  return labelNumbers;
}

function classOf(name: string, order: ExpressionOrder | undefined): Expression | undefined {
  const number = expressionNumber(name);
  if (number === undefined) return parseClassName(name);
  return order && EXPRESSION_ORDERS[order][number];
}

/**
 * Files beside the parts are left out.
 * @throws DataError, a fatal one, for a folder beside them that has classes as well: under an unknown name it is no part
 */
function reportOthers(root: string, parts: readonly { name: string }[], options: ReadOptions): void {
  const others = foldersIn(root).filter((folder) => !parts.some(({ name }) => name === folder));
  const unknown = others.find((name) => hasClasses(join(root, name)));
  if (unknown !== undefined) throw unknownPart(join(root, unknown));
  for (const name of filesIn(root)) options.onLeftOut?.(join(root, name));
  for (const other of others)
    for (const { path, files } of walk(join(root, other), options.onProblem))
      for (const name of files) options.onLeftOut?.(join(path, name));
}

const unknownPart = (path: string): DataError =>
  new DataError({
    reason: "badSplit",
    file: path,
    expected: `a folder named after a split, ${KNOWN_SPLITS}`,
    received: `"${basename(path)}" with folders of expressions`,
    remedy: "Rename the folder, or move it elsewhere.",
    isFatal: true,
  });

const unknownClass = (path: string, order: ExpressionOrder | undefined): DataError =>
  new DataError({
    reason: "badExpression",
    file: path,
    expected: `a folder named after an expression${order ? `, or 0 to ${EXPRESSION_ORDERS[order].length - 1}` : ""}`,
    received: `"${basename(path)}"`,
    remedy: "Rename or remove the folder.",
  });
