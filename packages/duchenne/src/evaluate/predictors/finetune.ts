import { nn, type Tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import type { Backbone } from "../../ssl/backbones/index.ts";
import { trainingView, type ViewOptions } from "../data/imageViews.ts";
import { embedFrames, type ViewFunction } from "../features/embed.ts";
import type { TrainablePredictor } from "./fit.ts";

/** A backbone with a predictor on top: images [n, 3, h, w] to outputs [n, outputs]. */
export class FineTuned extends nn.Module {
  readonly #backbone: Backbone;
  readonly #predictor: nn.Module;

  constructor(
    backbone: Backbone,
    predictor: nn.Module,
    /** Numbers per image. */
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

export interface FineTuneData {
  readonly store: FrameStore;
  /** Frame keys of all images. */
  readonly keys: readonly number[];
  /** How images that are not learned from are seen. */
  readonly view: ViewFunction;
  readonly options: ViewOptions;
}

/** Backbone and predictor, trained together on changed views of frames read as they are needed. */
export function fineTuneLearner(
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
