/** Every setting of a probe, with method.md's "Downstream" as the default. */
import type { Device } from "@duchenne/torch";
import { z } from "zod";
import { EXPRESSIONS } from "../../lib/expressions.ts";
import { ProbeError } from "./errors.ts";
import { parseBudget } from "./labelBudget.ts";

export const TASKS = ["expression", "va", "identity"] as const;
export type Task = (typeof TASKS)[number];

/**
 * frozen: the 3-layer predictor on features that stay; finetune: predictor and backbone together; linear: one layer on
 * standardised features; knn: the nearest training images vote.
 */
export const MODES = ["frozen", "finetune", "linear", "knn"] as const;
export type Mode = (typeof MODES)[number];

export const EXPRESSION_LOSSES = ["balanced-softmax", "cross-entropy"] as const;
export type ExpressionLoss = (typeof EXPRESSION_LOSSES)[number];

const budget = z.string().refine((text) => parseBudget(text) !== undefined, {
  message: "a share or a number of training labels, as in 1%, 100 or all",
});

export const probeSettingsSchema = z.strictObject({
  task: z.enum(TASKS).default("expression").describe("what is predicted"),
  mode: z.enum(MODES).default("frozen").describe("what is trained on the labels"),
  loss: z.enum(EXPRESSION_LOSSES).default("balanced-softmax").describe("of expressions; va has 1 - CCC"),
  labels: z.array(budget).min(1).default(["all"]).describe("training labels used: shares or numbers"),
  seeds: z
    .int()
    .positive()
    .default(1)
    .describe("repetitions: labels drawn, predictor started and trained anew"),
  seed: z.int().min(0).default(0).describe("of every draw"),
  classes: z
    .array(z.enum(EXPRESSIONS))
    .min(2)
    .nullable()
    .default(null)
    .describe("expressions to tell apart; default: all that occur"),
  framesPerClip: z.int().positive().default(16).describe("most frames taken of one clip"),
  epochs: z.int().positive().default(20).describe("passes over the training labels"),
  minSteps: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe("least updates (default: 1000 frozen, 300 fine-tuned)"),
  learningRate: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe(
      "Adam's, falling along a cosine (default: the paper's 1e-4 for its 87,500 updates, more for fewer)",
    ),
  weightDecay: z.number().min(0).default(5e-4).describe("Adam's"),
  batch: z.int().min(2).default(64).describe("images per update"),
  dropout: z.number().min(0).max(0.95).default(0.5).describe("share of the predictor's inputs dropped"),
  augment: z
    .int()
    .min(0)
    .default(0)
    .describe("frozen: changed views of each training image beside the plain one"),
  neighbours: z.int().positive().default(20).describe("knn: training images that vote"),
  minImages: z.int().min(2).default(20).describe("identity: images a person must have"),
  resamples: z.int().positive().default(1000).describe("of the bootstrap intervals"),
});

/** Settings of a probe. */
export type ProbeSettings = z.infer<typeof probeSettingsSchema>;

/** Settings to change, and where the probe works. */
export type ProbeOptions = Partial<ProbeSettings> & {
  /** Where features are kept between runs; default: nowhere. */
  readonly cache?: string;
  /** Identity: LFW's pairs.txt, for its verification protocol. */
  readonly pairs?: string;
  /** Default "cpu". */
  readonly device?: Device;
  /** Folder to keep the predictor in that the first seed of the largest label budget gives; default: none is kept. */
  readonly save?: string;
  /** JSON file of the result, continued if it exists; default: none is written. */
  readonly out?: string;
};

/** @throws ProbeError naming the option at fault */
export function probeSettings(given: Partial<ProbeSettings>): ProbeSettings {
  const { data, error } = probeSettingsSchema.safeParse(given);
  const issue = error?.issues[0];
  if (issue) {
    const option = String(issue.path[0] ?? "options");
    const value = (given as Record<string, unknown>)[option];
    throw new ProbeError(option, issue.message, JSON.stringify(value) ?? "nothing");
  }
  if (data!.task === "identity" && data!.mode === "finetune")
    throw new ProbeError("mode", "frozen for the task identity, which trains nothing", "finetune");
  if (data!.augment > 0 && data!.mode !== "frozen")
    throw new ProbeError("augment", "0 but in mode frozen", `${data!.augment} in mode ${data!.mode}`);
  return data!;
}
