import { attentionWeights } from "../core/attention.ts";
import { empty, zeros } from "../core/creation.ts";
import { ArgumentError, refuseUnknown, ShapeError } from "../core/errors.ts";
import type { Generator } from "../core/generator.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import { xavierUniform_ } from "./init.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";

/** Settings of MultiheadAttention, PyTorch's by name and default. */
export interface MultiheadAttentionOptions {
  /** Share of the weights that training drops. Default 0. */
  dropout?: number;
  /** Default true. */
  bias?: boolean;
  /** Features of the keys. Default: embedDim. */
  kdim?: number;
  /** Features of the values. Default: embedDim. */
  vdim?: number;
  /** Inputs and outputs are [batch, length, features] instead of [length, batch, features]. Default false. */
  batchFirst?: boolean;
  /** Draws the initial weights, and what is dropped. Default: the device's own. */
  generator?: Generator;
}

/** How a call of MultiheadAttention masks, and what it gives. */
export interface MultiheadAttentionCall {
  /** [batch, S], or [S] without a batch: bool, true at keys to ignore, or numbers added to the scores. */
  keyPaddingMask?: Tensor | null;
  /** [L, S] or [batch · heads, L, S]: bool, true where a query must not attend, or numbers added to the scores. */
  attnMask?: Tensor | null;
  /** Query i attends to keys 0 … i alone. Default false. */
  isCausal?: boolean;
  /** Whether to give the weights, too. Default true. */
  needWeights?: boolean;
  /** Whether the weights given are the heads' mean. Default true. */
  averageAttnWeights?: boolean;
}

/**
 * Attention of several heads: `const [output, weights] = attention.call(query, key, value, { needWeights: false })`.
 * Query [L, batch, embedDim], key [S, batch, kdim], value [S, batch, vdim], or batchFirst, or all without a batch; output as
 * the query; weights [batch, L, S], or [batch, heads, L, S] without averageAttnWeights, null without needWeights. True in a
 * bool mask forbids, as in PyTorch's module; in `scaledDotProductAttention` it allows.
 * @throws ShapeError for inputs of other shapes; ArgumentError for unknown options
 * @see Vaswani et al. 2017, arXiv:1706.03762
 */
export class MultiheadAttention extends Module<
  [Tensor, Tensor, Tensor, MultiheadAttentionCall?],
  [output: Tensor, weights: Tensor | null]
