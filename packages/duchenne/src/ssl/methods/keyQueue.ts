import { type Generator, nn, noGrad, randn, scope, type Tensor, zeros } from "@duchenne/torch";
import { l2Normalize } from "../losses/embeddings.ts";
import { nextPlaces } from "./ring.ts";

export interface QueueShape {
  /** Keys remembered. */
  readonly size: number;
  readonly dim: number;
  /** Numbers per eye+mouth feature; null remembers none. */
  readonly featureLength: number | null;
}

/** Eye+mouth features of faces: `features` [n, featureLength] where `hasFeature` [n] bool is true, zeros elsewhere. */
export interface FaceFeatures {
  readonly features: Tensor;
  readonly hasFeature: Tensor;
}

/**
 * MoCo's queue as buffers of a network, so that a checkpoint holds it: `keys` [size, dim] of length 1, `pointer`, the row the
 * next key goes to, and for MaskFN `features` and `has_feature` of the face behind each key. It starts with random keys
 * without features.
 */
export class KeyQueue extends nn.Module<[], Tensor> {
  readonly keys: Tensor;
  readonly faces: FaceFeatures | null;
  readonly #pointer: Tensor;
  readonly #size: number;

  constructor({ size, dim, featureLength }: QueueShape, generator: Generator) {
    super();
    this.#size = size;
    this.keys = this.buffer("keys", l2Normalize(randn([size, dim], { generator })));
    this.#pointer = this.buffer("pointer", zeros([], { dtype: "int64" }));
    this.faces = featureLength === null ? null : this.#noFaces(size, featureLength);
  }

  #noFaces(size: number, featureLength: number): FaceFeatures {
    return {
      features: this.buffer("features", zeros([size, featureLength])),
      hasFeature: this.buffer("has_feature", zeros([size], { dtype: "bool" })),
    };
  }

  override forward(): Tensor {
    return this.keys;
  }

  /**
   * Puts keys in place of the oldest, row after row and from the last on to the first; of more keys than the queue has rows
   * the last ones stay.
   * @param keys [n, dim], normalised here   @param faces behind the keys, n of them
   */
  enqueue(keys: Tensor, faces: FaceFeatures): void {
    scope(() =>
      noGrad(() => {
        const { first, rows } = nextPlaces(this.#pointer, keys.size(0), this.#size);
        this.keys.setAt([rows], l2Normalize(keys.at([first])));
        this.faces?.features.setAt([rows], faces.features.at([first]));
        this.faces?.hasFeature.setAt([rows], faces.hasFeature.at([first]));
      }),
    );
  }
}
