// LSTM and GRU on libtorch's own kernels, with PyTorch's names of weights: weight_ih_l0, weight_hh_l0_reverse, ….
import { empty } from "../core/creation.ts";
import { ArgumentError, refuseUnknown, ShapeError } from "../core/errors.ts";
import type { Generator } from "../core/generator.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import { uniform_ } from "./init.ts";
import { Module } from "./module.ts";

/** Settings of LSTM and GRU, PyTorch's by name and default. */
export interface RecurrentOptions {
  /** Layers, each reading the output of the one below. Default 1. */
  numLayers?: number;
  /** Default true. */
  bias?: boolean;
  /** Inputs and outputs are [batch, length, features] instead of [length, batch, features]. Default false. */
  batchFirst?: boolean;
  /** Share of each layer's output, but the last one's, that training drops, drawn from the default generator. Default 0. */
  dropout?: number;
  /** A second set of weights reads backwards; outputs of both lie side by side. Default false. */
  bidirectional?: boolean;
  /** Draws the initial weights. Default: the device's own. */
  generator?: Generator;
}

const known = ["numLayers", "bias", "batchFirst", "dropout", "bidirectional", "generator"];

/** What both networks have in common: settings, weights by layer and direction, and inputs without a batch. */
abstract class Recurrent<State, Final> extends Module<[Tensor, (State | null)?], [Tensor, Final]> {
  readonly numLayers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  /** In the order that libtorch takes them in. */
  protected readonly weights: readonly Tensor[];

  /** @param gates rows of the weights, in hidden sizes */
  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: RecurrentOptions,
    gates: number,
  ) {
    super();
    refuseUnknown(this.constructor.name, options, known);
    const { numLayers = 1, bias = true, batchFirst = false, dropout = 0, bidirectional = false } = options;
    if (!(dropout >= 0 && dropout <= 1))
      throw new ArgumentError(
        this.constructor.name,
        "dropout",
        "a probability in [0, 1]",
        String(dropout),
        "Pass 0 for none.",
      );
    if (!(Number.isInteger(numLayers) && numLayers > 0))
      throw new ArgumentError(
        this.constructor.name,
        "numLayers",
        "a positive integer",
        String(numLayers),
        "Leave it out for 1.",
      );
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    this.weights = this.#makeWeights(gates * hiddenSize, options.generator);
  }

  get #directions(): number {
    return this.bidirectional ? 2 : 1;
  }

  #makeWeights(rows: number, generator: Generator | undefined): Tensor[] {
    const bound = 1 / Math.sqrt(this.hiddenSize);
    const made: Tensor[] = [];
    const make = (name: string, ...size: number[]) => {
      const values = uniform_(empty(size), -bound, bound, generator ? { generator } : {});
      made.push(this.parameter(name, values));
    };
    for (let layer = 0; layer < this.numLayers; layer++)
      for (const direction of ["", "_reverse"].slice(0, this.#directions)) {
        const columns = layer === 0 ? this.inputSize : this.hiddenSize * this.#directions;
        make(`weight_ih_l${layer}${direction}`, rows, columns);
        make(`weight_hh_l${layer}${direction}`, rows, this.hiddenSize);
        if (this.bias) make(`bias_ih_l${layer}${direction}`, rows);
        if (this.bias) make(`bias_hh_l${layer}${direction}`, rows);
      }
    return made;
  }

  /** The input with a batch, and whether it came without. */
  protected batched(x: Tensor): { input: Tensor; alone: boolean } {
    const { shape } = x;
    if (![2, 3].includes(shape.length) || shape.at(-1) !== this.inputSize) {
      const order = this.batchFirst ? "[batch, length, " : "[length, batch, ";
      const expected = `${order}${this.inputSize}] or [length, ${this.inputSize}]`;
      throw new ShapeError(
        this.constructor.name,
        expected,
        x.describe(),
        "Transpose it, or set batchFirst, if length and batch are in another order.",
      );
    }
    const alone = shape.length === 2;
    return { input: alone ? x.unsqueeze(this.#batchDim) : x, alone };
  }

  get #batchDim(): number {
    return this.batchFirst ? 0 : 1;
  }

  /** A first state, [layers · directions, batch, hidden]: zeros, or the one given with a batch. */
  protected firstState(given: Tensor | null | undefined, input: Tensor, alone: boolean): Tensor {
    const size = [this.numLayers * this.#directions, input.size(this.#batchDim), this.hiddenSize];
    if (!given) return ops.zeros(size, { dtype: input.dtype, device: input.device });
    const state = alone && given.ndim === 2 ? given.unsqueeze(1) : given;
    if (state.shape.join() !== size.join()) {
      const expected = alone ? [size[0], size[2]] : size;
      throw new ShapeError(
        this.constructor.name,
        `a state [${expected.join(", ")}]`,
        given.describe(),
        "Pass the state that the last call returned, or none for zeros.",
      );
    }
    return state;
  }

  /** The settings behind the weights in libtorch's operators. */
  protected settings() {
    const { bias, numLayers, dropout, training, bidirectional, batchFirst } = this;
    return [bias, numLayers, dropout, training, bidirectional, batchFirst] as const;
  }

  /** The output as the input came, with a batch or without. */
  protected outputOf(output: Tensor, alone: boolean): Tensor {
    return alone ? output.squeeze(this.#batchDim) : output;
  }
}

/**
 * Long short-term memory. `const [output, [hidden, cell]] = lstm.call(x)`, or `lstm.call(x, [hidden, cell])` to continue from a
 * state: output [length, batch, directions · hiddenSize] of the last layer, states [layers · directions, batch, hiddenSize].
 * Without the batch where the input has none, [length, inputSize]. Rows of the weights: input, forget, cell, output gate.
 * @throws ShapeError for an input or state of another shape
 * @see Hochreiter & Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735
 */
export class LSTM extends Recurrent<readonly [Tensor, Tensor], [hidden: Tensor, cell: Tensor]> {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    super(inputSize, hiddenSize, options, 4);
  }

  override forward(x: Tensor, state?: readonly [Tensor, Tensor] | null): [Tensor, [Tensor, Tensor]] {
    const { input, alone } = this.batched(x);
    const first = [state?.[0], state?.[1]].map((given) => this.firstState(given, input, alone));
    const [output, hidden, cell] = ops.lstm(input, first, this.weights, ...this.settings());
    const final = [hidden, cell].map((last) => (alone ? last.squeeze(1) : last)) as [Tensor, Tensor];
    return [this.outputOf(output, alone), final];
  }
}

/**
 * Gated recurrent units. `const [output, hidden] = gru.call(x)`, or `gru.call(x, hidden)` to continue from a state; shapes as of
 * LSTM. Rows of the weights: reset, update, new gate.
 * @throws ShapeError for an input or state of another shape
 * @see Cho et al. 2014, arXiv:1406.1078
 */
export class GRU extends Recurrent<Tensor, Tensor> {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    super(inputSize, hiddenSize, options, 3);
  }

  override forward(x: Tensor, state?: Tensor | null): [Tensor, Tensor] {
    const { input, alone } = this.batched(x);
    const first = this.firstState(state, input, alone);
    const [output, hidden] = ops.gru(input, first, this.weights, ...this.settings());
    return [this.outputOf(output, alone), alone ? hidden.squeeze(1) : hidden];
  }
}
