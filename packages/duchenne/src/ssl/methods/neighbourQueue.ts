import { full, nn, noGrad, ops, scope, type Tensor, zeros } from "@duchenne/torch";
import { l2Normalize } from "../losses/embeddings.ts";
import type { Remembered } from "../losses/neighbours.ts";
import { nextPlaces } from "./ring.ts";

/** Name of the queue among a method's tensors. Its numbers of people are those of one store. */
export const NEIGHBOUR_QUEUE = "neighbours";

/** What `persons` has where nothing is remembered yet. */
const NOBODY = -1;

/**
 * NNCLR's queue as buffers of a network, so that a checkpoint holds it: `embeddings` [size, dim] of length 1, `persons` [size] int64,
 * the person of each, and `pointer`, the row that the next embedding goes to. It starts empty, with −1 in `persons`.
 */
export class NeighbourQueue extends nn.Module<[], Tensor> implements Remembered {
  readonly embeddings: Tensor;
  readonly persons: Tensor;
  readonly #pointer: Tensor;
  readonly #size: number;

  /** @param size embeddings remembered   @param dim numbers per embedding */
  constructor(size: number, dim: number) {
    super();
    this.#size = size;
    this.embeddings = this.buffer("embeddings", zeros([size, dim]));
    this.persons = this.buffer("persons", full([size], NOBODY, { dtype: "int64" }));
    this.#pointer = this.buffer("pointer", zeros([], { dtype: "int64" }));
  }

  override forward(): Tensor {
    return this.embeddings;
  }

  /**
   * Puts embeddings in place of the oldest.
   * @param embeddings [n, dim], normalised here   @param persons [n] int64
   */
  enqueue(embeddings: Tensor, persons: Tensor): void {
    scope(() =>
      noGrad(() => {
        const { first, rows } = nextPlaces(this.#pointer, embeddings.size(0), this.#size);
        const kept = ops.narrow(embeddings, 0, first, embeddings.size(0) - first);
        this.embeddings.setAt([rows], l2Normalize(kept));
        this.persons.setAt([rows], ops.narrow(persons, 0, first, persons.size(0) - first));
      }),
    );
  }
}
