import { keep, type nn, noGrad, type Tensor } from "@duchenne/torch";
import { copyState } from "./copyState.ts";

/** A copy of a network's state at its best validation score. */
export class BestWeights {
  step = 0;
  score = Number.NEGATIVE_INFINITY;
  readonly #network: nn.AnyModule;
  #copy = new Map<string, Tensor>();

  constructor(network: nn.AnyModule) {
    this.#network = network;
  }

  /** The copy by name; valid until the next call. */
  get weights(): ReadonlyMap<string, Tensor> {
    return this.#copy;
  }

  /** Copies the state if the score is at least the best so far. A score of NaN is the worst. */
  consider(score: number, step: number): void {
    const value = Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score;
    if (value < this.score) return;
    this.dispose();
    [this.score, this.step, this.#copy] = [value, step, copyState(this.#network)];
  }

  /** Takes the weights of an earlier process, copying them. */
  set(weights: ReadonlyMap<string, Tensor>, score: number, step: number): void {
    this.dispose();
    this.score = Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score;
    this.step = step;
    this.#copy = noGrad(() => new Map([...weights].map(([name, tensor]) => [name, keep(tensor.clone())])));
  }

  restore(): void {
    this.#network.loadStateDict(this.#copy);
  }

  dispose(): void {
    for (const tensor of this.#copy.values()) tensor.dispose();
    this.#copy.clear();
  }
}
