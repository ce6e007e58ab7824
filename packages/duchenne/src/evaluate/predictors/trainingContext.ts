import type { Tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import type { LoadedBackbone } from "../../ssl/run/loadBackbone.ts";
import type { ProbeImage } from "../data/readImages.ts";
import type { Splits } from "../data/splits.ts";
import type { Targets } from "../data/targets.ts";
import type { ViewFunction } from "../features/embed.ts";
import type { ProbeSettings } from "../schema/options.ts";
import type { OnStep, ValidationScore } from "./fit.ts";
import type { FitStateFolder } from "./fitState.ts";
import type { OutputChange } from "./outputChange.ts";

/** The inputs that all trainings of an evaluation share. */
export interface TrainingContext {
  readonly loaded: Pick<LoadedBackbone, "backbone" | "size">;
  readonly store: FrameStore;
  readonly settings: ProbeSettings;
  readonly images: readonly ProbeImage[];
  readonly splits: Splits;
  readonly targets: Targets;
  readonly device: string;
  /** The plain view of an image. */
  readonly view: ViewFunction;
  /** [views · images, d] of all images; undefined in mode finetune. */
  readonly features: Tensor | undefined;
  readonly yieldTurn: YieldTurn;
}

/** Callbacks of a training. */
export interface TrainingHooks {
  readonly onStep: OnStep;
  /**
   * Called with the chosen weights, `backbone.…` and `predictor.…`, which are valid during the call; never in mode knn.
   * @param change that is made to their outputs; undefined: none
   */
  readonly onBest?: (weights: ReadonlyMap<string, Tensor>, change?: OutputChange) => void;
  /** Where the training is kept after each round; undefined: nowhere. */
  readonly folder?: FitStateFolder | undefined;
}

/** What a training gives. */
export interface TrainedOutputs {
  /** [test · outputs] of the chosen weights, and of those after the last update. */
  readonly best: Float32Array;
  readonly last: Float32Array;
  /** Updates done when the weights were chosen. */
  readonly bestStep: number;
  readonly steps: number;
  readonly history: readonly ValidationScore[];
}
