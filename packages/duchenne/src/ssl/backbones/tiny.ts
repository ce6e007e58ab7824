import { nn, type Tensor } from "@duchenne/torch";
import { Block, convolution, type Init } from "./residual.ts";

const { AdaptiveAvgPool2d, BatchNorm2d, chain, MaxPool2d, Module, ReLU } = nn;

const CHANNELS = [48, 96, 192] as const;

/**
 * A small residual network for 48 px faces on a CPU: a 5x5 stride-2 stem, a max-pool, three stages of one basic block each
 * with 48, 96 and 192 channels, and the average over what is left. It has no classifier.
 */
export class TinyResNet extends Module {
  /** Numbers per image after pooling. */
  readonly features = CHANNELS[2];
  readonly layers: readonly nn.Module[];

  constructor(init: Init = {}) {
    super();
    this.layers = [
      this.child("conv1", convolution(3, CHANNELS[0], 5, 2, init)),
      this.child("bn1", new BatchNorm2d(CHANNELS[0])),
      new ReLU({ inPlace: true }),
      new MaxPool2d(3, { stride: 2, padding: 1 }),
      ...CHANNELS.map((channels, i) => {
        const block = new Block(CHANNELS[Math.max(i - 1, 0)]!, channels, i === 0 ? 1 : 2, false, init);
        return this.child(`layer${i + 1}`, block);
      }),
      new AdaptiveAvgPool2d(1),
    ];
    this.to({ memoryFormat: "channelsLast" });
  }

  /** Pooled features: [n, 3, h, w] to [n, 192]. */
  embed(images: Tensor): Tensor {
    return chain(images.contiguous("channelsLast"), ...this.layers).flatten(1);
  }

  override forward(images: Tensor): Tensor {
    return this.embed(images);
  }
}