> {
  /** For queries, keys and values, [3 · embedDim, embedDim]; null if kdim or vdim is another size. */
  readonly inProjWeight: Tensor | null;
  readonly inProjBias: Tensor | null;
  readonly outProj: Linear;
  readonly dropout: number;
  readonly batchFirst: boolean;
  readonly kdim: number;
  readonly vdim: number;
  readonly #separate: readonly Tensor[];
  readonly #generator: Generator | undefined;

  constructor(
    readonly embedDim: number,
    readonly numHeads: number,
    options: MultiheadAttentionOptions = {},
  ) {
    super();
    const where = "MultiheadAttention";
    refuseUnknown(where, options, ["dropout", "bias", "kdim", "vdim", "batchFirst", "generator"]);
    if (!(numHeads > 0) || embedDim % numHeads !== 0)
      throw new ArgumentError(
        where,
        "numHeads",
        `a divisor of ${embedDim}`,
        String(numHeads),
        "Change numHeads or embedDim.",
      );
    const { dropout = 0, bias = true, kdim = embedDim, vdim = embedDim, batchFirst = false } = options;
    if (!(dropout >= 0 && dropout < 1))
      throw new ArgumentError(
        where,
        "dropout",
        "a probability in [0, 1)",
        String(dropout),
        "Pass 0 for none.",
      );
    const init = options.generator ? { generator: options.generator } : {};
    const make = (name: string, rows: number, columns: number) =>
      this.parameter(name, xavierUniform_(empty([rows, columns]), init));
    const joined = kdim === embedDim && vdim === embedDim;
    this.inProjWeight = joined ? make("in_proj_weight", 3 * embedDim, embedDim) : null;
    this.#separate = joined
      ? []
      : [
          make("q_proj_weight", embedDim, embedDim),
          make("k_proj_weight", embedDim, kdim),
          make("v_proj_weight", embedDim, vdim),
        ];
    this.inProjBias = bias ? this.parameter("in_proj_bias", zeros([3 * embedDim])) : null;
    this.outProj = this.child("out_proj", new Linear(embedDim, embedDim, { bias, ...init }));
    this.outProj.bias?.detach().zero_();
    this.dropout = dropout;
    this.batchFirst = batchFirst;
    this.kdim = kdim;
    this.vdim = vdim;
    this.#generator = options.generator;
  }

  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: MultiheadAttentionCall = {},
  ): [Tensor, Tensor | null] {
    const known = ["keyPaddingMask", "attnMask", "isCausal", "needWeights", "averageAttnWeights"];
    refuseUnknown("MultiheadAttention", options, known);
    const { needWeights = true, averageAttnWeights = true } = options;
    const alone = query.ndim === 2;
    const [q, k, v] = this.#project(query, key, value, alone) as [Tensor, Tensor, Tensor];
    const weights = attentionWeights(q, k, {
      attnMask: this.#mask(q, k, options),
      dropoutP: this.training ? this.dropout : 0,
      ...(this.#generator && { generator: this.#generator }),
    });
    const heads = ops.matmul(weights, v).transpose(1, 2); // [batch, L, heads, dim]
    const output = this.outProj.call(heads.reshape(heads.size(0), heads.size(1), this.embedDim));
    const given = averageAttnWeights ? weights.mean(1) : weights;
    if (alone) return [output.squeeze(0), needWeights ? given.squeeze(0) : null];
    return [this.batchFirst ? output : output.transpose(0, 1), needWeights ? given : null];
  }

  /** Queries, keys and values of every head: [batch, heads, length, dim]. */
  #project(query: Tensor, key: Tensor, value: Tensor, alone: boolean): Tensor[] {
    const sizes = [this.embedDim, this.kdim, this.vdim];
    const inputs = [query, key, value].map((x, i) => this.#batchFirst(x, sizes[i]!, alone));
    const weights = this.inProjWeight ? this.inProjWeight.chunk(3) : this.#separate;
    const biases = this.inProjBias?.chunk(3);
    const projected =
      query === key && key === value && this.inProjWeight
        ? ops.linear(inputs[0]!, this.inProjWeight, this.inProjBias).chunk(3, -1)
        : inputs.map((x, i) => ops.linear(x, weights[i]!, biases?.[i] ?? null));
    return projected.map((x) => x.reshape(x.size(0), x.size(1), this.numHeads, -1).transpose(1, 2));
  }

  #batchFirst(x: Tensor, features: number, alone: boolean): Tensor {
    if (x.ndim !== (alone ? 2 : 3) || x.size(-1) !== features) {
      const [batch, length] = [alone ? "" : "batch, ", alone || this.batchFirst ? "length, " : ""];
      const order = length ? `${batch}${length}` : "length, batch, ";
      throw new ShapeError(
        "MultiheadAttention",
        `[${order}${features}]`,
        x.describe(),
        "Transpose it, or set batchFirst, if length and batch are in another order.",
      );
    }
    if (alone) return x.unsqueeze(0);
    return this.batchFirst ? x : x.transpose(0, 1);
  }

  /** What is added to the scores [batch, heads, L, S], or null. */
  #mask(q: Tensor, k: Tensor, options: MultiheadAttentionCall): Tensor | null {
    const { attnMask, keyPaddingMask, isCausal } = options;
    const [batch, heads, length] = q.shape as [number, number, number];
    const keys = k.size(2);
    const masks: Tensor[] = [];
    if (attnMask) masks.push(attnMask.ndim === 3 ? attnMask.reshape(batch, heads, length, keys) : attnMask);
    if (keyPaddingMask) masks.push(keyPaddingMask.reshape(batch, 1, 1, keys));
    if (isCausal) masks.push(ops.triu(ops.ones([length, keys], { dtype: "bool", device: q.device }), 1));
    const added = masks.map((mask) => additive(mask, q));
    return added.length === 0 ? null : added.reduce((sum, mask) => ops.add(sum, mask));
  }
}

/** Numbers to add to scores: those given, or −∞ where a bool mask forbids. */
function additive(mask: Tensor, { dtype, device }: Tensor): Tensor {
  if (mask.dtype !== "bool") return mask;
  return ops.maskedFill(ops.zeros(mask.shape, { dtype, device }), mask, Number.NEGATIVE_INFINITY);
}
