import { loadWeights, noGrad, scope, type Tensor, tensor } from "@duchenne/torch";
import type { FeatureExtractor } from "../../data/prepare/features.ts";
import { PrepareOptionError } from "../../data/prepare/optionError.ts";
import { setting } from "../../lib/errors.ts";
import { MEAN, STANDARD_DEVIATION } from "../../lib/imageNet.ts";
import { FoldedBackbone } from "../backbones/folded.ts";
import { ResNet } from "../backbones/resnet.ts";
import { eyeAndMouthCrops, PART_SIZE } from "./partCrop.ts";

const PIXELS = PART_SIZE ** 2;
/** 512 numbers of the eye crop, 512 of the mouth crop. */
const FEATURE_LENGTH = 1024;

/** The classifier is not used, and old files lack the counters of BatchNorm. */
const DISPENSABLE = /^fc\.|num_batches_tracked$/;

/**
 * The published eye+mouth feature: an ImageNet ResNet-18 without its classifier, in eval mode, over an eye crop and a
 * mouth crop.
 * @see Shu et al. 2022, section 3.4
 */
export class ResNetExtractor implements FeatureExtractor {
  readonly #backbone: FoldedBackbone;

  /**
   * @param weights path of torchvision's resnet18 weights, .pth or .safetensors
   * @throws WeightsError if the file is none; PrepareOptionError if it is another network's
   */
  constructor(weights: string) {
    using model = new ResNet("resnet18").eval();
    const { missing, mismatched, unexpected } = loadWeights(model, weights, { strict: false });
    const wrong = [
      ...missing.filter((name) => !DISPENSABLE.test(name)),
      ...mismatched.map(({ name }) => name),
      ...unexpected,
    ];
    if (wrong.length > 0)
      throw new PrepareOptionError(
        setting("weights"),
        "weights of a ResNet-18",
        `${weights}: ${wrong[0]}`,
        "Fetch them with `duchenne weights resnet18`.",
      );
    this.#backbone = new FoldedBackbone(model);
  }

  /** @param images [n] of [size, size, 3] RGB   @param landmarks [n] of [68 · 2] in crop pixels   @returns [n] of [1024] */
  compute(images: readonly Uint8Array[], landmarks: readonly Float32Array[], size: number): Float32Array[] {
    if (images.length === 0) return [];
    const parts = images.flatMap((image, i) => eyeAndMouthCrops(image, landmarks[i]!, size));
    const values = noGrad(() => scopedValues(() => this.#backbone.embed(batchOf(parts))));
    return images.map((_, i) => values.slice(i * FEATURE_LENGTH, (i + 1) * FEATURE_LENGTH));
  }

  /** The paper's features are of single frames. */
  adjustTrack(features: readonly Float32Array[]): readonly Float32Array[] {
    return features;
  }
}

/** What `prepare` calls in each of its threads. @param weights path of the weights file; see `ResNetExtractor` */
export function loadFeature(weights: string): FeatureExtractor {
  return new ResNetExtractor(weights);
}

function scopedValues(closure: () => Tensor): Float32Array {
  return scope(() => Float32Array.from(closure().toTypedArray() as Float32Array));
}

/** [n] of [64, 64, 3] bytes to a normalised [n, 3, 64, 64]. */
function batchOf(parts: readonly Uint8Array[]): Tensor {
  const values = new Float32Array(parts.length * 3 * PIXELS);
  parts.forEach((part, n) => {
    for (let channel = 0; channel < 3; channel++) {
      const offset = (n * 3 + channel) * PIXELS;
      const [mean, deviation] = [MEAN[channel]!, STANDARD_DEVIATION[channel]!];
      for (let i = 0; i < PIXELS; i++) values[offset + i] = (part[3 * i + channel]! / 255 - mean) / deviation;
    }
  });
  return tensor(values, { shape: [parts.length, 3, PART_SIZE, PART_SIZE] });
}
