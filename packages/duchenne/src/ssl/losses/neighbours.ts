import { noGrad, ops, ShapeError, scope, type Tensor } from "@duchenne/torch";
import { l2Normalize } from "./embeddings.ts";
import { mostSimilar } from "./falseNegatives.ts";

/** Earlier embeddings, and the person of each. */
export interface Remembered {
  /** [size, dim], of length 1. */
  readonly embeddings: Tensor;
  /** [size] int64 numbers of people; below 0 where nothing is remembered yet. */
  readonly persons: Tensor;
}

/** What stands in for each row of a batch as the one that attracts and repels. */
export interface Neighbours {
  /** [rows, dim], detached. */
  readonly embeddings: Tensor;
  /** [rows] bool: the others found none, and stand for themselves. */
  readonly found: Tensor;
}

/** Neighbours, and how much of the loss is theirs. */
export interface WeightedNeighbours extends Neighbours {
  /** In [0, 1]: 0 is the plain loss, 1 is NNCLR's. */
  readonly weight: number;
}

/**
 * NNCLR's search: for each row the most similar earlier embedding, by cosine. A neighbour of the same person would teach identity, so
 * only those of other people are candidates.
 * @param embeddings [rows, dim]   @param persons [rows] int64 number of the person of each row
 * @throws ShapeError unless persons has an entry for each row, and the remembered embeddings the same length
 * @see Dwibedi et al. 2021, arXiv:2104.14548, section 3.2
 */
export function findNeighbours(embeddings: Tensor, persons: Tensor, remembered: Remembered): Neighbours {
  checkShapes(embeddings, persons, remembered);
  return scope(() =>
    noGrad(() => {
      const own = l2Normalize(embeddings.detach());
      const isOther = persons.unsqueeze(1).eq(remembered.persons.unsqueeze(0)).logicalNot();
      const candidates = ops.logicalAnd(isOther, remembered.persons.ge(0).unsqueeze(0));
      const nearest = mostSimilar(own.matmul(remembered.embeddings.t()), candidates, 1);
      const found = nearest.valid.squeeze(1);
      const taken = ops.indexSelect(remembered.embeddings, 0, nearest.indices.squeeze(1));
      return { embeddings: ops.where(nearest.valid, taken, own), found };
    }),
  );
}

function checkShapes(embeddings: Tensor, persons: Tensor, remembered: Remembered): void {
  const [rows, dim] = embeddings.shape;
  const fits =
    embeddings.ndim === 2 &&
    persons.shape.join() === String(rows) &&
    remembered.embeddings.ndim === 2 &&
    remembered.embeddings.size(1) === dim &&
    remembered.persons.shape.join() === String(remembered.embeddings.size(0));
  if (!fits)
    throw new ShapeError(
      "findNeighbours",
      "embeddings [rows, dim], persons [rows], remembered embeddings [size, dim] and persons [size]",
      [embeddings, persons, remembered.embeddings, remembered.persons]
        .map(({ shape }) => `[${shape.join(", ")}]`)
        .join(", "),
    );
}
