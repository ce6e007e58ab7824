/** Where the faces of a store come from, and on which terms: stores, checkpoints, probes and models carry it along. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { findManifest } from "../../synth/manifest.ts";

/** Schema of `DataOrigin`. */
export const originSchema = z.strictObject({
  /** "drawn": actors that do not exist. "real": people. */
  people: z.enum(["drawn", "real"]),
  /** Terms of the images and labels, in words. */
  licence: z.string(),
});
/** Whether the faces are of drawn actors or of real people, and the terms of the data. */
export type DataOrigin = z.infer<typeof originSchema>;

/** Terms of images that `duchenne synth` drew. */
export const DRAWN_TERMS = "drawn by duchenne synth: no real faces, no terms";

const OWN_DATA =
  "the maker's own recordings or images: state their terms here, and what the people in them agreed to";

/** Terms of data of real people, by how its source was read. */
export const DATA_TERMS: Readonly<Record<string, string>> = {
  affectnet: "AffectNet: non-commercial research, by agreement with its authors",
  fer2013: "FER2013: images found by a web search, whose rights lie with others; used for research",
  ferplus: "FER2013's images, whose rights lie with others, with the FER+ labels (MIT)",
  lfw: "Labeled Faces in the Wild: press photographs, whose rights lie with others; used for research",
  voxceleb: "VoxCeleb1: lists under CC BY 4.0; rights in the videos lie with their makers",
  csv: OWN_DATA,
  videoFolder: OWN_DATA,
  frameTree: OWN_DATA,
};

/** How a source is read, and where it is. */
interface Source {
  readonly dataset: string;
  /** Absolute path. */
  readonly source: string;
}

/**
 * Origin of a source: drawn if it lies in a data set of `duchenne synth`.
 * @returns undefined if the source is no longer there
 */
export function findOrigin({ dataset, source }: Source): DataOrigin | undefined {
  if (!existsSync(source)) return undefined;
  if ([source, dirname(source)].some((folder) => findManifest(folder) !== undefined))
    return { people: "drawn", licence: DRAWN_TERMS };
  return { people: "real", licence: DATA_TERMS[dataset] ?? dataset };
}

/** Origin as a store's manifest has it; of a store from before it was recorded, looked up at its source. */
export const originOf = ({
  origin,
  options,
}: {
  readonly origin?: DataOrigin | undefined;
  readonly options: Source;
}): DataOrigin | undefined => origin ?? findOrigin(options);
