import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import {
  DATASETS,
  type DataError,
  type DataSetName,
  detectDataSet,
  type Sample,
} from "../../../src/data/datasets/index.ts";
import { temporaryFolder } from "../store/synthetic.ts";

/** Writes files under a fresh folder; contents by path, empty where null. @returns the folder */
export function tree(files: Readonly<Record<string, string | Buffer | null>>, name = "data"): string {
  const root = join(temporaryFolder(), name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content ?? "");
  }
  return root;
}

export type Listing = {
  dataset: DataSetName;
  samples: Sample[];
  /** Paths relative to the root, and what each sample says besides. */
  brief: unknown[];
  problems: DataError[];
  notices: string[];
};

/** Detects the layout and reads all of it. */
export async function list(
  root: string,
  personLevel?: number,
  labelNumbers?: "affectnet" | "fer2013",
): Promise<Listing> {
  const dataset = detectDataSet(root);
  const [samples, problems, notices]: [Sample[], DataError[], string[]] = [[], [], []];
  const options = {
    ...(personLevel !== undefined && { personLevel }),
    onProblem: (p: DataError) => problems.push(p),
    onNotice: (notice: string) => notices.push(notice.replaceAll(`${root}/`, "")),
    onLabelNumbers: (order: string) => notices.push(`numbers: ${order}`),
    ...(labelNumbers && { labelNumbers }),
  };
  for await (const sample of DATASETS[dataset].read(root, options)) samples.push(sample);
  const brief = samples.map(({ source, ...labels }) => [source.kind, relative(root, source.path), labels]);
  return { dataset, samples, brief, problems, notices };
}

/** A `.npy` file, version 1, as numpy writes it. */
export function npy(descr: string, shape: string, data: Buffer): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`;
  const padded = header.padEnd(118 - 1, " ").concat("\n");
  const start = Buffer.from("\x93NUMPY\x01\x00\x00\x00", "latin1");
  start.writeUInt16LE(padded.length, 8);
  return Buffer.concat([start, Buffer.from(padded, "latin1"), data]);
}

export const npyString = (text: string): Buffer =>
  npy(`<U${text.length}`, "", Buffer.from(text, "utf-16le").reduce(utf32, Buffer.alloc(0)));

/** UTF-16 of plain ASCII, byte by byte, to UTF-32. */
function utf32(out: Buffer, byte: number, i: number): Buffer {
  return i % 2 === 0 ? Buffer.concat([out, Buffer.from([byte, 0, 0, 0])]) : out;
}

export function npyDouble(value: number): Buffer {
  const data = Buffer.alloc(8);
  data.writeDoubleLE(value);
  return npy("<f8", "", data);
}
