/** Defaults of the face stage, with the reason beside each number, and their checks. */

import { SIDE_PER_BOX } from "@duchenne/crop";
import { FaceError } from "./errors.ts";
import type { FaceOptions } from "./types.ts";

/** Frame rate of VoxCeleb1's face frames in Hz, the default everywhere. */
export const VOXCELEB_FPS = 25 / 6;

/** Frames that must be known ahead; also how far back the smoothing reaches. */
export const LOOK_AHEAD_FRAMES = 3;

/** Options with every default filled in. */
export interface ResolvedFaceOptions extends Required<Omit<FaceOptions, "landmarkModel">> {
  readonly landmarkModel: string | undefined;
}

/** Default of each of `FaceOptions`. */
export const FACE_DEFAULTS = {
  /** VoxCeleb1's face frames come at this rate, and the method's offsets in time are stated for it. */
  fps: VOXCELEB_FPS,
  /** The method's views start from 128 pixels. */
  size: 128,
  detection: "hog",
  /**
   * A face of a sixth of the frame's longer side that enters is followed after 2.4 s at the latest (smaller ones: see docs/data.md); scanning
   * more often mostly finds known faces again.
   */
  detectEvery: 10,
  /** The paper's crops are not rotated. */
  alignEyes: false,
  /** VoxCeleb1's: the face with hair and some surroundings. */
  cropScale: SIDE_PER_BOX,
  /** Smaller faces are enlarged more than threefold to fill a 128-pixel crop: all blur, no expression. */
  minFacePixels: 25,
  /**
   * Over 237 crops of 55 clips sharpness is 0.1 to 0.7 (5 to 95 %), after a blur with sigma 2 pixels 0.007 to 0.03, with
   * sigma 3 0.003 to 0.016: this drops what shows no more than 40 pixels of detail.
   */
  minSharpness: 0.01,
  /** Beyond this the far eye is hidden and its landmarks are guesses. */
  maxYawDegrees: 60,
  minTrackFrames: 2,
  largestOnly: false,
  decodeThreads: 1,
  /** Faces that matter are still large enough at this size, and 4K frames cost nine times as much. */
  maxFramePixels: 1280,
  strict: false,
} as const satisfies Omit<ResolvedFaceOptions, "landmarkModel">;

/** Inclusive bounds. */
export const RANGES = {
  fps: [0.01, 1000],
  size: [16, 1024],
  detectEvery: [1, 1000],
  cropScale: [1, 4],
  minFacePixels: [0, 16384],
  minSharpness: [0, 1000],
  maxYawDegrees: [0, 90],
  // Frames wait for their track to reach this length, and no longer than the smoothing looks ahead.
  minTrackFrames: [1, LOOK_AHEAD_FRAMES + 1],
  decodeThreads: [0, 256],
  maxFramePixels: [64, 16384],
} as const satisfies Partial<Record<keyof FaceOptions, readonly [number, number]>>;

const CORRECT = "Correct the option.";

const WHOLE_NUMBERS: ReadonlySet<string> = new Set([
  "size",
  "detectEvery",
  "minTrackFrames",
  "decodeThreads",
  "maxFramePixels",
]);

/** @throws FaceError for the first option that is not known, which would otherwise be ignored */
export function refuseUnknown(options: object, known: readonly string[]): void {
  const name = Object.keys(options).find((key) => !known.includes(key));
  if (name !== undefined)
    throw new FaceError(
      `option ${name}`,
      `one of ${known.join(", ")}`,
      "an unknown name",
      "Correct its name.",
    );
}

/** @param range inclusive bounds   @throws FaceError naming the option */
export function checkNumber(
  name: string,
  value: unknown,
  [low, high]: readonly [low: number, high: number],
  isWhole: boolean,
): void {
  if (typeof value === "number" && value >= low && value <= high && (!isWhole || Number.isInteger(value)))
    return;
  throw new FaceError(
    name,
    `a ${isWhole ? "whole " : ""}number from ${low} to ${high}`,
    String(value),
    CORRECT,
  );
}

/** @throws FaceError naming the option that is unknown or out of range */
export function resolveFaceOptions(options: FaceOptions): ResolvedFaceOptions {
  refuseUnknown(options, Object.keys(FACE_DEFAULTS).concat("landmarkModel"));
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved: ResolvedFaceOptions = { ...FACE_DEFAULTS, landmarkModel: undefined, ...given };
  for (const [name, range] of Object.entries(RANGES)) {
    const value: unknown = resolved[name as keyof typeof RANGES];
    checkNumber(name, value, range, WHOLE_NUMBERS.has(name));
  }
  if (resolved.detection !== "hog" && resolved.detection !== "whole-image") {
    throw new FaceError("detection", `"hog" or "whole-image"`, String(resolved.detection), CORRECT);
  }
  return resolved;
}
