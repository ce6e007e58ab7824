/** Every setting of an evaluation. The defaults follow the paper; settings that depart from it give the reason. */
import type { Device } from "@duchenne/torch";
import { z } from "zod";
import { setting } from "../../lib/errors.ts";
import { EXPRESSIONS } from "../../lib/expressions.ts";
import { expectation, showValue } from "../../ssl/config/config.ts";
import { ProbeError } from "./errors.ts";
import { finetuneShape } from "./finetuneSettings.ts";
import { parseBudget } from "./labelBudget.ts";

/** What is predicted: expression classes, valence and arousal, or persons. */
export const TASKS = ["expression", "va", "identity"] as const;
/** What is predicted. */
export type Task = (typeof TASKS)[number];

/**
 * What is trained on the labels. frozen: the 3-layer predictor, on features of the frozen backbone; finetune: predictor and backbone
 * together; linear: one layer on standardised features; knn: nothing, the nearest training images vote.
 */
export const MODES = ["frozen", "finetune", "linear", "knn"] as const;
/** What is trained on the labels. */
export type Mode = (typeof MODES)[number];

/**
 * Losses for expression classes; valence and arousal are trained with 1 - CCC. votes: cross-entropy with the shares of the raters'
 * votes, for images that have votes.
 */
export const EXPRESSION_LOSSES = ["balanced-softmax", "cross-entropy", "votes"] as const;
/** Loss for expression classes. */
export type ExpressionLoss = (typeof EXPRESSION_LOSSES)[number];

const budget = z.string().refine((text) => parseBudget(text) !== undefined, {
  message: "a share or a number of training labels, as in 1%, 100 or all",
});

/** Settings of an evaluation, with their ranges and defaults. */
export const probeSettingsSchema = z.strictObject({
  task: z.enum(TASKS).default("expression").describe("what is predicted"),
  mode: z.enum(MODES).default("frozen").describe("what is trained on the labels"),
  loss: z
    .enum(EXPRESSION_LOSSES)
    .default("balanced-softmax")
    .describe("loss for expressions; votes: the shares of several raters' votes; va always uses 1 - CCC"),
  labels: z.array(budget).min(1).default(["all"]).describe("training labels to use: shares or counts"),
  seeds: z
    .int()
    .positive()
    .default(1)
    .describe("repetitions, each with its own labels, initial weights and order"),
  seed: z.int().min(0).default(0).describe("first random seed"),
  classes: z
    .array(z.enum(EXPRESSIONS))
    .min(2)
    .nullable()
    .default(null)
    .describe("expressions to classify; default: all that occur"),
  framesPerClip: z.int().positive().default(16).describe("most frames used of one clip"),
  epochs: z.int().positive().default(20).describe("passes over the training labels"),
  minSteps: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe("least number of updates (default: 1000 frozen, 300 finetune)"),
  learningRate: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe(
      "highest learning rate; cosine decay (default: the paper's 1e-4 for 87,500 updates, higher for fewer)",
    ),
  weightDecay: z.number().min(0).default(5e-4).describe("weight decay of the optimiser"),
  batch: z.int().min(2).default(64).describe("images per update"),
  dropout: z.number().min(0).max(0.95).default(0.5).describe("dropout probability in the predictor"),
  augment: z
    .int()
    .min(0)
    .default(0)
    .describe("mode frozen: changed views per training image, besides the plain one"),
  neighbours: z.int().positive().default(20).describe("mode knn: nearest training images that vote"),
  minImages: z.int().min(2).default(20).describe("task identity: least images per person"),
  resamples: z.int().positive().default(1000).describe("resamples of each bootstrap interval"),
  ...finetuneShape,
});

/** Settings of an evaluation, complete. */
export type ProbeSettings = z.infer<typeof probeSettingsSchema>;

/** Settings that differ from the default, and where `probe` works. */
export type ProbeOptions = Partial<ProbeSettings> & {
  /** Folder that keeps features between calls; default: none are kept. */
  readonly cache?: string;
  /** LFW's pairs.txt, for the task identity: adds LFW's verification protocol. */
  readonly pairs?: string;
  /** Device of the backbone and the predictors; default: "cpu". */
  readonly device?: Device;
  /** Folder for the predictor of the first seed and the largest label budget, for export; default: none is saved. */
  readonly save?: string;
  /** JSON file of the result; if it exists, the evaluation continues it. Default: none is written. */
  readonly out?: string;
};

