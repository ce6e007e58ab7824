import { noGrad, ops, ShapeError, scope, type Tensor } from "@duchenne/torch";
import { l2Normalize } from "./embeddings.ts";

/** Per row of a batch, other rows or keys that look alike in eyes and mouth. */
export interface FalseNegatives {
  /** [rows, n] int64 columns, the most similar first; distinct within a row. */
  readonly indices: Tensor;
  /** [rows, n] bool: the others are no candidates, and only fill the row up. */
  readonly valid: Tensor;
  /** [rows, n] in [0, 1]: how much each counts as a positive. Default: wholly. */
  readonly shares?: Tensor;
}

/** Which rows can be false negatives of which, and how many are taken. */
export interface FalseNegativeCandidates {
  /** [rows, rows] bool: row j is never a false negative of row i: the row itself, its positive, its hard negatives. */
  readonly excluded: Tensor;
  /** N: the most false negatives of a row. */
  readonly count: number;
}

/**
 * MaskFN's search: for each row the N most similar candidates by the cosine of their eye+mouth features. A row without features
 * is nobody's candidate and finds none. If there are fewer than N candidates, all of them are found.
 * @param features [rows, length]   @param hasFeature [rows] bool
 * @throws ShapeError unless features, hasFeature and the excluded entries have the same number of rows
 * @see Shu et al. 2022, arXiv:2210.03853, section 3.4
 */
export function findFalseNegatives(
  features: Tensor,
  hasFeature: Tensor,
  { excluded, count }: FalseNegativeCandidates,
): FalseNegatives {
  checkRows("findFalseNegatives", features, hasFeature, excluded);
  return scope(() =>
    noGrad(() => {
      const unit = l2Normalize(features);
      return mostSimilar(unit.matmul(unit.t()), candidatesAmong(hasFeature, excluded), count);
    }),
  );
}

/**
 * MaskFN's search by the geometry of expressions, in place of eye+mouth features or beside them. Two faces are as similar as
 * exp(−2 d²), where d² is the mean squared difference of their numbers; that is also how much one counts as the other's positive.
 * @param geometry `values` [rows, length] of unit variance, and `has` [rows] bool   @param beside features whose cosine is added to the similarity, [rows, length]; absent: geometry alone
 * @param hasFeature [rows] bool: rows that take part, if they have a geometry
 * @throws ShapeError as `findFalseNegatives` does
 */
export function findFalseNegativesByGeometry(
  { values, has }: { readonly values: Tensor; readonly has: Tensor },
  hasFeature: Tensor,
  { excluded, count }: FalseNegativeCandidates,
  beside?: Tensor,
): FalseNegatives {
  const where = "findFalseNegativesByGeometry";
  checkRows(`${where}: geometry`, values, has, excluded);
  checkRows(where, beside ?? values, hasFeature, excluded);
  return scope(() =>
    noGrad(() => {
      const alike = geometrySimilarity(values);
      const unit = beside && l2Normalize(beside);
      const similarity = unit ? unit.matmul(unit.t()).add(alike) : alike;
      const found = mostSimilar(
        similarity,
        candidatesAmong(ops.logicalAnd(hasFeature, has), excluded),
        count,
      );
      return { ...found, shares: ops.gather(alike, 1, found.indices) };
    }),
  );
}

/** [rows, length] to [rows, rows] in (0, 1]. */
function geometrySimilarity(values: Tensor): Tensor {
  const squares = ops.square(values).sum(1);
  const products = values.matmul(values.t()).mul(2);
  const distances = squares.unsqueeze(1).add(squares.unsqueeze(0)).sub(products).clamp(0);
  return distances.mul(-2 / values.size(1)).exp();
}

function candidatesAmong(takesPart: Tensor, excluded: Tensor): Tensor {
  const known = ops.logicalAnd(takesPart.unsqueeze(1), takesPart.unsqueeze(0));
  return ops.logicalAnd(ops.logicalNot(excluded), known);
}

function checkRows(where: string, features: Tensor, hasFeature: Tensor, excluded: Tensor): void {
  const [rows] = excluded.shape;
  const fits =
    excluded.shape.join() === `${rows},${rows}` &&
    features.ndim === 2 &&
    features.size(0) === rows &&
    hasFeature.shape.join() === String(rows);
  if (!fits)
    throw new ShapeError(
      where,
      `features [rows, length], hasFeature [rows] and excluded [rows, rows]`,
      [features, hasFeature, excluded].map(({ shape }) => `[${shape.join(", ")}]`).join(", "),
    );
}

/**
 * The most similar candidates of each row.
 * @param similarity [rows, columns]   @param candidates [rows, columns] bool
 * @returns [rows, min(count, columns)]
 */
export function mostSimilar(similarity: Tensor, candidates: Tensor, count: number): FalseNegatives {
  const among = ops.maskedFill(similarity, ops.logicalNot(candidates), Number.NEGATIVE_INFINITY);
  const { values, indices } = ops.topk(among, Math.min(count, similarity.size(1)), 1);
  return { indices, valid: values.gt(Number.NEGATIVE_INFINITY) };
}
