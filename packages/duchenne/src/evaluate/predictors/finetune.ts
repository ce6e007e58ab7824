/** Fine-tuning: backbone and predictor trained together. */
import { autocast, type Generator, nn, ops, type Tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import type { Random } from "../../lib/random.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import type { Backbone } from "../../ssl/backbones/index.ts";
import { usesAutocast } from "../../ssl/config/autocast.ts";
import { trainingView, type ViewChanges } from "../data/imageViews.ts";
import type { ViewOptions } from "../data/warpView.ts";
import { type Embedder, embedFrames, type ViewFunction } from "../features/embed.ts";
import type { ProbeSettings } from "../schema/options.ts";
import type { TrainablePredictor } from "./fit.ts";
import { mixImages } from "./mixing.ts";
import { semiLoss, type ViewOutputs } from "./semi.ts";

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

  /** @param images [n, 3, h, w]   @returns [n, outputs], and the backbone's [n, d] that they are made from */
  withFeatures(images: Tensor): ViewOutputs {
    const features = this.#backbone.embed(images);
    return { features, outputs: this.#predictor.call(features) };
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
  /** Frame keys of the images that teach without a label; empty without `semi`. */
  readonly unlabelled: readonly number[];
}

/** A predictor that is trained together with its backbone. */
export interface FineTunedPredictor extends TrainablePredictor {
  /** Outputs [n · outputs] as they are evaluated: with `flipTest`, means over the image and its mirror image. */
  testOutputs(indices: readonly number[]): Promise<Float32Array>;
}

/** Trains backbone and predictor together, on changed views of frames that are read as needed. */
export function fineTunedPredictor(
  network: FineTuned,
  { store, keys, view, options, settings, random, unlabelled }: FineTuneData,
  yieldTurn: YieldTurn,
): FineTunedPredictor {
  const keysOf = (indices: readonly number[]) => indices.map((i) => keys[i]!);
  const device = String(options.device);
  const narrows = usesAutocast({ device, autocast: settings.autocast });
  const forward = (images: Tensor): ViewOutputs => {
    const compute = () => network.withFeatures(images.contiguous("channelsLast"));
    if (!narrows) return compute();
    const { outputs, features } = autocast({ device: device.startsWith("cuda") ? "cuda" : "cpu" }, compute);
    return { outputs: outputs.to({ dtype: "float32" }), features: features.to({ dtype: "float32" }) };
  };
  const viewOf = (own: readonly number[], changes: ViewChanges, rng: Random) =>
    trainingView(store.readFrames([...own]), { ...options, ...changes }, rng);
  const outputs = (embedder: Embedder, indices: readonly number[]) =>
    embedFrames(embedder, store, keysOf(indices), view, yieldTurn, () => {});
  return {
    network,
    onOneThread: false,
    random,
    trainOutputs: (indices, rng) => {
      const plain = viewOf(keysOf(indices), changesOf(settings), rng);
      const { images, mixed } = mixImages(plain, settings, rng.fork("mix"));
      if (!settings.semi) return { outputs: forward(images).outputs, mixed };
      const drawn = drawUnlabelled(unlabelled, indices.length, rng.fork("semi"));
      const mild = viewOf(drawn, {}, rng.fork("semi/mild"));
      const strong = viewOf(drawn, strongChanges(settings), rng.fork("semi/strong"));
      // One pass: batch normalisation sees all of them together.
      const all = forward(ops.cat([images, mild, strong]));
      const part = (start: number, count: number): ViewOutputs => ({
        outputs: ops.narrow(all.outputs, 0, start, count),
        features: ops.narrow(all.features, 0, start, count),
      });
      const [own, n] = [indices.length, drawn.length];
      const { semiThreshold: threshold, semiContrast: contrast } = settings;
      const unlabelledLoss = semiLoss(part(own, n), part(own + n, n), { threshold, contrast });
      return { outputs: part(0, own).outputs, mixed, unlabelledLoss };
    },
    outputs: (indices) => outputs(network, indices),
    testOutputs: (indices) => outputs(settings.flipTest ? mirrored(network) : network, indices),
  };
}

const changesOf = ({ rotate, zoom, erase }: ProbeSettings): ViewChanges => ({ rotate, zoom, erase });

/** Of the view that a pseudo-label is for: it must be harder than the one that the label comes from. */
const strongChanges = ({ rotate, zoom }: ProbeSettings): ViewChanges => ({
  rotate: Math.max(rotate, 15),
  zoom: Math.max(zoom, 0.2),
  erase: 1,
});

/** Draws different ones: a second copy would count as another face in the contrastive term. */
function drawUnlabelled(keys: readonly number[], count: number, rng: Random): number[] {
  const drawn = new Set<number>();
  const wanted = Math.min(count, keys.length);
  while (drawn.size < wanted) drawn.add(rng.choice(keys));
  return [...drawn];
}

/** The mean of a network's outputs for images and for their mirror images. */
const mirrored = (network: FineTuned): Embedder => ({
  features: network.features,
  embed: (images) =>
    network
      .embed(images)
      .add(network.embed(ops.flip(images, [3]).contiguous("channelsLast")))
      .mul(0.5),
});
