/** How long a training is, and how large its steps: the paper's, fitted to fewer labels. */
import type { Mode, ProbeSettings } from "../schema/options.ts";

/** The paper's 20 epochs over AffectNet's 280,000 images in batches of 64. */
const PAPER_STEPS = 87_500;
const PAPER_LEARNING_RATE = 1e-4;

/**
 * With few labels 20 epochs are no more than some dozens of updates, and the predictor stays where it started: so there is a
 * least number of them, which a whole network, slower and quicker to overfit, has lower.
 */
const LEAST_STEPS: Readonly<Record<Mode, number>> = { frozen: 1000, finetune: 300, linear: 0, knn: 0 };

/**
 * The highest rates. For frozen features 1e-3 beat 1e-4 on the validation people of a cast at every label budget (macro F1 .16
 * to .13 with 100 labels, of one weak backbone); fine-tuning's is a guess, lower to stay near what was learned.
 */
const HIGHEST_RATE: Readonly<Record<Mode, number>> = { frozen: 1e-3, finetune: 3e-4, linear: 0, knn: 0 };

export interface FitSchedule {
  readonly steps: number;
  readonly learningRate: number;
}

/**
 * Updates and learning rate for some number of training images. Where the settings do not say, this departs from the paper: at
 * least so many updates, and where they are fewer than the paper's, a rate as much larger, up to a bound.
 */
export function fitSchedule(
  {
    mode,
    epochs,
    batch,
    minSteps,
    learningRate,
  }: Pick<ProbeSettings, "mode" | "epochs" | "batch" | "minSteps" | "learningRate">,
  images: number,
): FitSchedule {
  const passes = epochs * Math.ceil(images / Math.min(batch, images));
  const steps = Math.max(passes, minSteps ?? LEAST_STEPS[mode]);
  const fitted = Math.max(PAPER_LEARNING_RATE, (PAPER_LEARNING_RATE * PAPER_STEPS) / steps);
  return { steps, learningRate: learningRate ?? Math.min(HIGHEST_RATE[mode], fitted) };
}
