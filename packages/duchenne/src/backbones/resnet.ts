// ResNets with torchvision's names, so that its weights, and everyone's who used it, load.
import { type Generator, type MemoryFormat, nn, type Tensor } from "@duchenne/torch";

const { BatchNorm2d, Conv2d, chain, Linear, MaxPool2d, AdaptiveAvgPool2d, Module, ReLU, Sequential } = nn;

/** Blocks per stage, and whether they are bottlenecks (1x1, 3x3, 1x1 with four times the channels). */
export const RESNETS = {
  resnet18: { blocks: [2, 2, 2, 2], bottleneck: false },
  resnet34: { blocks: [3, 4, 6, 3], bottleneck: false },
  resnet50: { blocks: [3, 4, 6, 3], bottleneck: true },
  resnet101: { blocks: [3, 4, 23, 3], bottleneck: true },
} as const;

export type ResNetName = keyof typeof RESNETS;

export interface ResNetOptions {
  /** Outputs of the last layer `fc`. Default 1000, ImageNet's. */
  numClasses?: number;
  /** Draws the initial weights. Default: the device's own. */
  generator?: Generator;
  /** How images lie in memory; channels last is faster on CPU and GPU alike. Default channelsLast. */
  memoryFormat?: MemoryFormat;
}

type Init = Pick<ResNetOptions, "generator">;

function convolution(inputs: number, outputs: number, size: number, stride: number, init: Init): nn.Conv2d {
  const made = new Conv2d(inputs, outputs, size, {
    stride,
    padding: Math.floor(size / 2),
    bias: false,
    ...init,
  });
  nn.init.kaimingNormal_(made.weight, "fanOut", init);
  return made;
}

/** The shape of a block and where the stride falls: on the first 3x3, as torchvision has it ("v1.5" for bottlenecks). */
function layerShapes(inputs: number, planes: number, stride: number, bottleneck: boolean) {
  const outputs = planes * (bottleneck ? 4 : 1);
  const shapes: [inputs: number, outputs: number, size: number, stride: number][] = bottleneck
    ? [
        [inputs, planes, 1, 1],
        [planes, planes, 3, stride],
        [planes, outputs, 1, 1],
      ]
    : [
        [inputs, planes, 3, stride],
        [planes, outputs, 3, 1],
      ];
  return { outputs, shapes };
}

/** Convolutions around a shortcut: [n, inputs, h, w] to [n, outputs, h / stride, w / stride]. */
class Block extends Module {
  readonly outputs: number;
  readonly #steps: nn.Module[] = [];
  readonly #downsample: nn.Module | undefined;
  readonly #relu = new ReLU({ inPlace: true });

  constructor(inputs: number, planes: number, stride: number, bottleneck: boolean, init: Init) {
    super();
    const { outputs, shapes } = layerShapes(inputs, planes, stride, bottleneck);
    this.outputs = outputs;
    for (const [i, [from, to, size, step]] of shapes.entries()) {
      if (i > 0) this.#steps.push(this.#relu);
      this.#steps.push(this.child(`conv${i + 1}`, convolution(from, to, size, step, init)));
      this.#steps.push(this.child(`bn${i + 1}`, new BatchNorm2d(to)));
    }
    if (stride !== 1 || inputs !== outputs)
      this.#downsample = this.child(
        "downsample",
        new Sequential(convolution(inputs, outputs, 1, stride, init), new BatchNorm2d(outputs)),
      );
  }

  override forward(x: Tensor): Tensor {
    const residual = chain(x, ...this.#steps);
    const shortcut = this.#downsample ? this.#downsample.call(x) : x;
    return this.#relu.call(residual.add_(shortcut));
  }
}

/**
 * A residual network: images [n, 3, h, w] to logits [n, numClasses], or to features [n, features] by `embed`.
 * @see He et al. 2016, arXiv:1512.03385; names and initialisation as torchvision's
 */
export class ResNet extends Module {
  /** Numbers per image after pooling: 512, or 2048 for bottlenecks. */
  readonly features: number;
  readonly #stem: nn.Module[];
  readonly #stages: nn.Module[] = [];
  readonly #pool = new AdaptiveAvgPool2d(1);
  readonly #fc: nn.Module;
  readonly #memoryFormat: MemoryFormat;

  constructor(
    readonly name: ResNetName,
    { numClasses = 1000, memoryFormat = "channelsLast", ...init }: ResNetOptions = {},
  ) {
    super();
    const { blocks, bottleneck } = RESNETS[name];
    this.#memoryFormat = memoryFormat;
    this.#stem = [
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
      this.#stages.push(this.child(`layer${i + 1}`, new Sequential(...stage)));
    }
    this.features = inputs;
    this.#fc = this.child("fc", new Linear(inputs, numClasses, init));
    this.to({ memoryFormat });
  }

  /** Pooled features: [n, 3, h, w] to [n, features]. */
  embed(images: Tensor): Tensor {
    const x = images.contiguous(this.#memoryFormat);
    return chain(x, ...this.#stem, ...this.#stages, this.#pool).flatten(1);
  }

  override forward(images: Tensor): Tensor {
    return this.#fc.call(this.embed(images));
  }
}
