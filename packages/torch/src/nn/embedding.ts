import { noGrad } from "../core/autograd.ts";
import { empty } from "../core/creation.ts";
import { ArgumentError, refuseUnknown } from "../core/errors.ts";
import type { Generator } from "../core/generator.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import { normal_ } from "./init.ts";
import { Module } from "./module.ts";

/** Settings of Embedding. */
export interface EmbeddingOptions {
  /** A row that starts as zeros and gets no gradient; negative counts from the end. */
  paddingIdx?: number;
  /** Draws the initial rows. Default: the device's own. */
  generator?: Generator;
}

/** A table of vectors, read by number: int64 [...] to [..., embeddingDim]. */
export class Embedding extends Module {
  /** [numEmbeddings, embeddingDim], standard normal at first. */
  readonly weight: Tensor;
  /** Null if there is none. */
  readonly paddingIdx: number | null;

  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    options: EmbeddingOptions = {},
  ) {
    super();
    refuseUnknown("Embedding", options, ["paddingIdx", "generator"]);
    const { paddingIdx, ...init } = options;
    this.paddingIdx = rowOf(paddingIdx, numEmbeddings);
    const weight = normal_(empty([numEmbeddings, embeddingDim]), 0, 1, init);
    if (this.paddingIdx !== null) weight.setAt([this.paddingIdx], 0);
    this.weight = this.parameter("weight", weight);
  }

  /** @throws OperatorError for a number that is no row, or a tensor that holds no integers */
  override forward(indices: Tensor): Tensor {
    return ops.embedding(this.weight, indices, this.paddingIdx ?? -1);
  }

  /** A table that holds the given rows, frozen by default, as PyTorch's `from_pretrained`. @param rows [n, dim], copied */
  static fromPretrained(rows: Tensor, { freeze = true, paddingIdx }: PretrainedOptions = {}): Embedding {
    const options = paddingIdx === undefined ? {} : { paddingIdx };
    const made = new Embedding(rows.size(0), rows.size(1), options).to({
      dtype: rows.dtype,
      device: rows.device,
    });
    noGrad(() => made.weight.copy_(rows));
    made.weight.requiresGrad_(!freeze);
    return made;
  }
}

/** Settings of `Embedding.fromPretrained`. */
export interface PretrainedOptions extends Pick<EmbeddingOptions, "paddingIdx"> {
  /** Whether the rows get no gradient. Default true. */
  freeze?: boolean;
}

function rowOf(index: number | undefined, rows: number): number | null {
  if (index === undefined) return null;
  if (!Number.isInteger(index) || index < -rows || index >= rows)
    throw new ArgumentError(
      "Embedding",
      "paddingIdx",
      `a row in [${-rows}, ${rows})`,
      String(index),
      "Pass a row in this range, or leave it out.",
    );
  return index < 0 ? index + rows : index;
}
