import { type nn, noGrad, ops, scope, type Tensor, tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import type { TrainablePredictor } from "./fit.ts";

/** Rows of a matrix as a tensor of their own. @param features [n, d] */
export function selectRows(features: Tensor, indices: readonly number[]): Tensor {
  return ops.indexSelect(features, 0, tensor(Int32Array.from(indices), { device: features.device }));
}

/**
 * With more features, threads share out an update. With fewer, what they take to wait for each other after every small product is
 * more than what they save: an update of 64 images on two processors, by two threads and by one: 0.9 and 0.45 ms with 192
 * features, 2.2 and 1.6 with 512.
 */
const MOST_FEATURES_OF_ONE_THREAD = 512;

/**
 * A predictor on features that stay as they are.
 * @param features [views · images, d]: the plain images' first, then those of changed views, of which training draws one per
 * image and step
 */
export function frozenLearner(predictor: nn.Module, features: Tensor, images: number): TrainablePredictor {
  const views = features.size(0) / images;
  const anyView = (indices: readonly number[], rng: Random) =>
    views === 1 ? indices : indices.map((i) => i + images * rng.integer(views));
  return {
    network: predictor,
    onOneThread: features.size(1) <= MOST_FEATURES_OF_ONE_THREAD,
    trainOutputs: (indices, rng) => predictor.call(selectRows(features, anyView(indices, rng))),
    outputs: async (indices) =>
      scope(() => noGrad(() => predictor.call(selectRows(features, indices)).toTypedArray() as Float32Array)),
  };
}
