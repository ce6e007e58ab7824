/** Fine-tuning: backbone and predictor trained together. */
import { nn, type Tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import type { Backbone } from "../../ssl/backbones/index.ts";
import { trainingView, type ViewOptions } from "../data/imageViews.ts";
import { embedFrames, type ViewFunction } from "../features/embed.ts";
import type { TrainablePredictor } from "./fit.ts";

/** A backbone followed by a predictor: images [n, 3, h, w] to outputs [n, outputs]. */
export class FineTuned extends nn.Module {
  readonly #backbone: Backbone;
  readonly #predictor: nn.Module;

  constructor(
    backbone: Backbone,
    predictor: nn.Module,
    /** Number of outputs per image. */
    readonly features: number,
  ) {
    super();
    this.#backbone = this.child("backbone", backbone);
    this.#predictor = this.child("predictor", predictor);
  }

  embed(images: Tensor): Tensor {
    return this.#predictor.call(this.#backbone.embed(images));
  }

  override forward(images: Tensor): Tensor {
    return this.embed(images);
  }
}

/** Where fine-tuning reads its images. */
export interface FineTuneData {
  readonly store: FrameStore;
  /** [images] frame keys. */
  readonly keys: readonly number[];
  /** The plain view, for validation and test. */
  readonly view: ViewFunction;
  /** Of the training views. */
  readonly options: ViewOptions;
}

/** Trains backbone and predictor together, on changed views of frames that are read as needed. */
export function fineTunedPredictor(
  network: FineTuned,
  { store, keys, view, options }: FineTuneData,
  yieldTurn: YieldTurn,
): TrainablePredictor {
  const keysOf = (indices: readonly number[]) => indices.map((i) => keys[i]!);
  return {
    network,
    onOneThread: false,
    trainOutputs: (indices, rng) => {
      const images = trainingView(store.readFrames(keysOf(indices)), options, rng);
      return network.call(images.contiguous("channelsLast"));
    },
    outputs: (indices) => embedFrames(network, store, keysOf(indices), view, yieldTurn, () => {}),
  };
}
