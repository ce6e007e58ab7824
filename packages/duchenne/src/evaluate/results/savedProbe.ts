/** The folder of a trained predictor with its backbone, which `duchenne export` turns into a model. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readSafetensors, type StateDict, saveWeights, type Tensor, WeightsError } from "@duchenne/torch";
import { z } from "zod";
import { packageVersions } from "../../data/store/versions.ts";
import { ConfigError, setting } from "../../lib/errors.ts";
import { writeFolderAtomically } from "../../lib/files/atomicFolder.ts";
import { findForeignFile } from "../../lib/files/foreignFiles.ts";
import { sha256 } from "../../lib/sha256.ts";
import { ProbeError } from "../schema/errors.ts";
import { MODES, probeSettingsSchema } from "../schema/options.ts";
import { figureSchema, probeResultSchema } from "../schema/result.ts";

const ABOUT = "probe.json";
const WEIGHTS = "model.safetensors";

const DAMAGED = "The file is damaged: save the probe again.";
const REMEDY = "Name a folder that `probe` saved.";

/** The crop of the faces in a store. */
const cropSchema = z.strictObject({
  /** Side of the stored crop, pixels. */
  size: z.int().positive(),
  /** Side, as a multiple of the longer side of the landmarks' box; null if the store has whole images. */
  scale: z.number().min(1).nullable(),
  alignEyes: z.boolean(),
  landmarkModel: z.string(),
});

const { backbone, data, classes } = probeResultSchema.shape;

const savedProbeSchema = z.strictObject({
  format: z.literal("duchenne-predictor"),
  formatVersion: z.literal(1),
  versions: z.record(z.string(), z.string()),
  task: z.enum(["expression", "va"]),
  mode: z.enum(MODES).exclude(["knn"]),
  /** The digest is that of the weights beside this file: fine-tuning changes a backbone. */
  backbone,
  data,
  crop: cropSchema,
  classes,
  /** Label budget of the training. */
  labels: z.string(),
  seed: z.int(),
  trainImages: z.int(),
  figures: z.record(z.string(), figureSchema),
  recall: z.array(z.number().nullable()).nullable(),
  /** By which the last layer was divided; absent if it was not calibrated. */
  temperature: z.number().positive().optional(),
  /** Settings of the evaluation; absent in older probes. */
  settings: probeSettingsSchema.optional(),
  /** SHA-256 of the weights file, to detect damage. */
  sha256: z.string(),
});

/** The content of probe.json in a saved probe. */
export type SavedProbe = z.infer<typeof savedProbeSchema>;
/** The crop of the faces in a store. */
export type SavedCrop = z.infer<typeof cropSchema>;
/** The fields of a saved probe that its caller provides. */
export type NewSavedProbe = Omit<SavedProbe, "format" | "formatVersion" | "versions" | "sha256">;

/** Whether a folder is a saved probe. */
export const isSavedProbe = (folder: string): boolean => existsSync(join(folder, ABOUT));

/** Checks that a saved probe may replace a folder. @throws ConfigError if the folder holds anything else */
export function refuseToReplace(save: string): void {
  const folder = resolve(save);
  if (!existsSync(folder)) return;
  const foreign = findForeignFile(folder, [ABOUT, WEIGHTS]);
  if (isSavedProbe(folder) && foreign === undefined) return;
  const received = foreign === undefined ? folder : `${folder}, which holds ${foreign}`;
  const expected = "a new folder, or one that holds only a saved probe";
  throw new ConfigError(setting("save"), expected, received, "Choose another folder.");
}

/** Writes a saved probe atomically. @param tensors named `backbone.…` and `predictor.…` */
export function saveProbe(folder: string, about: NewSavedProbe, tensors: ReadonlyMap<string, Tensor>): void {
  writeFolderAtomically(folder, (temporary) => {
    saveWeights(join(temporary, WEIGHTS), tensors);
    const all: SavedProbe = {
      format: "duchenne-predictor",
      formatVersion: 1,
      versions: packageVersions(),
      ...about,
      sha256: sha256(readFileSync(join(temporary, WEIGHTS))),
    };
    writeFileSync(join(temporary, ABOUT), `${JSON.stringify(all, null, 2)}\n`, { flush: true });
  });
}

/** Reads a saved probe. @throws ProbeError if the folder is no saved probe, or is damaged */
export function readSavedProbe(folder: string): { about: SavedProbe; tensors: StateDict } {
  const about = readAbout(join(folder, ABOUT));
  const file = join(folder, WEIGHTS);
  try {
    if (sha256(readFileSync(file)) !== about.sha256)
      throw new ProbeError(file, "the weights that were saved with the probe", "other content", DAMAGED);
    return { about, tensors: readSafetensors(file).tensors };
  } catch (cause) {
    if (cause instanceof ProbeError) throw cause;
    const isKnown = cause instanceof WeightsError || (cause as NodeJS.ErrnoException).code !== undefined;
    if (!isKnown) throw cause;
    throw new ProbeError(file, "the weights of a saved probe", (cause as Error).message, DAMAGED, { cause });
  }
}

function readAbout(file: string): SavedProbe {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new ProbeError(file, "a saved probe", (cause as Error).message, REMEDY, { cause });
  }
  const { data: about, error } = savedProbeSchema.safeParse(json);
  const issue = error?.issues[0];
  if (!issue) return about!;
  throw new ProbeError(file, "a saved probe", `${issue.path.join(".")}: ${issue.message}`, REMEDY);
}
