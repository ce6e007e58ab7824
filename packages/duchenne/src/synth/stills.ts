/** Stills of synthetic actors in the real layouts of AffectNet, FER2013 and LFW: one per showing, at its apex. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import sharp, { type Sharp } from "sharp";
import { EXPRESSIONS, type Expression } from "../lib/expressions.ts";
import { Random } from "../lib/random.ts";
import { apexSeconds, frameAt } from "./actor/timeline.ts";
import { LandmarkReader } from "./draw/landmarks.ts";
import { rgbOf } from "./film/camera.ts";
import {
  type Actor,
  createActor,
  prepareActor,
  type Split,
  type Stage,
  type SynthPlan,
} from "./film/film.ts";
import type { ImagePoint } from "./head/mesh.ts";
import { FRAME_PIXELS } from "./head/view.ts";
import { lfwWriter } from "./lfwStills.ts";
import { writeAtomically } from "./manifest.ts";
import { npyNumbers, npyText } from "./npy.ts";
import type { StillLayout } from "./options.ts";

/** A drawn frame with everything the layouts ask for. */
export interface Still {
  readonly actor: Actor;
  readonly split: Split;
  readonly expression: Expression;
  readonly valence: number;
  readonly arousal: number;
  /** [256, 256, 3]. */
  readonly rgb: Uint8ClampedArray;
  /** [68] image pixels. */
  readonly landmarks: readonly ImagePoint[];
}

interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Draws an actor's stills. */
export function* actorStills(plan: SynthPlan, index: number): Generator<Still> {
  const actor = createActor(plan, index);
  const set = prepareActor(plan, actor);
  const reader = new LandmarkReader(set.performer.mesh, set.performer.eyes, actor.identity.shape);
  const grain = Random.fromSeed(plan.seed).fork(`still grain/${index}`);
  for (const script of actor.scripts) {
    for (const showing of script.showings) {
      yield drawStill(set, actor, reader, frameAt(script, apexSeconds(showing)), grain.bits32());
    }
  }
}

function drawStill(
  { performer, sensor }: Stage,
  actor: Actor,
  reader: LandmarkReader,
  state: ReturnType<typeof frameAt>,
  grain: number,
): Still {
  const rgb = rgbOf(sensor.expose(performer.draw(state).data(), grain));
  const { expression, valence, arousal } = state;
  return { actor, split: actor.split, expression, valence, arousal, rgb, landmarks: reader.read(state) };
}

/** The square around a face: its landmarks' box, grown by a quarter, within the frame. */
function faceSquare(landmarks: readonly ImagePoint[]): Square {
  const xs = landmarks.map((p) => p.x);
  const ys = landmarks.map((p) => p.y);
  const centreX = (Math.min(...xs) + Math.max(...xs)) / 2;
  const centreY = (Math.min(...ys) + Math.max(...ys)) / 2 - 0.06 * (Math.max(...ys) - Math.min(...ys));
  const wanted = 1.25 * Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  const side = Math.min(FRAME_PIXELS, Math.round(wanted));
  const within = (centre: number): number =>
    Math.max(0, Math.min(FRAME_PIXELS - side, Math.round(centre - side / 2)));
  return { left: within(centreX), top: within(centreY), side };
}

/** A still as an image of sharp. */
export function picture({ rgb }: Pick<Still, "rgb">): Sharp {
  return sharp(rgb, { raw: { width: FRAME_PIXELS, height: FRAME_PIXELS, channels: 3 } });
}

function cropped(still: Still, square: Square, side: number): Sharp {
  const { left, top } = square;
  return picture(still).extract({ left, top, width: square.side, height: square.side }).resize(side, side);
}

/** Collects stills in one layout. */
export interface LayoutWriter {
  /** Whether an earlier run has written all of an actor's; only layouts without tables can say so. */
  isDone?(actor: Actor): boolean;
  add(still: Still): Promise<void>;
  finish(): void;
}

