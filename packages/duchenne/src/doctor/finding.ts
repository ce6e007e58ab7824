/** What the doctor finds of one thing. */

/** Something that a package manager installs; `REMEDIES` has its names. */
export type Remedy =
  | "node"
  | "headers"
  | "compiler"
  | "libtorch"
  | "blas"
  | "dlib"
  | "landmarks"
  | "ffmpeg"
  | "fonts"
  | "onnxruntime"
  | "pages";

/** `ok`; `slow` works, but not well; `missing` keeps commands from working; `optional` is not there and not needed. */
export type Status = "ok" | "slow" | "missing" | "optional";

/** One thing that was looked for. */
export interface Finding {
  /** What was looked for: `libtorch`. */
  readonly name: string;
  readonly status: Status;
  /** What was found, or what is missing and what for. */
  readonly found: string;
  /** What to install, if anything. */
  readonly remedy?: Remedy;
}

/** All findings, and the commands that mend them. */
export interface Diagnosis {
  /** False if something is missing that commands need. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** Commands by system; only of what is missing or slow. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
  /** The one for this system, as `commands` has it. */
  readonly system: string;
}