/** Checks settings and fills in defaults. @throws ProbeError with the name of the wrong option */
export function probeSettings(given: Partial<ProbeSettings>): ProbeSettings {
  const { data, error } = probeSettingsSchema.safeParse(given);
  if (error) throw settingError(error.issues[0]!, given);
  const { task, mode, augment } = data;
  if (task === "identity" && mode === "finetune")
    throw new ProbeError(
      setting("mode"),
      "frozen for the task identity",
      mode,
      "Leave out `mode`: the task trains nothing.",
    );
  if (augment > 0 && mode !== "frozen")
    throw new ProbeError(
      setting("augment"),
      `0 in mode ${mode}`,
      String(augment),
      'Leave out `augment`, or use `mode: "frozen"`.',
    );
  checkFinetune(data);
  return data;
}

/** @throws ProbeError for a setting of the mode finetune in another mode, or one that needs classes without them */
function checkFinetune(settings: ProbeSettings): void {
  const { mode, task, loss, balance, mix, mixAlpha, mixProbability } = settings;
  const refuse = (name: keyof ProbeSettings, expected: string, remedy: string) => {
    throw new ProbeError(setting(name), expected, showValue(settings[name]), remedy);
  };
  if (loss === "votes" && (task !== "expression" || mode === "knn"))
    refuse(
      "loss",
      `another loss for ${mode === "knn" ? "mode knn" : `the task ${task}`}`,
      'Leave it out, or use `task: "expression"` and another mode.',
    );
  if (balance > 0 && loss === "balanced-softmax")
    refuse(
      "balance",
      "0 with the loss balanced-softmax, which balances in training",
      'Use `loss: "votes"` or `loss: "cross-entropy"`.',
    );
  if (mix === "none" && (mixAlpha !== 1 || mixProbability !== 1))
    refuse(
      mixAlpha === 1 ? "mixProbability" : "mixAlpha",
      "its default without mixing",
      'Leave it out, or use `mix: "cutmix"`.',
    );
  const ofSemi = (["semiThreshold", "semiContrast"] as const).find(
    (name) => settings[name] !== finetuneShape[name].parse(undefined),
  );
  if (!settings.semi && ofSemi)
    refuse(ofSemi, "its default without `semi`", "Leave it out, or use `semi: true`.");
  const changed = Object.entries(finetuneShape).find(
    ([name, field]) => settings[name as keyof typeof finetuneShape] !== field.parse(undefined),
  );
  if (mode !== "finetune" && changed)
    throw new ProbeError(
      setting(changed[0]),
      `its default in mode ${mode}`,
      showValue(settings[changed[0] as keyof typeof finetuneShape]),
      'Leave it out, or use `mode: "finetune"`.',
    );
  const needsClasses = (["mix", "labelSmoothing", "semi", "balance", "calibrate"] as const).find(
    (name) => settings[name] !== finetuneShape[name].parse(undefined),
  );
  if (task !== "expression" && needsClasses)
    throw new ProbeError(
      setting(needsClasses),
      `its default for the task ${task}`,
      showValue(settings[needsClasses]),
      'Leave it out, or use `task: "expression"`.',
    );
}

function settingError(issue: z.core.$ZodIssue, given: Partial<ProbeSettings>): ProbeError {
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(probeSettingsSchema.shape).join(", ");
    return new ProbeError(
      setting(issue.keys[0]!),
      `one of the options ${known}`,
      "an unknown option",
      "Correct its name.",
    );
  }
  const option = String(issue.path[0] ?? "options");
  const value = (given as Readonly<Record<string, unknown>>)[option];
  return new ProbeError(
    setting(option),
    expectation(issue),
    showValue(value),
    "Choose a value in this range.",
  );
}

/** @throws ProbeError for a mode whose work several processes cannot share */
export function requireFeaturePass({ mode }: Pick<ProbeSettings, "mode">): void {
  if (mode !== "finetune") return;
  throw new ProbeError(
    setting("mode"),
    "frozen, linear or knn from several processes, which compute features together",
    mode,
    "Fine-tune with one process.",
  );
}
