// ResNets with torchvision's names, so that its weights, and everyone's who used it, load.
import { type MemoryFormat, nn, type Tensor } from "@duchenne/torch";
import { Block, convolution, type Init } from "./residual.ts";

const { BatchNorm2d, chain, Linear, MaxPool2d, AdaptiveAvgPool2d, Module, ReLU, Sequential } = nn;

/** Blocks per stage, and whether they are bottlenecks (1x1, 3x3, 1x1 with four times the channels). */
export const RESNETS = {
  resnet18: { blocks: [2, 2, 2, 2], bottleneck: false },
  resnet34: { blocks: [3, 4, 6, 3], bottleneck: false },
  resnet50: { blocks: [3, 4, 6, 3], bottleneck: true },
  resnet101: { blocks: [3, 4, 23, 3], bottleneck: true },
} as const;

/** Name of a ResNet, as torchvision has it. */
export type ResNetName = keyof typeof RESNETS;

/** Options of `ResNet`. */
export interface ResNetOptions extends Init {
  /** Outputs of the last layer `fc`. Default 1000, ImageNet's; 0 leaves `fc` out. */
  numClasses?: number;
  /** How images lie in memory; channels last is faster on CPU and GPU alike. Default channelsLast. */
  memoryFormat?: MemoryFormat;
}

/**
 * A residual network: images [n, 3, h, w] to logits [n, numClasses], or to features [n, features] by `embed`, and by
 * `forward` too if there is no classifier.
 * @see He et al. 2016, arXiv:1512.03385; names and initialisation as torchvision's
 */
export class ResNet extends Module {
  /** Numbers per image after pooling: 512, or 2048 for bottlenecks. */
  readonly features: number;
  readonly layers: readonly nn.Module[];
  readonly #fc: nn.Module | undefined;
  readonly #memoryFormat: MemoryFormat;

  constructor(
    readonly name: ResNetName,
    { numClasses = 1000, memoryFormat = "channelsLast", ...init }: ResNetOptions = {},
  ) {
    super();
    const { blocks, bottleneck } = RESNETS[name];
    this.#memoryFormat = memoryFormat;
    const layers: nn.Module[] = [
      this.child("conv1", convolution(3, 64, 7, 2, init)),
      this.child("bn1", new BatchNorm2d(64)),
      new ReLU({ inPlace: true }),
      new MaxPool2d(3, { stride: 2, padding: 1 }),
    ];
    let inputs = 64;
    for (const [i, count] of blocks.entries()) {
      const stage: Block[] = [];
      for (let j = 0; j < count; j++) {
        const block = new Block(inputs, 64 << i, j === 0 && i > 0 ? 2 : 1, bottleneck, init);
        stage.push(block);
        inputs = block.outputs;
      }
      layers.push(this.child(`layer${i + 1}`, new Sequential(...stage)));
    }
    this.layers = [...layers, new AdaptiveAvgPool2d(1)];
    this.features = inputs;
    if (numClasses > 0) this.#fc = this.child("fc", new Linear(inputs, numClasses, init));
    this.to({ memoryFormat });
  }

  /** Pooled features: [n, 3, h, w] to [n, features]. */
  embed(images: Tensor): Tensor {
    const x = images.contiguous(this.#memoryFormat);
    return chain(x, ...this.layers).flatten(1);
  }

  override forward(images: Tensor): Tensor {
    const features = this.embed(images);
    return this.#fc ? this.#fc.call(features) : features;
  }
}
