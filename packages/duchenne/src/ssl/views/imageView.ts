import type { Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import type { RecordedSettings } from "../config/config.ts";

/**
 * A view of your own: what is done to each image by itself, after the built-in views and before the normalisation. Draws are
 * sampled for a whole batch, then applied to any of its images, so that the same seed gives the same batch.
 */
export interface ImageView<Draw = unknown> {
  /** Recorded in the run's config.json. */
  readonly name: string;
  /** What the view depends on. A run records the settings, and resumes only with the same ones. */
  readonly settings?: RecordedSettings;
  /** One draw for each image. @param count images   @param size side of the images, pixels */
  sample(count: number, size: number, rng: Random): readonly Draw[];
  /**
   * @param images [n, 3, size, size] RGB in 0..255, which the view may write into   @param draws [n]
   * @returns [n, 3, size, size]
   */
  apply(images: Tensor, draws: readonly Draw[]): Tensor;
}
