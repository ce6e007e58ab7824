/** How far a head is turned, by its landmarks. */

import { eyeAngle, meanPoint } from "@duchenne/crop";

/** Width between the outer eye corners over the nose tip's height above their plane, of an average head. */
const EYE_WIDTH_PER_NOSE_DEPTH = 2;

/**
 * Estimated turn of the head about its vertical axis, in degrees, positive towards the image's right:
 * `atan(2 · offset)`, where `offset` is how far the nose tip (30) lies from the middle of the outer eye corners
 * (36, 45), along the line of the eyes and in units of their distance. Good to about ten degrees.
 * @param landmarks [68, 2] in pixels of any scale
 */
export function yawDegreesOf(landmarks: Float32Array): number {
  const [leftX, leftY] = meanPoint(landmarks, 36, 37);
  const [rightX, rightY] = meanPoint(landmarks, 45, 46);
  const distance = Math.hypot(rightX - leftX, rightY - leftY);
  if (distance === 0) return 90;
  const angle = eyeAngle(landmarks);
  const noseX = landmarks[60]! - (leftX + rightX) / 2;
  const noseY = landmarks[61]! - (leftY + rightY) / 2;
  const offset = (Math.cos(angle) * noseX + Math.sin(angle) * noseY) / distance;
  return (Math.atan(EYE_WIDTH_PER_NOSE_DEPTH * offset) * 180) / Math.PI;
}
