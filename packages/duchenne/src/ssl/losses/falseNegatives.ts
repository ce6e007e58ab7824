import { noGrad, ops, ShapeError, scope, type Tensor } from "@duchenne/torch";
import { type Layout, positiveOffset, rowCount } from "../sampling/batch.ts";
import { l2Normalize } from "./contrast.ts";
import { equalModulo } from "./hardNegatives.ts";

/** Per row of a batch, other rows or keys that look alike in eyes and mouth. */
export interface FalseNegatives {
  /** [rows, n] int64 columns, the most similar first; distinct within a row. */
  readonly indices: Tensor;
  /** [rows, n] bool: the others are no candidates, and only fill the row up. */
  readonly valid: Tensor;
}

/** Whether hard negatives can be false negatives: the paper says no, the published code lets them. */
export type FalseNegativeRule = "paper" | "published-code";

export interface FalseNegativeOptions {
  /** N: at most so many per row. */
  readonly count: number;
  readonly rule: FalseNegativeRule;
}

/**
 * MaskFN's search: for each row the N most similar candidates by the cosine of their eye+mouth features. No candidate is the
 * row itself, its positive, its hard negatives (unless the rule lets them), or a row without features; such a row finds
 * none. Where there are fewer than N candidates, all of them are found.
 * @param features [rows, length]   @param hasFeature [rows] bool   @param clips Q, the number of clips in the batch
 * @throws ShapeError if the features are not those of a batch of that layout
 * @see Shu et al. 2022, arXiv:2210.03853, section 3.4
 */
export function findFalseNegatives(
  features: Tensor,
  hasFeature: Tensor,
  clips: number,
  layout: Layout,
  { count, rule }: FalseNegativeOptions,
): FalseNegatives {
  const rows = rowCount({ clips, layout });
  if (features.ndim !== 2 || features.size(0) !== rows || hasFeature.shape.join() !== String(rows))
    throw new ShapeError(
      "findFalseNegatives",
      `[${rows}, length] and [${rows}]`,
      `[${features.shape.join(", ")}] and [${hasFeature.shape.join(", ")}]`,
    );
  return scope(() =>
    noGrad(() => {
      // Rows of one clip are equal modulo the clips; a row and its positive are equal modulo half the rows.
      const modulus = rule === "paper" ? clips : positiveOffset({ clips, layout });
      const others = ops.logicalNot(equalModulo(modulus, rows, features.device));
      const unit = l2Normalize(features);
      const known = ops.logicalAnd(hasFeature.unsqueeze(1), hasFeature.unsqueeze(0));
      return mostSimilar(unit.matmul(unit.t()), ops.logicalAnd(others, known), count);
    }),
  );
}

/**
 * The most similar candidates of each row.
 * @param similarity [rows, columns]   @param candidates [rows, columns] bool
 * @returns [rows, min(count, columns)]
 */
export function mostSimilar(similarity: Tensor, candidates: Tensor, count: number): FalseNegatives {
  const among = ops.maskedFill(similarity, ops.logicalNot(candidates), Number.NEGATIVE_INFINITY);
  const { 0: values, 1: indices } = ops.topk(among, Math.min(count, similarity.size(1)), 1);
  return { indices, valid: values.gt(Number.NEGATIVE_INFINITY) };
}
