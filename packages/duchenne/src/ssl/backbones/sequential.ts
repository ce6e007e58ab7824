import { nn, type Tensor } from "@duchenne/torch";

/**
 * A backbone of layers applied one after the other, named "0", "1", … in the state dict: the shortest way to a backbone of your
 * own that trains, resumes, is probed and exported.
 */
export class SequentialBackbone extends nn.Module {
  /**
   * @param features numbers per image
   * @param layers from images [n, 3, h, w] to [n, features, 1, 1]; each a module of `nn`, or of your own
   */
  constructor(
    readonly features: number,
    readonly layers: readonly nn.Module[],
  ) {
    super();
    for (const [i, layer] of layers.entries()) this.child(String(i), layer);
  }

  /** [n, 3, h, w] to [n, features]. */
  embed(images: Tensor): Tensor {
    return nn.chain(images, ...this.layers).flatten(1);
  }

  override forward(images: Tensor): Tensor {
    return this.embed(images);
  }
}
