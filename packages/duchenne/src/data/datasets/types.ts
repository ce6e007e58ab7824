import { ExplainedError } from "../../lib/errors.ts";
import type { ExpressionOrder } from "../../lib/expressions.ts";
import type { Split } from "../../lib/splitNames.ts";
import type { FrameLabels } from "../store/record.ts";

/** A rectangle in pixels of the image, as label files give it. */
export type FaceBox = { left: number; top: number; width: number; height: number };

/** Where a sample's pixels are. Paths are absolute. */
export type SampleSource =
  | { kind: "video"; path: string }
  | { kind: "frames"; path: string; frameRateHz: number }
  | { kind: "still"; path: string; box?: FaceBox }
  /** A grey image written as numbers in a CSV row; the bytes are read when they are needed. */
  | { kind: "pixels"; path: string; row: number; firstByte: number; byteLength: number }
  /** The same of a file whose encoding has no byte for each character: the pixels are kept. */
  | { kind: "pixels"; path: string; row: number; pixels: Uint8Array };

/** One item of a data set: its source and its labels. A label without a time holds for the whole source. */
export type Sample = FrameLabels & {
  source: SampleSource;
  /** Time within a video that the labels belong to. */
  timeSeconds?: number;
  /** The person shown. */
  subject?: string;
  /** The part of the data set it belongs to. */
  split?: Split;
};

/** Options of a data set reader. */
export type ReadOptions = {
  /** Folders between a clip and the one that is named after the person; the data set's own default if absent. */
  personLevel?: number;
  /** Called for every label row or file that cannot be used; may throw to stop. */
  onProblem: (problem: DataError) => void;
  /** Called with what a reader ignores or assumes. */
  onNotice?: (message: string) => void;
  /**
   * Order of the expressions that numbers as labels mean, in a table of the user's own or as names of class folders. If absent, a table's
   * is that of its column's name, and numbered folders are an error.
   */
  labelNumbers?: ExpressionOrder;
  /** Called if labels are numbers, with the order taken and the file or column. */
  onLabelNumbers?: (order: ExpressionOrder, place: string) => void;
  /** Called with every file that the layout does not read. */
  onLeftOut?: (path: string) => void;
};

/** One reader of a layout. */
export type DataSet = {
  /** The layout in one line, for help and errors. */
  layout: string;
  /** Images show the face alone already: no detection unless asked for. */
  facesAreCropped: boolean;
  /** Folders between a clip and the person's, if it is a tree of people. */
  personLevel: number;
  /** True if `path` has this layout. */
  detect: (path: string) => boolean;
  /** Files of `path` that the labels are read from; absent if the layout has none. */
  labelFiles?: (path: string) => string[];
  /** The samples in a fixed order, one source's next to each other. */
  read: (path: string, options: ReadOptions) => AsyncIterable<Sample>;
};

/** Why a file, row or label cannot be used. */
export type DataErrorReason =
  | "unreadable"
  | "missingFile"
  | "wrongColumns"
  | "badNumber"
  | "badExpression"
  | "badLabelFile"
  | "badSplit"
  | "conflict";

/** What to do about an error, unless the error says otherwise. */
const REMEDIES: Readonly<Record<DataErrorReason, string>> = {
  unreadable: "Check that the file exists, is complete and can be read.",
  missingFile: "Add the file, or remove its row.",
  wrongColumns: "Correct the columns.",
  badNumber: "Correct the number, or leave the field empty.",
  badExpression: "Correct the label, or leave it out.",
  badSplit: "Correct the name, or leave the field empty.",
  badLabelFile: "Correct or remove the label file.",
  conflict: "Correct or remove the row.",
};

/** A file, row or label of a data set that cannot be used. */
export class DataError extends ExplainedError {
  override readonly name = "DataError";
  readonly reason: DataErrorReason;
  readonly file: string;
  readonly line: number | undefined;
  /** True if it is a fault of the file rather than of a row: reading on would give wrong data. */
  readonly isFatal: boolean;

  constructor(
    about: {
      reason: DataErrorReason;
      file: string;
      line?: number | undefined;
      expected: string;
      received: string;
      /** What to do, as a sentence; default: by the reason. */
      remedy?: string;
      isFatal?: boolean;
    },
    options?: ErrorOptions,
  ) {
    const place = about.line === undefined ? about.file : `${about.file}:${about.line}`;
    super(place, about.expected, about.received, about.remedy ?? REMEDIES[about.reason], options);
    this.reason = about.reason;
    this.file = about.file;
    this.line = about.line;
    this.isFatal = about.isFatal ?? false;
  }
}
