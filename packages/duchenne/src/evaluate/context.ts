import type { Device } from "@duchenne/torch";
import type { FrameStore } from "../data/store/frameStore.ts";
import type { YieldTurn } from "../lib/yieldTurn.ts";
import type { LoadedBackbone } from "../ssl/run/loadBackbone.ts";
import type { Ranks } from "../ssl/train/ranks.ts";
import type { PairFile } from "./identity/verification.ts";
import type { EvaluationPlan } from "./plan.ts";
import type { ProbeSettings } from "./schema/options.ts";
import type { ProbeResult } from "./schema/result.ts";

/** The backbone that `probe` evaluates; `loadBackbone` gives one. */
export type ProbedBackbone = Pick<
  LoadedBackbone,
  "backbone" | "arch" | "size" | "dataset" | "origin" | "description"
> &
  Partial<Pick<LoadedBackbone, "from" | "earlier">>;

/** How far an evaluation is. */
export interface ProbeProgress {
  /** "duplicates", "features", or a training: "10% labels, seed 1". */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** Latest validation score of a training: macro F1, or mean CCC. */
  readonly score?: number;
  /** Trainings finished, and their total. */
  readonly cellsDone: number;
  readonly cells: number;
}

/** Callbacks of `probe`, its signal to stop, and how long processes wait. */
export interface ProbeHooks {
  /** Called after each batch or update. */
  readonly onProgress?: (progress: ProbeProgress) => void;
  /** Called with the sizes of the splits, duplicates and images left out, before any score. */
  readonly onNotice?: (notice: string) => void;
  /** Stops the evaluation; finished trainings are in `out`. Of several processes, that of any stops all of them while features are computed. */
  readonly signal?: AbortSignal;
  /** How long processes that compute features together wait for each other; default 300. */
  readonly rankTimeoutSeconds?: number;
}

/** The inputs that all stages of an evaluation share. */
export interface ProbeContext {
  readonly loaded: ProbedBackbone;
  readonly store: FrameStore;
  readonly settings: ProbeSettings;
  readonly plan: EvaluationPlan;
  readonly device: Device;
  /** LFW's pairs whose images are in the store; undefined: no verification. */
  readonly pairs: PairFile | undefined;
  /** Folder for features; undefined: none are kept. */
  readonly cache: string | undefined;
  /** Folder for the predictor; undefined: none is saved. */
  readonly predictorFolder: string | undefined;
  /** File of the result; undefined: none is written. */
  readonly out: string | undefined;
  /** Writes the result so far, and returns it. */
  readonly save: (result: ProbeResult) => ProbeResult;
  readonly hooks: ProbeHooks;
  readonly yieldTurn: YieldTurn;
  /** The processes that compute features together; undefined: this one alone. */
  readonly ranks: Ranks | undefined;
}
