/** What the studio's server and its pages say to each other, as JSON. Types only: the pages import this file. */

/** A run's settings by their names in config.json. */
export type RunSettings = Readonly<Record<string, string | number | boolean | null>>;
/** A line of metrics.jsonl: `step` counts updates done. */
export type MetricsPoint = { readonly step: number } & Readonly<Record<string, number | null>>;

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
  readonly newest: MetricsPoint | null;
  /** Updates in all; null where it was told epochs and their length is not known yet. */
  readonly totalSteps: number | null;
  /** Updates done at each checkpoint, rising. */
  readonly checkpoints: readonly number[];
  /** Milliseconds since 1970 of its start, and of the last line; 0 before there is one. */
  readonly startedAt: number;
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
  /** Whether it tells valence and arousal. */
  readonly hasAffect: boolean;
}

/** Lines of a run's log from some byte on. */
export interface MetricsPart {
  readonly lines: readonly MetricsPoint[];
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

/** A batch of a run as the network sees it. */
export interface BatchViews {
  readonly title: string;
  /** The settings that matter to it. */
  readonly subtitle: string;
  readonly notices: readonly string[];
  readonly groups: readonly { readonly title: string; readonly columns: readonly string[] }[];
  readonly rows: readonly BatchRow[];
}

export interface BatchRow {
  /** Who is seen. */
  readonly label: string;
  /** The clip's frames in the store, to move through. */
  readonly clip: ClipFrames | null;
  /** One list for each group, one picture for each of its columns. */
  readonly pictures: readonly (readonly BatchPicture[])[];
}

export interface ClipFrames {
  readonly source: string;
  readonly firstFrame: number;
  readonly frameCount: number;
  readonly frameRateHz: number;
}

export interface BatchPicture {
  /** Where it is to be had. */
  readonly url: string;
  readonly caption: string;
  /** Nothing happened here. */
  readonly isPale: boolean;
  /** Of a frame as stored. */
  readonly key: number | null;
}

/** How far a map is. */
export type MapState =
  | { readonly state: "working"; readonly doing: string; readonly share: number }
  | { readonly state: "done"; readonly map: FaceMap }
  | { readonly state: "failed"; readonly error: string };

/** Faces of a store where a run's checkpoint puts them. */
export interface FaceMap {
  /** Updates done at the checkpoint whose features these are. */
  readonly step: number;
  readonly faces: readonly MappedFace[];
  /** Faces of other clips by falling similarity, one list for each face; of its own clip in `ownNeighbours`. */
  readonly neighbours: readonly (readonly Neighbour[])[];
  readonly ownNeighbours: readonly (readonly Neighbour[])[];
}

export interface MappedFace {
  /** Of the frame in the store. */
  readonly key: number;
  readonly x: number;
  readonly y: number;
  readonly timeSeconds: number;
  readonly person: string | null;
  /** Which source, and which face in it. */
  readonly clip: string;
  readonly split: string | null;
  readonly expression: string | null;
  /** In [-1, 1]; intensity in [0, 1]. */
  readonly valence: number | null;
  readonly arousal: number | null;
  readonly intensity: number | null;
}

export interface Neighbour {
  /** Its place among the faces. */
  readonly face: number;
  /** Cosine of the two embeddings. */
  readonly cosine: number;
}
