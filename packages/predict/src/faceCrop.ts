import {
  type Box,
  type CropSquare,
  cropImage,
  eyeAngle,
  type RgbImage,
  resampleInTypeScript,
  squareOfBox,
  squareOfLandmarks,
  TRIANGLE,
} from "@duchenne/crop";
import { InputError } from "./errors.ts";
import type { Preprocessor } from "./preprocessor.ts";

/**
 * Where a face is: 68 landmarks in dlib's order as x0, y0, x1, y1, … in pixels; or a box from brows to chin, where nobody
 * placed landmarks. Landmarks give the crop that the model learned from; a box gives about that.
 */
export type Face = { readonly landmarks: ArrayLike<number> } | { readonly box: Box };

const LANDMARK_NUMBERS = 2 * 68;
/** Side of the largest crop, in longer sides of the picture: a face is within the picture, and the crop little larger. */
const MAX_SIDES = 8;

/** The square of the picture that the model wants to see. @throws InputError for a face that is nowhere */
export function squareOfFace(face: Face, { faceScale, alignEyes }: Preprocessor): CropSquare {
  if (!("landmarks" in face || "box" in face))
    throw new InputError("face", "landmarks or a box", `${Object.keys(face).join(", ") || "neither"}`);
  const square =
    "landmarks" in face
      ? squareOfLandmarks(checkLandmarks(face.landmarks), alignEyes ? eyeAngle(face.landmarks) : 0, faceScale)
      : squareOfBox(checkBox(face.box), faceScale);
  const isSomewhere = Object.values(square).every(Number.isFinite) && square.side > 0;
  if (isSomewhere) return square;
  throw new InputError("face", "a place of some size in the picture", JSON.stringify(square));
}

function checkBox(box: Box): Box {
  if (box.width > 0 && box.height > 0) return box;
  throw new InputError("box", "a width and a height above 0", `${box.width} x ${box.height}`);
}

function checkLandmarks(landmarks: ArrayLike<number>): ArrayLike<number> {
  if (landmarks.length === LANDMARK_NUMBERS) return landmarks;
  throw new InputError(
    "landmarks",
    `${LANDMARK_NUMBERS} numbers, x and y of 68 points`,
    `${landmarks.length}`,
  );
}

/** The face as data is prepared. @returns [faceSize, faceSize, 3] */
export function cutFace(image: RgbImage, face: Face, preprocessor: Preprocessor): RgbImage {
  const square = squareOfFace(face, preprocessor);
  const most = MAX_SIDES * Math.max(image.width, image.height);
  if (square.side > most)
    throw new InputError(
      "face",
      `a face of at most ${most} pixels in this picture`,
      `${Math.round(square.side)}`,
    );
  return cropImage(image, square, preprocessor.faceSize);
}

/**
 * What the network sees of a prepared face: resized to `resizeTo`, then the middle `size` of it, in one go.
 * @param face square, of any size   @returns [size, size, 3]
 */
export function networkView(face: RgbImage, { resizeTo, size }: Preprocessor): Uint8Array {
  const step = face.width / resizeTo;
  const first = Math.round((resizeTo - size) / 2);
  const centre = (first + size / 2) * step - 0.5;
  const square = { centerX: centre, centerY: centre, side: size * step, radians: 0 };
  return cropImage(face, square, size, resampleInTypeScript, TRIANGLE).data;
}
