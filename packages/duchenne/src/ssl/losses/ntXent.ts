import { eye, ops, ShapeError, type Tensor } from "@duchenne/torch";
import {
  type Contrast,
  type ContrastiveLoss,
  contrastiveCrossEntropy,
  type WeightedFalseNegatives,
} from "./contrast.ts";
import { checkHalves, l2Normalize } from "./embeddings.ts";
import type { HardNegatives } from "./hardNegatives.ts";
import type { WeightedNeighbours } from "./neighbours.ts";
import { attracting, type Mix, mutualPairs, type PositivePairs } from "./positivePairs.ts";

/** Options of `ntXentLoss`. */
export interface NtXentOptions {
  readonly temperature: number;
  /** CutMix among the second half of the rows. */
  readonly mix?: Mix | undefined;
  /** Which of the rows that repel count more than once: HardNeg's. Default none. */
  readonly hardNegatives?: HardNegatives | undefined;
  /** Whether a positive stays out of the sum that it is compared with (DCL). Default no. */
  readonly decoupled?: boolean | undefined;
  /** Stand-ins for the rows, and how much of the loss is theirs (NNCLR). Default none. */
  readonly neighbours?: WeightedNeighbours | undefined;
}

/**
 * Normalised temperature-scaled cross-entropy: of each row's positive against all rows but itself, averaged over rows. With
 * CutMix, an anchor and a positive attract each other by the share of the anchor's image in the positive's area, in both
 * directions, and rows that share a patch do not repel.
 *
 * With neighbours of weight w the loss is (1 − w) times this plus w times the same in which each row's neighbour is compared with all rows
 * in the row's place; gradients then reach the rows that it is compared with. w = 1 is NNCLR's loss, without its predictor.
 * @param embeddings [2·batch, dim], normalised here; row i and row i + batch are each other's positives
 * @returns the loss, and `top1`; with neighbours `neighbourTop1`, that of the neighbours, and `neighboursFound`, the share of rows that
 * have one
 * @throws ShapeError for an odd number of rows, or another number of neighbours; ArgumentError for a weight of hard negatives that is not above 0
 * @see Chen et al. 2020, arXiv:2002.05709, equation 1; Dwibedi et al. 2021, arXiv:2104.14548, equation 3
 */
export function ntXentLoss(embeddings: Tensor, options: NtXentOptions): ContrastiveLoss {
  checkHalves("ntXentLoss", embeddings);
  return contrastAmongRows(embeddings, options);
}

/**
 * The cross-entropies of a batch's rows, and of their neighbours.
 * @param embeddings [rows, dim]; row r and row (r + rows / 2) mod rows are positives of each other
 */
export function contrastAmongRows(
  embeddings: Tensor,
  options: NtXentOptions,
  falseNegatives?: WeightedFalseNegatives,
): ContrastiveLoss {
  const contrast = { ...amongRows(embeddings, options), falseNegatives };
  const own = contrastiveCrossEntropy(contrast);
  const { neighbours, temperature } = options;
  if (!neighbours) return own;
  checkNeighbours(embeddings, neighbours);
  const { weight, found } = neighbours;
  const logits = neighbours.embeddings.matmul(l2Normalize(embeddings).t()).div(temperature);
  const theirs = contrastiveCrossEntropy({ ...contrast, logits });
  return {
    loss: own.loss.mul(1 - weight).add(theirs.loss.mul(weight)),
    figures: {
      ...own.figures,
      neighbourTop1: theirs.figures.top1!,
      neighboursFound: found.to({ dtype: "float32" }).mean(),
    },
  };
}

function checkNeighbours(embeddings: Tensor, { embeddings: theirs, found }: WeightedNeighbours): void {
  const rows = embeddings.size(0);
  if (theirs.shape.join() !== embeddings.shape.join() || found.shape.join() !== String(rows))
    throw new ShapeError(
      "ntXentLoss: neighbours",
      `embeddings [${embeddings.shape.join(", ")}] and found [${rows}]`,
      `[${theirs.shape.join(", ")}] and [${found.shape.join(", ")}]`,
    );
}

/** Every row against every other. */
function amongRows(
  embeddings: Tensor,
  { temperature, mix, hardNegatives, decoupled }: NtXentOptions,
): Contrast {
  const rows = embeddings.size(0);
  const unit = l2Normalize(embeddings);
  const positives = mutualPairs(rows / 2, embeddings.device, mix);
  const logits = unit.matmul(unit.t()).div(temperature);
  return { logits, positives, negatives: allButSelfAnd(positives, rows), hardNegatives, decoupled };
}

function allButSelfAnd(positives: PositivePairs, size: number): Tensor {
  const self = eye(size, { dtype: "bool", device: positives.rows.device });
  return ops.logicalNot(ops.logicalOr(attracting(positives, size), self));
}
