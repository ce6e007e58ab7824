/** Faces that were cropped already: nothing to search for, but the landmarks still need a box. */

import { detectFaces, type LandmarkModel } from "../native/dlib.ts";
import type { Box, GreyImage } from "../types.ts";
import type { Observation } from "./tracker.ts";

/** Longer side to which the image is brought: the face then fills the detector's window one to two times. */
const SCAN_SIDE = 160;
/** There is a face for sure; the question is only where. */
const THRESHOLD = -1;

/**
 * The one face of an image that is a face crop. The detector's best guess, if it has one, serves the landmarks better
 * than the whole image, for crops come with margins of any width.
 */
export async function placeInWholeImage(model: LandmarkModel, grey: GreyImage): Promise<Observation> {
  const scale = SCAN_SIDE / Math.max(grey.width, grey.height);
  const [best] = await detectFaces(grey, { scale, threshold: THRESHOLD });
  const whole: Box = { left: 0, top: 0, width: grey.width, height: grey.height };
  const box = best?.box ?? whole;
  const [landmarks] = await model.place(grey, [box]);
  return { track: 0, box, landmarks: landmarks!, origin: "given" };
}
