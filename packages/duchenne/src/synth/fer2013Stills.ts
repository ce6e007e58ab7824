/** Stills of synthetic actors in the layouts of FER2013. */
import path from "node:path";
import type { Sharp } from "sharp";
import type { Expression } from "../lib/expressions.ts";
import type { ActorSplit } from "./film/film.ts";
import { writeAtomically } from "./manifest.ts";
import { cropped, faceSquare, type LayoutWriter, type Still, save } from "./still.ts";

/** FER2013's classes in its own order; it has no contempt. */
const FER2013_CLASSES = [
  ["angry", "anger"],
  ["disgust", "disgust"],
  ["fear", "fear"],
  ["happy", "happy"],
  ["sad", "sad"],
  ["surprise", "surprise"],
  ["neutral", "neutral"],
] as const;
const FER2013_PIXELS = 48;
const FER2013_USAGE: Readonly<Record<ActorSplit, string>> = {
  train: "Training",
  valid: "PublicTest",
  test: "PrivateTest",
};

function fer2013Class(expression: Expression): number {
  return FER2013_CLASSES.findIndex(([, name]) => name === expression);
}

function greyCrop(still: Still): Sharp {
  return cropped(still, faceSquare(still.landmarks), FER2013_PIXELS).greyscale().toColourspace("b-w");
}

/** FER2013 as one table of pixels. */
export function fer2013Csv(out: string): LayoutWriter {
  const lines = ["emotion,pixels,Usage"];
  return {
    async add(still) {
      const emotion = fer2013Class(still.expression);
      if (emotion < 0) return;
      const pixels = await greyCrop(still).raw().toBuffer();
      lines.push(`${emotion},${pixels.join(" ")},${FER2013_USAGE[still.split]}`);
    },
    finish() {
      writeAtomically(path.join(out, "fer2013.csv"), `${lines.join("\n")}\n`);
    },
  };
}

/** FER2013 as folders: the two test parts share one. */
export function fer2013Folders(out: string): LayoutWriter {
  let count = 0;
  return {
    async add(still) {
      const emotion = fer2013Class(still.expression);
      if (emotion < 0) return;
      const folder = path.join(out, still.split === "train" ? "train" : "test", FER2013_CLASSES[emotion]![0]);
      await save(greyCrop(still), path.join(folder, `${FER2013_USAGE[still.split]}_${count}.jpg`));
      count += 1;
    },
    finish() {},
  };
}
