// What residual networks are made of, with torchvision's names.
import { type Generator, nn, type Tensor } from "@duchenne/torch";

const { BatchNorm2d, Conv2d, chain, Module, ReLU, Sequential } = nn;

/** How initial weights are drawn. */
export interface Init {
  /** Draws the initial weights. Default: the device's own. */
  generator?: Generator;
}

/** A convolution that keeps its input's size but for the stride; without bias, as BatchNorm follows. */
export function convolution(
  inputs: number,
  outputs: number,
  size: number,
  stride: number,
  init: Init,
): nn.Conv2d {
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

const relu = new ReLU({ inPlace: true });

/** Steps around a shortcut, and a ReLU over their sum. Extend it for a block of your own, which `exportModel` then writes, too. */
export abstract class Residual extends Module {
  /** Applied one after the other; the result is added to the shortcut, in place. */
  abstract readonly steps: readonly nn.Module[];
  /** The shortcut's own step, if the steps change the shape; else undefined. */
  abstract readonly downsample: nn.Sequential | undefined;

  override forward(x: Tensor): Tensor {
    const residual = chain(x, ...this.steps);
    const shortcut = this.downsample ? this.downsample.call(x) : x;
    return relu.call(residual.add_(shortcut));
  }
}

/** A residual network's block: [n, inputs, h, w] to [n, outputs, h / stride, w / stride]. */
export class Block extends Residual {
  readonly outputs: number;
  readonly steps: readonly nn.Module[];
  readonly downsample: nn.Sequential | undefined;

  constructor(inputs: number, planes: number, stride: number, bottleneck: boolean, init: Init) {
    super();
    const { outputs, shapes } = layerShapes(inputs, planes, stride, bottleneck);
    this.outputs = outputs;
    const steps: nn.Module[] = [];
    for (const [i, [from, to, size, step]] of shapes.entries()) {
      if (i > 0) steps.push(relu);
      steps.push(this.child(`conv${i + 1}`, convolution(from, to, size, step, init)));
      steps.push(this.child(`bn${i + 1}`, new BatchNorm2d(to)));
    }
    this.steps = steps;
    if (stride !== 1 || inputs !== outputs)
      this.downsample = this.child(
        "downsample",
        new Sequential(convolution(inputs, outputs, 1, stride, init), new BatchNorm2d(outputs)),
      );
  }
}
