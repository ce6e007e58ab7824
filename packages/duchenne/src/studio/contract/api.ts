/**
 * What the studio's pages know of the server: its messages, as JSON, and how the terminal writes durations. The pages import this
 * file; nothing in it, or in what it imports, needs Node.
 */
export { formatDuration } from "../../lib/duration.ts";
export { PACKED_MAP, packMap, unpackMap } from "./packedMap.ts";

/** A run's settings by their names in config.json. */
export type RunSettings = Readonly<Record<string, string | number | boolean | null>>;
/** A line of metrics.jsonl: `step` counts updates done. */
export type MetricsPoint = { readonly step: number } & Readonly<Record<string, number | null>>;

/** Everything found in the given folders. */
export interface Library {
  /** Absolute paths of the searched folders. */
  readonly folders: readonly string[];
  readonly runs: readonly RunEntry[];
  readonly stores: readonly StoreEntry[];
  readonly models: readonly ModelEntry[];
  readonly probes: readonly ProbeEntry[];
  /** Runs, stores, models and saved probes that cannot be read. */
  readonly problems: readonly Problem[];
}

/** A file that cannot be read. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** Something found: `id` identifies it in requests, `name` is its path within the given folder. */
export interface Entry {
  readonly id: string;
  readonly name: string;
}

/** A pre-training run. */
export interface RunEntry extends Entry {
  readonly command: string;
  readonly config: RunSettings;
  /** Limits that the store put on the settings. */
  readonly notices: readonly string[];
  /** Path of the store it was trained on. */
  readonly storePath: string;
  /** The same store among those found; null if the store is outside the given folders, or is gone. */
  readonly storeId: string | null;
  /**
   * "running": a process of this machine trains it now. "stopped": in good order before its end. "failed": its process was
   * killed, or its loss was no number.
   */
  readonly state: "running" | "finished" | "stopped" | "failed";
  /** Seconds from its start to its last line; null before there is one. */
  readonly elapsedSeconds: number | null;
  /** Seconds until it ends, at the pace of its last lines; null if it does not run, or the pace is not known yet. */
  readonly secondsLeft: number | null;
  /** The newest line of its log; null before the first. */
  readonly newest: MetricsPoint | null;
  /** Updates in all; null if the run counts epochs and their length is not known yet. */
  readonly totalSteps: number | null;
  /** Updates done at each checkpoint, rising. */
  readonly checkpoints: readonly number[];
  /** Milliseconds since 1970 of its start, and of the last line; 0 before there is one. */
  readonly startedAt: number;
  readonly changedAt: number;
}

/** A frame store. */
export interface StoreEntry extends Entry {
  readonly people: number;
  readonly clips: number;
  readonly frames: number;
  /** Side of a frame, pixels. */
  readonly size: number;
}

/** A figure with its 95 % interval; null if there is no value. */
export interface Figure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** An exported model. */
export interface ModelEntry extends Entry {
  readonly architecture: string;
  readonly classes: readonly string[];
  /** Whether it predicts valence and arousal. */
  readonly hasAffect: boolean;
  /** Whether it learned from drawn actors or real people. */
  readonly origin: "drawn" | "real" | "mixed" | "unknown";
  /** Terms of the data it learned from, which name that data. */
  readonly learnedFrom: readonly string[];
  /** Macro F1 on its test images, with the 95 % interval; null if it was not measured. */
  readonly macroF1: Figure | null;
}

/** A saved probe. */
export interface ProbeEntry extends Entry {
  /** What it predicts: expressions, or valence and arousal. */
  readonly task: "expression" | "va";
}

/** The results of probes that were found. */
export interface ResultList {
  readonly rows: readonly ResultRow[];
  readonly problems: readonly Problem[];
}

