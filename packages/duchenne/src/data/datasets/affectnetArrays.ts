import { join } from "node:path";
import { EXPRESSIONS } from "../../lib/expressions.ts";
import type { Split } from "../../lib/splitNames.ts";
import type { FrameLabels } from "../store/record.ts";
import { attempt, labelFields, type Place } from "./fields.ts";
import { readNpyScalar } from "./npy.ts";
import type { ReadOptions, Sample } from "./types.ts";
import { isImage, walk } from "./walk.ts";

/** AffectNet's second release: `images/<n>.jpg` beside `annotations/<n>_{exp,val,aro}.npy`. */
export async function* readAnnotatedImages(
  set: string,
  split: Split,
  options: ReadOptions,
): AsyncGenerator<Sample> {
  options.onLabelNumbers?.("affectnet", `${join(set, "annotations")}: *_exp.npy`);
  for (const { path, files } of walk(join(set, "images"), options.onProblem)) {
    for (const name of files.filter(isImage)) {
      const labels = attempt(() => readLabels(set, name), options.onProblem);
      if (labels) yield { source: { kind: "still", path: join(path, name) }, ...labels, split };
    }
  }
}

/** @returns undefined for an image without one of the eight expressions */
function readLabels(set: string, image: string): FrameLabels | undefined {
  const file = (label: string) => join(set, "annotations", image.replace(/\.\w+$/, `_${label}.npy`));
  const expression = readNpyScalar(file("exp"));
  if (Number.isInteger(expression) && expression >= EXPRESSIONS.length && expression <= 10) return undefined;
  return {
    ...affectNetLabels({ expression: String(expression) }, { file: file("exp") }),
    ...affectNetLabels({ valence: String(readNpyScalar(file("val"))) }, { file: file("val") }),
    ...affectNetLabels({ arousal: String(readNpyScalar(file("aro"))) }, { file: file("aro") }),
  };
}

/** Labels with AffectNet's −2 for "none" taken out. */
export function affectNetLabels(fields: Readonly<Record<string, string>>, place: Place): FrameLabels {
  const known = Object.entries(fields).filter(([, text]) => Number(text) !== -2);
  return labelFields(Object.fromEntries(known), place);
}
