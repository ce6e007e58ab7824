/** The result of an evaluation: the JSON file that reports and tables read. */
import { z } from "zod";
import { originSchema } from "../../data/store/origin.ts";
import { EXPRESSIONS } from "../../lib/expressions.ts";
import { probeSettingsSchema } from "./options.ts";

/** JSON has no NaN: a figure without a value is null. */
const number = z.number().nullable();

/** A figure with its 95 % bootstrap interval over the test images, by person if persons are known. */
export const figureSchema = z.strictObject({ value: number, low: number, high: number });

/** Figures and predictions of one set of weights on the test split. */
const outcomeSchema = z.strictObject({
  /** accuracy, macroF1; valenceCcc, valenceRmse, arousalCcc, arousalRmse; identification, chance, verification. */
  figures: z.record(z.string(), figureSchema),
  /** Expression: [true class][predicted class]. */
  confusion: z.array(z.array(z.int())).nullable(),
  /** Expression: recall of each class, in the order of `classes`. */
  recall: z.array(number).nullable(),
  /** In the order of `test.keys`: class numbers; or valence, arousal, valence, arousal … */
  predictions: z.array(z.number()),
  /** Expression: probability of the predicted class. */
  confidence: z.array(z.number()).nullable(),
});

/** One training, with its label budget and seed. */
const cellSchema = z.strictObject({
  /** The label budget as the user wrote it: "1%", "100", "all". */
  labels: z.string(),
  seed: z.int(),
  /** Images that trained the predictor, and images that chose its weights. */
  trainImages: z.int(),
  validationImages: z.int(),
  steps: z.int(),
  seconds: z.number(),
  /** Outcome of the weights that were kept: those with the best validation score, or the last ones (`choose`). */
  best: outcomeSchema,
  /** Outcome of the weights after the last update; equal to `best` in modes that choose no weights. */
  last: outcomeSchema,
  /** Updates done when the validation score was best. */
  bestStep: z.int(),
  /** At each validation: updates done, mean training loss since the last one, validation score (macro F1, or mean CCC). */
  history: z.array(z.strictObject({ step: z.int(), loss: number, score: number })),
});

/** Means over the seeds of one label budget; the interval resamples the same test images for all seeds. */
const summarySchema = z.strictObject({
  labels: z.string(),
  trainImages: z.int(),
  seeds: z.int(),
  figures: z.record(
    z.string(),
    z.strictObject({
      mean: number,
      /** Standard deviation over seeds, with n − 1; null for one seed. */
      sd: number,
      low: number,
      high: number,
      lastMean: number,
    }),
  ),
});

/** Size of a split. */
const splitSchema = z.strictObject({
  images: z.int(),
  persons: z.int(),
  /** Expression: images per class, in the order of `classes`. */
  perClass: z.array(z.int()).nullable(),
});

/** Images that two splits share. */
const overlapSchema = z.strictObject({
  /** Names of the two splits. */
  parts: z.tuple([z.string(), z.string()]),
  /** Images of the second split with the same pixels as one of the first. */
  exact: z.int(),
  /** Further images of the second split that differ from one of the first by no more than recompression or a slight crop. */
  near: z.int(),
});

/** The content of a result file. */
export const probeResultSchema = z.strictObject({
  format: z.literal("duchenne-probe"),
  formatVersion: z.literal(1),
  /** False until all cells are trained. */
  complete: z.boolean(),
  versions: z.record(z.string(), z.string()),
  backbone: z.strictObject({
    description: z.string(),
    /** What it was loaded from: a path, or `untrained`; absent in older results. */
    from: z.string().optional(),
    arch: z.string(),
    /** Side of the input, pixels. */
    size: z.int(),
    features: z.int(),
    /** How the source of the pre-training data was read; absent if unknown, or without pre-training. */
    dataset: z.string().optional(),
    /** Where the faces of the pre-training come from; absent if unknown, or without pre-training. */
    origin: originSchema.optional(),
    /** The data of the pre-trainings before, which the last one started from; absent if there was none. */
    earlier: z
      .array(z.strictObject({ dataset: z.string().optional(), origin: originSchema.optional() }))
      .optional(),
    /** SHA-256 of the weights. */
    digest: z.string(),
  }),
  data: z.strictObject({
    store: z.string(),
    dataset: z.string(),
    /** Where the faces come from; absent if unknown. */
    origin: originSchema.optional(),
    /** SHA-256 of the store's manifest and clips. */
    digest: z.string(),
    /** How the images were divided into splits, in words. */
    splitRule: z.string(),
    train: splitSchema,
    validation: splitSchema,
    test: splitSchema,
    /** With `semi`: images that teach without a label, those of the training split included. */
    unlabelled: z.int().optional(),
    /** Images left out, by reason. */
    leftOut: z.record(z.string(), z.int()),
    duplicates: z.array(overlapSchema),
  }),
  settings: probeSettingsSchema,
  /** Expression: class names, by number. */
  classes: z.array(z.enum(EXPRESSIONS)).nullable(),
  test: z.strictObject({
    /** Frame keys in the store. */
    keys: z.array(z.int()),
    /** Class numbers; or valence, arousal, valence, arousal … */
    labels: z.array(z.number()),
    persons: z.array(z.string().nullable()),
  }),
  cells: z.array(cellSchema),
  summary: z.array(summarySchema),
});

/** The content of a result file: settings, data, and the figures of every training. */
export type ProbeResult = z.infer<typeof probeResultSchema>;
/** One training, with its label budget and seed. */
export type ProbeCell = z.infer<typeof cellSchema>;
/** Figures and predictions of one set of weights on the test split. */
export type ProbeOutcome = z.infer<typeof outcomeSchema>;
/** A figure with its 95 % interval. */
export type ProbeFigure = z.infer<typeof figureSchema>;
/** Means over the seeds of one label budget. */
export type ProbeSummary = z.infer<typeof summarySchema>;
/** Size of a split. */
export type SplitCounts = z.infer<typeof splitSchema>;
/** Images that two splits share. */
export type Overlap = z.infer<typeof overlapSchema>;
