/** Nearest neighbours. */
import { noGrad, ops, scope, type Tensor, tensor } from "@duchenne/torch";
import { outputsOf, type Targets } from "../data/targets.ts";
import { normalizeRows, selectRows } from "../features/featureRows.ts";

/** A neighbour's weight is exp(cosine / temperature). */
const TEMPERATURE = 0.07;
/** Queries compared at once. */
const BATCH = 512;
/** Added to each class's share, so that a class without votes has a finite logarithm. */
const NO_VOTES = 1e-6;

/**
 * Predicts by the k nearest neighbours in cosine similarity: they vote for their classes, or give the mean of their valence and
 * arousal, each with a weight that grows with its similarity.
 * @param features [n, d] of all images   @param train indices of the images that may be neighbours
 * @param queries indices of the images to predict   @param neighbours k
 * @returns [queries · outputs] logarithm of each class's share of the votes; or valence, arousal
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
      const gallery = normalizeRows(selectRows(features, train)).t();
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
  const { values: similarity, indices: index } = ops.topk(normalizeRows(queries).matmul(gallery), k);
  const weights = similarity.div(TEMPERATURE).softmax(1);
  const found = ops.indexSelect(values, 0, index.flatten()).view(queries.size(0), k, -1);
  return found.mul(weights.unsqueeze(2)).sum(1);
}

/** [train, outputs] one-hot classes, or valence and arousal. */
function valuesOf(targets: Targets, train: readonly number[]): Tensor {
  if (targets.kind === "affect")
    return selectRows(tensor(targets.values, { shape: [targets.values.length / 2, 2] }), train);
  const classes = tensor(BigInt64Array.from(train, (i) => BigInt(targets.values[i]!)));
  return ops.oneHot(classes, targets.classes.length).to({ dtype: "float32" });
}