const LAYOUTS: Readonly<Record<StillLayout, (out: string, plan: SynthPlan) => LayoutWriter>> = {
  "affectnet-csv": affectNetCsv,
  "affectnet-npy": affectNetNpy,
  "fer2013-csv": fer2013Csv,
  "fer2013-folders": fer2013Folders,
  lfw: lfwWriter,
};

/** Writes the stills of a whole data set. @param onActor called after each actor   @param signal stops after the current still */
export async function writeStills(
  plan: SynthPlan,
  layout: StillLayout,
  out: string,
  onActor: (result: { readonly frames: number; readonly skippedClips: number }) => void,
  signal?: AbortSignal,
): Promise<void> {
  const writer = LAYOUTS[layout](out, plan);
  for (let index = 0; index < plan.actors; index += 1) {
    if (writer.isDone?.(createActor(plan, index))) {
      onActor({ frames: 0, skippedClips: plan.clips });
      continue;
    }
    let frames = 0;
    for (const still of actorStills(plan, index)) {
      signal?.throwIfAborted();
      await writer.add(still);
      frames += 1;
    }
    onActor({ frames, skippedClips: 0 });
  }
  writer.finish();
}

/** Writes an image as JPEG; creates its folder. */
export async function save(image: Sharp, file: string): Promise<void> {
  mkdirSync(path.dirname(file), { recursive: true });
  writeAtomically(file, await image.jpeg({ quality: 95 }).toBuffer());
}

/** AffectNet's first release: two tables, images by numbered folder, face box and 68 landmarks in the image. */
function affectNetCsv(out: string): LayoutWriter {
  const header =
    "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal";
  const tables = { "training.csv": [header], "validation.csv": [header] };
  let count = 0;
  return {
    async add(still) {
      const file = `${(count % 97) + 1}/${still.actor.name}_${String(count).padStart(6, "0")}.jpg`;
      count += 1;
      await save(picture(still), path.join(out, "Manually_Annotated_Images", file));
      const { left, top, side } = faceSquare(still.landmarks);
      const points = still.landmarks.map((p) => `${p.x.toFixed(2)};${p.y.toFixed(2)}`).join(";");
      const affect = [still.valence.toFixed(6), still.arousal.toFixed(6)];
      const row = [file, left, top, side, side, points, EXPRESSIONS.indexOf(still.expression), ...affect];
      tables[still.split === "train" ? "training.csv" : "validation.csv"].push(row.join(","));
    },
    finish() {
      for (const [name, lines] of Object.entries(tables)) {
        writeAtomically(path.join(out, name), `${lines.join("\n")}\n`);
      }
    },
  };
}

const AFFECTNET_CROP_PIXELS = 224;

/** AffectNet's second release: cropped images by number, one .npy per label. */
function affectNetNpy(out: string): LayoutWriter {
  const counts = { train_set: 0, val_set: 0 };
  return {
    async add(still) {
      const part = still.split === "train" ? "train_set" : "val_set";
      const number = counts[part];
      counts[part] += 1;
      const square = faceSquare(still.landmarks);
      await save(
        cropped(still, square, AFFECTNET_CROP_PIXELS),
        path.join(out, part, "images", `${number}.jpg`),
      );
      const annotations = path.join(out, part, "annotations");
      mkdirSync(annotations, { recursive: true });
      const zoom = AFFECTNET_CROP_PIXELS / square.side;
      const points = still.landmarks.flatMap((p) => [(p.x - square.left) * zoom, (p.y - square.top) * zoom]);
      const write = (label: string, content: Buffer): void => {
        writeAtomically(path.join(annotations, `${number}_${label}.npy`), content);
      };
      write("exp", npyText(String(EXPRESSIONS.indexOf(still.expression))));
      write("val", npyText(still.valence.toFixed(6)));
      write("aro", npyText(still.arousal.toFixed(6)));
      write("lnd", npyNumbers(points));
    },
    finish() {},
  };
}

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
const FER2013_USAGE: Readonly<Record<Split, string>> = {
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
function fer2013Csv(out: string): LayoutWriter {
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
function fer2013Folders(out: string): LayoutWriter {
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
