/** Fine-tuning: backbone and predictor trained together. */
import { autocast, type Generator, nn, ops, type Tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import type { Backbone } from "../../ssl/backbones/index.ts";
import { usesAutocast } from "../../ssl/config/autocast.ts";
import { trainingView, type ViewOptions } from "../data/imageViews.ts";
import { type Embedder, embedFrames, type ViewFunction } from "../features/embed.ts";
import type { ProbeSettings } from "../schema/options.ts";
import type { TrainablePredictor } from "./fit.ts";
import { mixImages } from "./mixing.ts";

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

/** Where fine-tuning reads its images, and how it sees them. */
export interface FineTuneData {
  readonly store: FrameStore;
  /** [images] frame keys. */
  readonly keys: readonly number[];
  /** The plain view, for validation and test. */
  readonly view: ViewFunction;
  /** Of the training views. */
  readonly options: ViewOptions;
  readonly settings: ProbeSettings;
  /** Draws dropout. */
  readonly random: Generator;
}

/** A predictor that is trained together with its backbone. */
export interface FineTunedPredictor extends TrainablePredictor {
  /** Outputs [n · outputs] as they are evaluated: with `flipTest`, means over the image and its mirror image. */
  testOutputs(indices: readonly number[]): Promise<Float32Array>;
}

/** Trains backbone and predictor together, on changed views of frames that are read as needed. */
export function fineTunedPredictor(
  network: FineTuned,
  { store, keys, view, options, settings, random }: FineTuneData,
  yieldTurn: YieldTurn,
): FineTunedPredictor {
  const keysOf = (indices: readonly number[]) => indices.map((i) => keys[i]!);
  const device = String(options.device);
  const forward = usesAutocast({ device, autocast: settings.autocast })
    ? (images: Tensor) =>
        autocast({ device: device.startsWith("cuda") ? "cuda" : "cpu" }, () => network.call(images)).to({
          dtype: "float32",
        })
    : (images: Tensor) => network.call(images);
  const outputs = (embedder: Embedder, indices: readonly number[]) =>
    embedFrames(embedder, store, keysOf(indices), view, yieldTurn, () => {});
  return {
    network,
    onOneThread: false,
    random,
    trainOutputs: (indices, rng) => {
      const plain = trainingView(
        store.readFrames(keysOf(indices)),
        { ...options, ...changesOf(settings) },
        rng,
      );
      const { images, mixed } = mixImages(plain, settings, rng.fork("mix"));
      return { outputs: forward(images.contiguous("channelsLast")), mixed };
    },
    outputs: (indices) => outputs(network, indices),
    testOutputs: (indices) => outputs(settings.flipTest ? mirrored(network) : network, indices),
  };
}

const changesOf = ({ rotate, zoom, erase }: ProbeSettings) => ({ rotate, zoom, erase });

/** The mean of a network's outputs for images and for their mirror images. */
const mirrored = (network: FineTuned): Embedder => ({
  features: network.features,
  embed: (images) =>
    network
      .embed(images)
      .add(network.embed(ops.flip(images, [3]).contiguous("channelsLast")))
      .mul(0.5),
});
