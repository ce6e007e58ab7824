/** What a probe found: the JSON that reports and tables are made of. */
import { z } from "zod";
import { EXPRESSIONS } from "../../lib/expressions.ts";
import { probeSettingsSchema } from "./options.ts";

/** JSON has no NaN: a figure without a value is null. */
const number = z.number().nullable();

/** A figure with its 95 % bootstrap interval over the test images, by person where people are known. */
export const figureSchema = z.strictObject({ value: number, low: number, high: number });

/** How one set of weights did on the test part. */
const outcomeSchema = z.strictObject({
  /** accuracy, macroF1; valenceCcc, valenceRmse, arousalCcc, arousalRmse; identification, chance, verification. */
  figures: z.record(z.string(), figureSchema),
  /** Expression: [true class][predicted class]. */
  confusion: z.array(z.array(z.int())).nullable(),
  /** Expression: share found of each class, in the order of `classes`. */
  recall: z.array(number).nullable(),
  /** In the order of `test.keys`: class numbers; or valence, arousal, valence, arousal … */
  predictions: z.array(z.number()),
  /** Expression: probability of the predicted class. */
  confidence: z.array(z.number()).nullable(),
});

/** One training: a label budget and a seed. */
const cellSchema = z.strictObject({
  /** As it was asked for: "1%", "100", "all". */
  labels: z.string(),
  seed: z.int(),
  /** Images learned from, and images that chose the best round. */
  trainImages: z.int(),
  validationImages: z.int(),
  steps: z.int(),
  seconds: z.number(),
  /** The weights that the validation part liked best. */
  best: outcomeSchema,
  /** The weights after the last update; equal to `best` where nothing was chosen. */
  last: outcomeSchema,
  /** Updates done when the best weights were met. */
  bestStep: z.int(),
  /** Per round: updates done, mean training loss, the validation part's score (macro F1, or mean CCC). */
  history: z.array(z.strictObject({ step: z.int(), loss: number, score: number })),
});

/** Mean over the seeds of one label budget; the interval resamples the test images for all seeds alike. */
const summarySchema = z.strictObject({
  labels: z.string(),
  trainImages: z.int(),
  seeds: z.int(),
  figures: z.record(
    z.string(),
    z.strictObject({
      mean: number,
      /** Over seeds, n − 1; null for one seed. */
      sd: number,
      low: number,
      high: number,
      lastMean: number,
    }),
  ),
});

const partSchema = z.strictObject({
  images: z.int(),
  persons: z.int(),
  /** Expression: images per class, in the order of `classes`. */
  perClass: z.array(z.int()).nullable(),
});

const overlapSchema = z.strictObject({
  parts: z.tuple([z.string(), z.string()]),
  /** Images of the second part with a duplicate in the first, pixel for pixel. */
  exact: z.int(),
  /** Further ones that differ by less than a recompression or a slight crop would change. */
  near: z.int(),
});

export const probeResultSchema = z.strictObject({
  format: z.literal("duchenne-probe"),
  formatVersion: z.literal(1),
  /** False until every cell is there. */
  complete: z.boolean(),
  versions: z.record(z.string(), z.string()),
  backbone: z.strictObject({
    description: z.string(),
    arch: z.string(),
    /** Side of the input, pixels. */
    size: z.int(),
    features: z.int(),
    /** What it was pre-trained on, by how its source was read; absent where that is not known, or there was none. */
    dataset: z.string().optional(),
    /** SHA-256 of the weights. */
    digest: z.string(),
  }),
  data: z.strictObject({
    store: z.string(),
    dataset: z.string(),
    /** SHA-256 of the store's manifest and clips. */
    digest: z.string(),
    /** How train, validation and test were divided. */
    splitRule: z.string(),
    train: partSchema,
    validation: partSchema,
    test: partSchema,
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
export type ProbeCell = z.infer<typeof cellSchema>;
export type ProbeOutcome = z.infer<typeof outcomeSchema>;
export type ProbeFigure = z.infer<typeof figureSchema>;
export type ProbeSummary = z.infer<typeof summarySchema>;
export type SplitCounts = z.infer<typeof partSchema>;
export type Overlap = z.infer<typeof overlapSchema>;
