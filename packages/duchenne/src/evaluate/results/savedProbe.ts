/** A trained predictor with the backbone it stands on, kept in a folder: what `duchenne export` makes a model of. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readSafetensors, type StateDict, saveWeights, type Tensor, WeightsError } from "@duchenne/torch";
import { z } from "zod";
import { packageVersions } from "../../data/store/versions.ts";
import { ConfigError } from "../../lib/errors.ts";
import { writeFolderAtomically } from "../../lib/files/atomicFolder.ts";
import { findForeignFile } from "../../lib/files/foreignFiles.ts";
import { sha256 } from "../../lib/sha256.ts";
import { ProbeError } from "../schema/errors.ts";
import { MODES } from "../schema/options.ts";
import { figureSchema, probeResultSchema } from "../schema/result.ts";

const ABOUT = "probe.json";
const WEIGHTS = "model.safetensors";

/** How a store's frames were cut out of pictures. */
const cropSchema = z.strictObject({
  /** Side in pixels. */
  size: z.int().positive(),
  /** Side in longer sides of the landmarks' box; null where whole images were taken. */
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
  /** Of which the digest is that of the weights here: a fine-tuned backbone is another than it was. */
  backbone,
  data,
  crop: cropSchema,
  classes,
  /** The training that made it. */
  labels: z.string(),
  seed: z.int(),
  trainImages: z.int(),
  figures: z.record(z.string(), figureSchema),
  recall: z.array(z.number().nullable()).nullable(),
  /** Of the weights beside this file, so that damage is noticed. */
  sha256: z.string(),
});

/** The content of a saved probe's probe.json. */
export type SavedProbe = z.infer<typeof savedProbeSchema>;
export type SavedCrop = z.infer<typeof cropSchema>;
/** What the caller knows; the rest is the format's. */
export type NewSavedProbe = Omit<SavedProbe, "format" | "formatVersion" | "versions" | "sha256">;

/** Whether a folder is a saved probe. */
export const isSavedProbe = (folder: string): boolean => existsSync(join(folder, ABOUT));

/** @throws ConfigError if something else is there that would be lost */
export function refuseToReplace(save: string): void {
  const folder = resolve(save);
  if (!existsSync(folder)) return;
  const stranger = findForeignFile(folder, [ABOUT, WEIGHTS]);
  if (isSavedProbe(folder) && stranger === undefined) return;
  const received = stranger === undefined ? folder : `${folder}, where ${stranger} would be lost`;
  throw new ConfigError("--save", "a folder that is not there yet, or holds a saved probe alone", received);
}

/** Writes a probe's folder, all of it or none. @param tensors `backbone.…` and `predictor.…` */
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

/** @throws ProbeError if it is no saved probe, or damaged */
export function readSavedProbe(folder: string): { about: SavedProbe; tensors: StateDict } {
  const about = readAbout(join(folder, ABOUT));
  const file = join(folder, WEIGHTS);
  try {
    if (sha256(readFileSync(file)) !== about.sha256)
      throw new ProbeError(file, "the weights that were saved with the probe", "others: it is damaged");
    return { about, tensors: readSafetensors(file).tensors };
  } catch (cause) {
    if (cause instanceof ProbeError) throw cause;
    const isKnown = cause instanceof WeightsError || (cause as NodeJS.ErrnoException).code !== undefined;
    if (!isKnown) throw cause;
    throw new ProbeError(file, "the weights of a saved probe", (cause as Error).message, { cause });
  }
}

function readAbout(file: string): SavedProbe {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new ProbeError(file, "a saved probe", (cause as Error).message, { cause });
  }
  const { data: about, error } = savedProbeSchema.safeParse(json);
  const issue = error?.issues[0];
  if (issue) throw new ProbeError(file, "a saved probe", `${issue.path.join(".")}: ${issue.message}`);
  return about!;
}
