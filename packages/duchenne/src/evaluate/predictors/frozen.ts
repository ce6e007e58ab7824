/** A predictor on the features of a frozen backbone. */
import { type Generator, type nn, noGrad, scope, type Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import { selectRows } from "../features/featureRows.ts";
import type { TrainablePredictor } from "./fit.ts";

/**
 * Up to this many features, an update runs on one thread: after every small product, threads would wait for each other longer than
 * they save. An update of 64 images with two threads and with one takes 0.9 and 0.45 ms with 192 features, 2.2 and 1.6 ms with 512.
 */
const MOST_FEATURES_OF_ONE_THREAD = 512;

/**
 * Trains a predictor on features that do not change.
 * @param random draws its dropout
 * @param features [views · images, d]: a block of the plain views, then one per changed view; each update draws one view per image
 * @param images number of images
 */
export function frozenPredictor(
  predictor: nn.Module,
  random: Generator,
  features: Tensor,
  images: number,
): TrainablePredictor {
  const views = features.size(0) / images;
  const anyView = (indices: readonly number[], rng: Random) =>
    views === 1 ? indices : indices.map((i) => i + images * rng.integer(views));
  return {
    network: predictor,
    onOneThread: features.size(1) <= MOST_FEATURES_OF_ONE_THREAD,
    random,
    trainOutputs: (indices, rng) => ({
      outputs: predictor.call(selectRows(features, anyView(indices, rng))),
    }),
    outputs: async (indices) =>
      scope(() => noGrad(() => predictor.call(selectRows(features, indices)).toTypedArray() as Float32Array)),
  };
}
