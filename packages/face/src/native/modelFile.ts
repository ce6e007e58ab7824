/** Path and terms of the 68-point landmark model. */

import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { FaceError } from "../errors.ts";

/** Paths at which distributions and Homebrew install dlib's own model. */
const KNOWN_PLACES = [
  "/usr/share/dlib/shape_predictor_68_face_landmarks.dat",
  "/usr/local/share/dlib/shape_predictor_68_face_landmarks.dat",
  "/opt/homebrew/share/dlib/shape_predictor_68_face_landmarks.dat",
];

/** Terms of dlib's 68-point model; print it where users meet the model. */
export const landmarkModelNotice =
  "dlib's 68-point landmark model was trained on iBUG 300-W, whose licence excludes commercial use; " +
  "for commercial work, use a model of your own (--landmark-model, option landmarkModel, DUCHENNE_LANDMARK_MODEL).";

/**
 * The model file: `given`, else the environment variable DUCHENNE_LANDMARK_MODEL, else the one that Debian's
 * libdlib-data installs.
 * @throws FaceError if there is none, or it is still compressed
 */
export async function findLandmarkModel(given: string | undefined): Promise<string> {
  const named = given ?? process.env.DUCHENNE_LANDMARK_MODEL;
  const path = named ?? KNOWN_PLACES.find((place) => existsSync(place));
  if (path === undefined) {
    const remedy =
      "On Debian and Ubuntu, run apt-get install libdlib-data; elsewhere, unpack " +
      "dlib.net/files/shape_predictor_68_face_landmarks.dat.bz2 and set DUCHENNE_LANDMARK_MODEL to its path.";
    throw new FaceError("landmarkModel", "dlib's 68-point model", "no such file in the usual places", remedy);
  }
  await refuseCompressed(path);
  return path;
}

async function refuseCompressed(path: string): Promise<void> {
  const expected = "a readable dlib shape predictor";
  const head = await readHead(path).catch((error: unknown) => {
    const received = error instanceof Error ? error.message : String(error);
    throw new FaceError(`landmarkModel ${path}`, expected, received, "Check the path.", { cause: error });
  });
  if (head === "BZh")
    throw new FaceError(`landmarkModel ${path}`, expected, "a bzip2 file", "Unpack it with bunzip2.");
}

async function readHead(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(3), 0, 3, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}
