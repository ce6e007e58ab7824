/** Number of updates and learning rate: the paper's, adapted to fewer labels. */
import type { Mode, ProbeSettings } from "../schema/options.ts";

/** The paper's 20 epochs over AffectNet's 280,000 images in batches of 64. */
const PAPER_STEPS = 87_500;
const PAPER_LEARNING_RATE = 1e-4;

/**
 * Least number of updates. With few labels, 20 epochs are only some dozens of updates, and the predictor hardly moves from its first
 * weights. Fine-tuning has a lower number because its updates are slower and overfit sooner.
 */
const LEAST_STEPS: Readonly<Record<Mode, number>> = { frozen: 1000, finetune: 300, linear: 0, knn: 0 };

/**
 * Highest learning rate. On frozen features, 1e-3 was better than 1e-4 on the validation people of a synthetic data set at every
 * label budget (macro F1 0.16 against 0.13 with 100 labels, one weak backbone). The rate of fine-tuning is an untested choice, lower
 * so that the backbone keeps its pre-training.
 */
const HIGHEST_RATE: Readonly<Record<Mode, number>> = { frozen: 1e-3, finetune: 3e-4, linear: 0, knn: 0 };

/** Number of updates, and Adam's initial learning rate. */
export interface FitSchedule {
  readonly steps: number;
  readonly learningRate: number;
}

/**
 * Computes the schedule of a training. Unless the settings give them, both numbers depart from the paper: there is a least number of
 * updates, and with fewer updates than the paper's the learning rate is higher in proportion, up to a bound.
 * @param images number of training images
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
