/** A running average of a network's weights, which generalises better than the last ones. */
import { type nn, noGrad, ops, type Tensor } from "@duchenne/torch";
import { copyState } from "./copyState.ts";

/** The first updates count more: the average follows the weights while they still move fast. */
const decayAt = (decay: number, step: number): number => Math.min(decay, (1 + step) / (10 + step));

/**
 * The exponential moving average of weights and of BatchNorm's statistics.
 * @see Polyak & Juditsky 1992, doi:10.1137/0330046; Tarvainen & Valpola 2017, arXiv:1703.01780
 */
export class WeightAverage {
  readonly #network: nn.AnyModule;
  readonly #decay: number;
  readonly #mean: Map<string, Tensor>;

  /** @param mean the average so far; default: the weights as they are */
  constructor(network: nn.AnyModule, decay: number, mean?: ReadonlyMap<string, Tensor>) {
    this.#network = network;
    this.#decay = decay;
    this.#mean = copyState(network);
    if (mean)
      noGrad(() => {
        for (const [name, tensor] of this.#mean) tensor.copy_(mean.get(name)!);
      });
  }

  /** The average by name; valid until the next update. */
  get weights(): ReadonlyMap<string, Tensor> {
    return this.#mean;
  }

  /** Adds the weights after an update to the average. @param step updates done before it */
  update(step: number): void {
    const kept = decayAt(this.#decay, step);
    noGrad(() => {
      for (const [name, tensor] of this.#network.stateDict()) {
        const mean = this.#mean.get(name)!;
        if (tensor.dtype === "int64") mean.copy_(tensor);
        else ops.add_(mean.mul_(kept), tensor, { alpha: 1 - kept });
      }
    });
  }

  /** Runs `use` while the network has the average as its weights. */
  async during<T>(use: () => Promise<T>): Promise<T> {
    const own = copyState(this.#network);
    this.#network.loadStateDict(this.#mean);
    try {
      return await use();
    } finally {
      this.#network.loadStateDict(own);
      for (const tensor of own.values()) tensor.dispose();
    }
  }

  dispose(): void {
    for (const tensor of this.#mean.values()) tensor.dispose();
    this.#mean.clear();
  }
}
