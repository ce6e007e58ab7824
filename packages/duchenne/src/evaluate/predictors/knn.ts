import { noGrad, ops, scope, type Tensor, tensor } from "@duchenne/torch";
import { outputsOf, type Targets } from "../data/targets.ts";
import { selectRows } from "./frozen.ts";

/** Softness of the votes: a neighbour's weight is exp(cosine / temperature). */
const TEMPERATURE = 0.07;
/** Queries compared at once. */
const BATCH = 512;
/** Classes without a vote. */
const NO_VOTES = 1e-6;

/**
 * k-nearest-neighbour prediction by cosine similarity: neighbours vote, nearer ones more; for valence and arousal their
 * weighted mean is taken.
 * @param features [n, d] of all images   @param train who may be a neighbour   @param queries whose outputs are wanted
 * @returns [queries · outputs] logarithms of each class's share of the votes; or valence, arousal
 * @see Wu et al. 2018, arXiv:1805.01978, section 3.4
 */
export function knnOutputs(
  features: Tensor,
  targets: Targets,
  train: readonly number[],
  queries: readonly number[],
  neighbours: number,
): Float32Array {
  const width = outputsOf(targets);
  const out = new Float32Array(queries.length * width);
  scope(() =>
    noGrad(() => {
      const gallery = unitRows(selectRows(features, train)).t();
      const values = valuesOf(targets, train).to({ device: features.device });
      const k = Math.min(neighbours, train.length);
      for (let start = 0; start < queries.length; start += BATCH) {
        const votes = scope(() =>
          vote(selectRows(features, queries.slice(start, start + BATCH)), gallery, values, k),
        );
        out.set(
          (targets.kind === "classes" ? votes.add(NO_VOTES).log() : votes).toTypedArray() as Float32Array,
          start * width,
        );
      }
    }),
  );
  return out;
}

/** @returns [n, outputs] weighted mean of the nearest rows' values */
function vote(queries: Tensor, gallery: Tensor, values: Tensor, k: number): Tensor {
  const { values: similarity, indices: index } = ops.topk(unitRows(queries).matmul(gallery), k);
  const weights = similarity.div(TEMPERATURE).softmax(1);
  const found = ops.indexSelect(values, 0, index.flatten()).view(queries.size(0), k, -1);
  return found.mul(weights.unsqueeze(2)).sum(1);
}

/** Rows of length 1; a row of zeros stays. */
export const unitRows = (rows: Tensor): Tensor => rows.div(ops.norm(rows, 2, [1], true).clamp(1e-12));

/** [train, outputs] one-hot classes, or valence and arousal. */
function valuesOf(targets: Targets, train: readonly number[]): Tensor {
  if (targets.kind === "affect")
    return selectRows(tensor(targets.values, { shape: [targets.values.length / 2, 2] }), train);
  const classes = tensor(BigInt64Array.from(train, (i) => BigInt(targets.values[i]!)));
  return ops.oneHot(classes, targets.classes.length).to({ dtype: "float32" });
}
