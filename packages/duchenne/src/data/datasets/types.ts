import type { FrameLabels } from "../store/record.ts";

/** A rectangle in pixels of the image, as label files give it. */
export type FaceBox = { left: number; top: number; width: number; height: number };

/** Where a sample's pixels are. Paths are absolute. */
export type SampleSource =
  | { kind: "video"; path: string }
  | { kind: "frames"; path: string; frameRateHz: number }
  | { kind: "still"; path: string; box?: FaceBox }
  /** A grey image written as numbers in a CSV row; the bytes are read when they are needed. */
  | { kind: "pixels"; path: string; row: number; firstByte: number; byteLength: number };

/** What every data set yields: where to look, and what is known of it. A label without a time holds for all of it. */
export type Sample = FrameLabels & {
  source: SampleSource;
  /** Time within a video that the labels belong to. */
  timeSeconds?: number;
  /** The person shown. */
  subject?: string;
  /** "train", "validation" or "test", or whatever an own CSV says. */
  split?: string;
};

export type ReadOptions = {
  /** Folders between a clip and the one that is named after the person; the data set's own default if absent. */
  personLevel?: number;
  /** Told of every label row or file that cannot be used; may throw to stop. */
  onProblem: (problem: DataError) => void;
  /** Called with every file that the layout does not read. */
  onLeftOut?: (path: string) => void;
};

/** One reader of a layout. */
export type DataSet = {
  /** The layout in one line, for help and errors. */
  layout: string;
  /** Images show the face alone already: no detection unless asked for. */
  facesAreCropped: boolean;
  /** Folders between a clip and the person's, where it is a tree of people. */
  personLevel: number;
  /** True if `path` has this layout. */
  detect: (path: string) => boolean;
  /** The samples in a fixed order, one source's next to each other. */
  read: (path: string, options: ReadOptions) => AsyncIterable<Sample>;
};

export type DataErrorReason =
  | "unreadable"
  | "missingFile"
  | "wrongColumns"
  | "badNumber"
  | "badExpression"
  | "badLabelFile"
  | "conflict";

/** Something wrong in the data: which file, where in it, what was expected and what is there. */
export class DataError extends Error {
  override readonly name = "DataError";
  readonly reason: DataErrorReason;
  readonly file: string;
  readonly line: number | undefined;
  readonly expected: string;
  readonly received: string;

  constructor(
    about: {
      reason: DataErrorReason;
      file: string;
      line?: number | undefined;
      expected: string;
      received: string;
    },
    options?: ErrorOptions,
  ) {
    const place = about.line === undefined ? about.file : `${about.file}:${about.line}`;
    super(`${place}: expected ${about.expected}, received ${about.received}`, options);
    this.reason = about.reason;
    this.file = about.file;
    this.line = about.line;
    this.expected = about.expected;
    this.received = about.received;
  }
}
