/** Settings of the mode finetune alone. By default all are off: a plain fine-tuning, as the paper's. */
import { z } from "zod";

/** How two training images are mixed. */
export const MIXES = ["none", "mixup", "cutmix"] as const;

/** Settings that change how `--mode finetune` trains, with their ranges and defaults. */
export const finetuneShape = {
  optimizer: z
    .enum(["adam", "adamw"])
    .default("adam")
    .describe("mode finetune: update rule; adamw decays weights apart from the gradient"),
  warmupSteps: z
    .int()
    .min(0)
    .default(0)
    .describe("mode finetune: updates over which the learning rate rises"),
  autocast: z
    .enum(["auto", "on", "off"])
    .default("off")
    .describe("mode finetune: bfloat16 products in training; auto: on CUDA"),
  rotate: z
    .number()
    .min(0)
    .max(45)
    .default(0)
    .describe("mode finetune: training images are turned by up to this many degrees"),
  zoom: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe("mode finetune: side of training crops, within 1 ± this of the test crop's"),
  erase: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("mode finetune: share of training images of which a rectangle is erased"),
  mix: z
    .enum(MIXES)
    .default("none")
    .describe("mode finetune: each training image is mixed with another, and so are their labels"),
  mixAlpha: z
    .number()
    .positive()
    .default(1)
    .describe("mode finetune: the share of the other is drawn from Beta(alpha, alpha)"),
  mixProbability: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe("mode finetune: share of batches that are mixed"),
  labelSmoothing: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe("mode finetune: share of each label that is spread over all classes"),
  semi: z
    .boolean()
    .default(false)
    .describe(
      "mode finetune: also learns from images without a label, and from those whose labels the budget leaves out: pseudo-labels and a contrastive term",
    ),
  semiThreshold: z
    .number()
    .gt(0)
    .max(1)
    .default(0.9)
    .describe("with semi: least probability of the class that becomes an image's pseudo-label"),
  semiContrast: z
    .number()
    .min(0)
    .default(0.1)
    .describe("with semi: weight of the contrastive term between two views of an image"),
  average: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe(
      "mode finetune: evaluates a running average of the weights, which keeps this share in an update",
    ),
  choose: z
    .enum(["best", "last"])
    .default("best")
    .describe("mode finetune: weights that are kept: the best by validation, or the last"),
  balance: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      "mode finetune: how much of the log of its training frequency is taken off each class's output; 0: most accurate, 1: rare classes count alike",
    ),
  flipTest: z
    .boolean()
    .default(false)
    .describe("mode finetune: predict each test image and its mirror image, and average the outputs"),
  calibrate: z
    .boolean()
    .default(false)
    .describe("mode finetune: divides the outputs by the temperature that fits the validation images best"),
} as const;
