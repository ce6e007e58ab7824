/** What the studio's server and its pages say to each other, as JSON. Types only: the pages import this file. */

/** A run's settings by their names in config.json. */
export type RunSettings = Readonly<Record<string, string | number | boolean | null>>;
/** A line of metrics.jsonl: `step` counts updates done. */
export type MetricsLine = { readonly step: number } & Readonly<Record<string, number | null>>;

/** What was found in the folders given. */
export interface Library {
  /** Absolute paths that were looked through. */
  readonly folders: readonly string[];
  readonly runs: readonly RunEntry[];
  readonly stores: readonly StoreEntry[];
  readonly models: readonly ModelEntry[];
  /** What looked like one of these and cannot be read. */
  readonly problems: readonly Problem[];
}

export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** Something found: `id` is what it is asked for by, `name` its path within the folder given. */
export interface Entry {
  readonly id: string;
  readonly name: string;
}

export interface RunEntry extends Entry {
  readonly command: string;
  readonly config: RunSettings;
  /** What the store did not allow. */
  readonly notices: readonly string[];
  /** Where it was trained on. */
  readonly storePath: string;
  /** The same store among those found; null where it lies outside the folders given, or is gone. */
  readonly storeId: string | null;
  /** Whether a process of this machine trains it now. */
  readonly isTraining: boolean;
  /** The newest line of its log; null before the first. */
  readonly newest: MetricsLine | null;
  /** Updates in all; null where it was told epochs and their length is not known yet. */
  readonly totalSteps: number | null;
  /** Updates done at each checkpoint, rising. */
  readonly checkpoints: readonly number[];
  /** Milliseconds since 1970 of the last line. */
  readonly changedAt: number;
}

export interface StoreEntry extends Entry {
  readonly people: number;
  readonly clips: number;
  readonly frames: number;
  /** Side of a frame, pixels. */
  readonly size: number;
}

export interface ModelEntry extends Entry {
  readonly architecture: string;
  readonly classes: readonly string[];
}

/** Lines of a run's log from some byte on. */
export interface MetricsPart {
  readonly lines: readonly MetricsLine[];
  /** Which log, and the byte to ask for next. */
  readonly log: string;
  readonly next: number;
  /** Whether the log began anew: earlier lines no longer hold. */
  readonly isAnew: boolean;
}

/** What the server says where it cannot do what it is asked. */
export interface Failure {
  readonly error: string;
}
