import { nn, noGrad, type Tensor, tensor } from "@duchenne/torch";
import { STANDARD_DEVIATION } from "../../lib/imageNet.ts";
import { Block, convolution, type Init } from "./residual.ts";

const { AdaptiveAvgPool2d, BatchNorm2d, chain, Module, ReLU, Sequential } = nn;

const STEM = 32;
/** Channels and blocks of the stages, each of which halves the side. */
const STAGES = [
  [48, 1],
  [112, 2],
  [224, 2],
  [384, 1],
] as const;
/** Weights of red, green and blue in luminance. @see ITU-R BT.601 */
const LUMINANCE = [0.299, 0.587, 0.114] as const;

/**
 * A residual network of 4.2 million parameters for 48 px faces. It sees luminance alone, so that what it learns from grey images
 * holds for colour: a fixed 1x1 convolution turns normalised RGB into one channel. A 3x3 stem keeps the whole side, since a face of 48 px has no
 * detail to give away; four stages of 48, 112, 224 and 384 channels follow. It has no classifier.
 */
export class SlimResNet extends Module {
  /** Numbers per image after pooling. */
  readonly features = STAGES[3][0];
  readonly layers: readonly nn.Module[];

  constructor(init: Init = {}) {
    super();
    const stages: nn.Sequential[] = [];
    let inputs: number = STEM;
    for (const [channels, count] of STAGES) {
      const blocks: Block[] = [];
      for (let i = 0; i < count; i++) {
        blocks.push(new Block(inputs, channels, i === 0 ? 2 : 1, false, init));
        inputs = channels;
      }
      stages.push(this.child(`layer${stages.length + 1}`, new Sequential(...blocks)));
    }
    this.layers = [
      this.child("luminance", luminance(init)),
      this.child("bn0", new BatchNorm2d(1)),
      this.child("conv1", convolution(1, STEM, 3, 1, init)),
      this.child("bn1", new BatchNorm2d(STEM)),
      new ReLU({ inPlace: true }),
      ...stages,
      new AdaptiveAvgPool2d(1),
    ];
    this.to({ memoryFormat: "channelsLast" });
  }

  /** Pooled features: [n, 3, h, w] to [n, 384]. */
  embed(images: Tensor): Tensor {
    return chain(images.contiguous("channelsLast"), ...this.layers).flatten(1);
  }

  override forward(images: Tensor): Tensor {
    return this.embed(images);
  }
}

/** Luminance of images that were normalised with ImageNet's statistics, but for a constant, which the batch norm after it takes away. */
function luminance(init: Init): nn.Conv2d {
  const made = convolution(3, 1, 1, 1, init);
  const weights = Float32Array.from(LUMINANCE, (weight, i) => weight * STANDARD_DEVIATION[i]!);
  noGrad(() => made.weight.copy_(tensor(weights, { shape: [1, 3, 1, 1] })));
  made.weight.requiresGrad_(false);
  return made;
}
