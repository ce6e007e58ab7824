/** Looks for faces: over the whole frame, or near where one is expected. */

import { overlapOf } from "@duchenne/crop";
import { DETECTOR_WINDOW_PIXELS, type Detection, detectFaces, type LandmarkModel } from "../native/dlib.ts";
import type { Box, GreyImage } from "../types.ts";
import { grow } from "./boxes.ts";
import { isFaceAfterAll } from "./doubt.ts";

/** Longer side of the frame in a coarse scan: cheap, finds faces that take a sixth of it or more. */
const COARSE_SIDE = 480;
/**
 * The same in a fine scan; frames are enlarged at most twice, for beyond that nothing is gained. It finds faces that measure a sixteenth of
 * the longer side from brows to chin, and 40 pixels.
 */
const FINE_SIDE = 1280;
const MAX_ENLARGEMENT = 2;
/** Of a fine scan, what scores above this gets a second look. */
const DOUBT_THRESHOLD = -0.5;
/** Boxes overlapping this much are one face. */
const SAME_FACE_OVERLAP = 0.3;

/**
 * Beside a known face the detector may be less strict: what scores above this is the same face, turned or blurred.
 * A new face must reach dlib's own threshold, 0.
 */
const NEAR_THRESHOLD = -0.5;
/** And it must be in about the same place: ears and collars reach such scores too. */
const MIN_UNSURE_OVERLAP = 0.4;

/** Scans the whole frame at low resolution. */
export async function scanCoarse(grey: GreyImage): Promise<Detection[]> {
  const scale = Math.min(1, COARSE_SIDE / longerSide(grey));
  return isTooNarrow(grey, scale) ? [] : detectFaces(grey, { scale });
}

/** Longer side above which the coarse scan reduces a frame by more than a fifth, and decoding takes much longer than scanning. */
const LARGE_SIDE = 600;

/** True if the coarse scan leaves many faces. */
export const isLarge = (grey: GreyImage): boolean => longerSide(grey) > LARGE_SIDE;

/** Scans the frame, or a part of it, for small faces too, and for faces that the detector is not sure of. */
export async function scanFine(grey: GreyImage, model: LandmarkModel, region?: Box): Promise<Detection[]> {
  const scale = Math.min(MAX_ENLARGEMENT, FINE_SIDE / longerSide(grey));
  if (isTooNarrow(region ?? grey, scale)) return [];
  const found = await detectFaces(grey, { scale, threshold: DOUBT_THRESHOLD, ...(region && { region }) });
  const sure = found.filter(({ score }) => score >= 0);
  for (const { box, score } of found) {
    if (score >= 0 || sure.some((face) => overlapOf(face.box, box) > SAME_FACE_OVERLAP)) continue;
    // Confirmed, it counts as just good enough.
    if (await isFaceAfterAll(grey, model, box)) sure.push({ box, score: 0 });
  }
  return sure;
}

/** A strip of which less than a line remains shows no face. */
function isTooNarrow({ width, height }: { width: number; height: number }, scale: number): boolean {
  return Math.min(width, height) * scale < 1;
}

/** How far around the expected box to look, in shares of its size, and at how many face sizes. */
export interface Reach {
  readonly margin: number;
  readonly levels: number;
}

/** Enough for what a head does between two samples; costs a millisecond. */
export const NARROW: Reach = { margin: 0.3, levels: 2 };
/** For a second try after a sudden movement. */
export const WIDE: Reach = { margin: 0.9, levels: 4 };

/** The surest face near `expected`, or null. The sizes scanned lie evenly around the expected one. */
export async function findNear(grey: GreyImage, expected: Box, reach: Reach): Promise<Detection | null> {
  const smallest = expected.width / 1.2 ** ((reach.levels - 1) / 2);
  const found = await detectFaces(grey, {
    region: grow(expected, reach.margin),
    scale: DETECTOR_WINDOW_PIXELS / smallest,
    threshold: NEAR_THRESHOLD,
    levels: reach.levels,
  });
  return found.find(({ box, score }) => score >= 0 || overlapOf(box, expected) >= MIN_UNSURE_OVERLAP) ?? null;
}

function longerSide(grey: GreyImage): number {
  return Math.max(grey.width, grey.height);
}