/** The means of one label budget of a probe. */
export interface ResultRow {
  readonly id: string;
  /** Path of the result file within the given folder. */
  readonly file: string;
  /** What was probed. */
  readonly name: string;
  /** Name of the row in the table of a reproduction; null outside of one. */
  readonly rowName: string | null;
  /** The run that was probed, if it is among those found. */
  readonly runId: string | null;
  readonly isComplete: boolean;
  /** Whether too few people were tested for a figure to mean anything. */
  readonly isTooSmall: boolean;
  /** Whether the test images show drawn actors or real people. */
  readonly origin: "drawn" | "real" | "unknown";
  /** Of the probe; its minor ones begin with `probe.`. */
  readonly settings: RunSettings;
  /** Means over the seeds by name, such as `macroF1`. */
  readonly figures: Readonly<Record<string, Figure>>;
}

/** Lines of a run's log from some byte on. */
export interface MetricsPart {
  readonly lines: readonly MetricsPoint[];
  /** Identity of the log, and the byte to request next. */
  readonly log: string;
  readonly next: number;
  /** Whether the log was rewritten: earlier lines are no longer valid. */
  readonly isAnew: boolean;
}

/** Answer of the server to a request that fails. */
export interface Failure {
  readonly error: string;
}

/** A batch of a run as the network sees it. */
export interface BatchViews {
  readonly title: string;
  /** Its most important settings. */
  readonly subtitle: string;
  readonly notices: readonly string[];
  readonly groups: readonly { readonly title: string; readonly columns: readonly string[] }[];
  readonly rows: readonly BatchRow[];
}

/** The pictures of one clip in a batch. */
export interface BatchRow {
  /** The person. */
  readonly label: string;
  /** The clip's frames in the store, to move through. */
  readonly clip: ClipFrames | null;
  /** One list for each group, one picture for each of its columns. */
  readonly pictures: readonly (readonly BatchPicture[])[];
}

/** Frames of a clip in a store. */
export interface ClipFrames {
  readonly source: string;
  readonly firstFrame: number;
  readonly frameCount: number;
  readonly frameRateHz: number;
}

/** A picture of a batch. */
export interface BatchPicture {
  /** Path to request it from. */
  readonly url: string;
  readonly caption: string;
  /** Whether this picture was left unchanged. */
  readonly isPale: boolean;
  /** Key of the stored frame, if the picture is one. */
  readonly key: number | null;
}

/** How far a result is that takes a while. */
export type ComputeState<T> =
  | { readonly state: "working"; readonly doing: string; readonly share: number }
  | { readonly state: "done"; readonly result: T }
  | { readonly state: "failed"; readonly error: string };

/** What a saved probe says of a map's faces, in their order. */
export type MappedPredictions = readonly MappedPrediction[];

/** What a saved probe says of a face; null if it does not predict that, or the face has no label to compare with. */
export interface MappedPrediction {
  /** Name of the expression. */
  readonly predicted: string | null;
  /** Whether that is the face's label. */
  readonly verdict: "right" | "wrong" | null;
  readonly predictedValence: number | null;
  readonly predictedArousal: number | null;
  /** Prediction minus label. */
  readonly valenceError: number | null;
  readonly arousalError: number | null;
}

/** Faces of a store where a run's checkpoint puts them. */
export interface FaceMap {
  /** Updates done at the checkpoint whose features these are. */
  readonly step: number;
  readonly faces: readonly MappedFace[];
  /** Faces of other clips by falling similarity, one list for each face; of its own clip in `ownNeighbours`. */
  readonly neighbours: readonly (readonly Neighbour[])[];
  readonly ownNeighbours: readonly (readonly Neighbour[])[];
}

/** A face on a map. */
export interface MappedFace {
  /** Key of the frame in the store. */
  readonly key: number;
  readonly x: number;
  readonly y: number;
  readonly timeSeconds: number;
  readonly person: string | null;
  /** The source, and the number of the face in it. */
  readonly clip: string;
  readonly split: string | null;
  readonly expression: string | null;
  /** In [-1, 1]; intensity in [0, 1]. */
  readonly valence: number | null;
  readonly arousal: number | null;
  readonly intensity: number | null;
}

/** A neighbour of a face. */
export interface Neighbour {
  /** Its index among the faces. */
  readonly face: number;
  /** Cosine of the two embeddings. */
  readonly cosine: number;
}
