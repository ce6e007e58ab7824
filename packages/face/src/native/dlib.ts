/** dlib's face detector and landmark model behind typed calls. All work is done off the main thread. */

import { FaceError } from "../errors.ts";
import { refuseUnknown } from "../options.ts";
import type { Box, GreyImage } from "../types.ts";
import { loadAddon, type NativePredictor } from "./addon.ts";
import { findLandmarkModel } from "./modelFile.ts";

/** Points of one face. */
export const LANDMARKS = 68;
/** Side in pixels of the detector's window: the smallest face it finds at scale 1. */
export const DETECTOR_WINDOW_PIXELS = 80;

/** A face that the detector found. */
export interface Detection {
  readonly box: Box;
  /** Margin above dlib's own threshold. */
  readonly score: number;
}

/** What the detector scans, and how readily it finds a face. */
export interface ScanOptions {
  /** Part of the image to scan, default all of it. May reach beyond the border, which is then repeated. */
  readonly region?: Box;
  /** Enlargement before scanning; 2 is dlib's "upsample once". Default 1. */
  readonly scale?: number;
  /** Added to dlib's threshold; negative finds more. Default 0. */
  readonly threshold?: number;
  /** Pyramid levels to scan, each 1.2 times the face size of the one before; default all. */
  readonly levels?: number;
}

const SCAN_OPTIONS = ["region", "scale", "threshold", "levels"] as const satisfies (keyof ScanOptions)[];

/**
 * Finds frontal faces by dlib's HOG detector, surest first.
 * @throws FaceError for an unknown option, or a region that is empty, too large or nowhere, or if dlib fails
 */
export async function detectFaces(grey: GreyImage, options: ScanOptions = {}): Promise<Detection[]> {
  refuseUnknown(options, SCAN_OPTIONS);
  const region = options.region ?? { left: 0, top: 0, width: grey.width, height: grey.height };
  checkBox("region", region, options.scale ?? 1);
  const scan = Float64Array.of(
    region.left,
    region.top,
    region.left + region.width,
    region.top + region.height,
    options.scale ?? 1,
    options.threshold ?? 0,
    options.levels ?? 0,
  );
  const rows = await dlibCall(loadAddon().detect(grey.data, grey.width, grey.height, scan));
  return Array.from({ length: rows.length / 5 }, (_, i) => {
    const [left, top, right, bottom, score] = rows.subarray(5 * i, 5 * i + 5);
    // dlib's right and bottom are inclusive.
    return {
      box: { left: left!, top: top!, width: right! - left! + 1, height: bottom! - top! + 1 },
      score: score!,
    };
  });
}

/** Longer side of what is scanned, pixels. */
const MAX_SIDE = 16_384;
/** Farthest from the image, pixels. */
const MAX_DISTANCE = 1e6;

/** @throws FaceError */
function checkBox(subject: string, { left, top, width, height }: Box, scale: number): void {
  const isNear = [left, top].every((edge) => Math.abs(edge) <= MAX_DISTANCE);
  const sides = [width, height].map((side) => Math.round(side * scale));
  if (isNear && sides.every((side) => side >= 1 && side <= MAX_SIDE)) return;
  const scaled = scale === 1 ? "" : ` after scaling by ${scale}`;
  throw new FaceError(
    subject,
    `a width and a height from 1 to ${MAX_SIDE} pixels${scaled}, at most ${MAX_DISTANCE} pixels from the image`,
    `${width} x ${height} at ${left}, ${top}`,
    "Correct the box.",
  );
}

/** A loaded landmark model. Loading the same file again, in any thread of the process, shares the memory. */
export class LandmarkModel {
  readonly path: string;
  readonly #predictor: NativePredictor;

  private constructor(path: string, predictor: NativePredictor) {
    this.path = path;
    this.#predictor = predictor;
  }

  /**
   * @param given path of a dlib 68-point shape predictor; default as in `findLandmarkModel`
   * @throws FaceError if there is no model or it cannot be read
   */
  static async load(given?: string): Promise<LandmarkModel> {
    const path = await findLandmarkModel(given);
    try {
      return new LandmarkModel(path, await loadAddon().loadPredictor(path));
    } catch (error) {
      if (error instanceof FaceError) throw error;
      throw new FaceError(
        `landmarkModel ${path}`,
        "a dlib shape predictor with 68 points",
        messageOf(error),
        "Check or replace the file.",
        {
          cause: error,
        },
      );
    }
  }

  /**
   * Places the landmarks of each box.
   * @returns one [68, 2] array per box, x0, y0, x1, y1, ... in whole pixels
   * @throws FaceError for a box that is empty, too large or nowhere, or if dlib fails
   */
  async place(grey: GreyImage, boxes: readonly Box[]): Promise<Float32Array[]> {
    for (const box of boxes) checkBox("box", box, 1);
    const edges = Float64Array.from(
      boxes.flatMap(({ left, top, width, height }) => [left, top, left + width - 1, top + height - 1]),
    );
    const call = loadAddon().landmarks(this.#predictor, grey.data, grey.width, grey.height, edges);
    const points = await dlibCall(call);
    return boxes.map((_, i) => points.slice(2 * LANDMARKS * i, 2 * LANDMARKS * (i + 1)));
  }
}

async function dlibCall<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new FaceError("dlib", "an image it can work on", messageOf(error), "Check or replace the image.", {
      cause: error,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
