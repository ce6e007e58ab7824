import { z } from "zod";
import { originSchema } from "../../data/store/origin.ts";
import { type RunConfig, renameSettings, runConfigSchema } from "../config/config.ts";
import { PRESETS } from "../config/presets.ts";

/** Raised when a change makes old checkpoints unreadable. */
export const CHECKPOINT_VERSION = 1;

/** What a run was started on: another store of equal content has the same digest. */
export const storeIdentitySchema = z.strictObject({
  path: z.string(),
  /** SHA-256 of the manifest and the list of clips. */
  digest: z.string(),
  /** How its source was read, as in `docs/data.md`; absent in checkpoints from before it was written down. */
  dataset: z.string().optional(),
  /** Where its faces come from; absent in older checkpoints. */
  origin: originSchema.optional(),
});

/** The settings that a run uses, as config.json and checkpoints have them. */
export type RecordedConfig = Partial<RunConfig> & Pick<RunConfig, "method" | "arch" | "size" | "seed">;

/**
 * Settings as a file of this or another version has them: a setting that is missing has the paper's value, and one that this
 * version does not know is left out.
 */
export const storedConfigSchema = z.preprocess(
  (value) =>
    typeof value === "object" && value !== null
      ? { ...PRESETS.paper.settings, ...renameSettings(value as Record<string, unknown>) }
      : value,
  runConfigSchema,
);

const sums = z.strictObject({ count: z.int(), totals: z.record(z.string(), z.number()) });

/** `state.json` of a checkpoint: everything but tensors. */
export const checkpointStateSchema = z.strictObject({
  format: z.literal("duchenne-checkpoint"),
  formatVersion: z.literal(CHECKPOINT_VERSION),
  versions: z.record(z.string(), z.string()),
  /** Updates done. Everything random follows from it and the seed. */
  step: z.int().min(0),
  epoch: z.number(),
  config: storedConfigSchema,
  store: storeIdentitySchema,
  /** Updates each parameter has had. */
  optimizerSteps: z.array(z.int()),
  /** Running mean of the training loss; the checkpoint with the lowest is the best. Null before the first step. */
  smoothedLoss: z.number().nullable(),
  /** Figures since the last line of the log. */
  figures: sums,
  /** Of a curriculum by progress: what the strengths to come follow from. */
  curriculum: z
    .strictObject({
      strengths: z.tuple([z.number(), z.number()]),
      smoothedTop1: z.number().nullable(),
      sum: z.number(),
    })
    .optional(),
  /** Processes that had trained together; absent: one. */
  worldSize: z.int().optional(),
  /** SHA-256 of the files beside this one, so that damage is noticed. */
  sha256: z.record(z.string(), z.string()),
});

export type StoreIdentity = z.infer<typeof storeIdentitySchema>;
export type CheckpointState = z.infer<typeof checkpointStateSchema>;
