/** The whole stage: a source in, face crops out, one at a time. */

import "../globals.ts";
import { Cropper } from "../crop/cropper.ts";
import type { FrameStream } from "../decode/options.ts";
import { readFrames } from "../decode/source.ts";
import { toGrey } from "../image.ts";
import { detectFaces, LandmarkModel } from "../native/dlib.ts";
import { findLandmarkModel } from "../native/modelFile.ts";
import { type ResolvedFaceOptions, resolveFaceOptions } from "../options.ts";
import { ClipTally } from "../tally.ts";
import { FaceTracker, type Observation, type Renaming } from "../track/tracker.ts";
import type {
  Box,
  ClipSummary,
  FaceCrop,
  FaceOptions,
  FaceSource,
  FramedFaces,
  GreyImage,
  SampledFrame,
} from "../types.ts";

/**
 * Faces of a video, frame folder or still, in order of time; within a frame in order of appearance in the clip.
 * Works as fast as the caller takes the crops and holds a few frames only, however long the clip. Detection and
 * landmarks run on the thread pool, the rest on the calling thread: for more speed, work on several clips at once in
 * worker threads.
 * @param source what to read   @param options see `FaceOptions`   @param signal ends the work with its reason
 * @returns counts of frames, tracks and skipped faces, when all crops were taken
 * @throws MediaError if the source cannot be read (or, with `strict`, not wholly)
 * @throws FaceError on a wrong option, a missing model or a missing native addon
 */
export async function* extractFaces(
  source: FaceSource,
  options: FaceOptions = {},
  signal?: AbortSignal,
): AsyncGenerator<FaceCrop, ClipSummary> {
  const { fps, decodeThreads: threads, maxFramePixels: maxSide, strict } = resolveFaceOptions(options);
  const frames = followFaces(readFrames(source, { fps, threads, maxSide, strict, signal }), options);
  try {
    for (;;) {
      const step = await frames.next();
      if (step.done) return step.value;
      yield* step.value.faces;
    }
  } finally {
    await frames.return(NOTHING);
  }
}

/** What an abandoned clip would return; nobody sees it. */
const NOTHING = new ClipTally().summary(1, null);

/**
 * The same frame by frame, for frames from anywhere: each frame with the faces kept of it, those without a face, too. Frames come
 * a few later than they were taken, for the crops are smoothed over what follows.
 * @param frames in order of time; ended when this ends
 * @throws FaceError as `extractFaces`, and what `frames` throws
 */
export async function* followFaces(
  frames: FrameStream,
  options: FaceOptions = {},
): AsyncGenerator<FramedFaces, ClipSummary> {
  try {
    const resolved = resolveFaceOptions(options);
    const tally = new ClipTally();
    const cropper = new Cropper(resolved, tally);
    // A missing model is an error before the first frame, which may take long to arrive.
    const path = await findLandmarkModel(resolved.landmarkModel);
    // While the model is read, the first frames are decoded. If both fail, it is always the model that is named.
    const [loaded, decoded] = await Promise.allSettled([LandmarkModel.load(path), takeTwo(frames, tally)]);
    const model = resultOf(loaded);
    const ahead = resultOf(decoded);
    const observer = new Observer(resolved, model, tally, ahead[1]!.done === true);
    for (;;) {
      const start = performance.now();
      const step = ahead.shift() ?? (await frames.next());
      if (step.done) {
        for (const renaming of observer.finish()) cropper.rename(renaming);
        yield* cropper.flush();
        return tally.summary(resolved.fps, step.value);
      }
      const frame = step.value;
      const grey = toGrey(frame);
      tally.milliseconds.decode += performance.now() - start;
      const observations = await observer.observe(grey, frame);
      for (const renaming of observer.takeRenamings()) cropper.rename(renaming);
      tally.sample(frame.timeSeconds, observations.length);
      const settled = cropper.push(frame, observations);
      if (settled) yield settled;
    }
  } finally {
    await frames.return(null);
  }
}

async function takeTwo(frames: FrameStream, { milliseconds }: ClipTally) {
  const start = performance.now();
  const taken = [await frames.next(), await frames.next()];
  milliseconds.decode += performance.now() - start;
  return taken;
}

function resultOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
}

/** Finds the faces of a frame in the way that was asked for. */
class Observer {
  readonly #isWhole: boolean;
  readonly #model: LandmarkModel;
  readonly #tracker: FaceTracker;
  readonly #tally: ClipTally;

  /** @param isPicture there is one frame only, so every face is to be found in it, unless the largest is enough */
  constructor(
    { detection, detectEvery, largestOnly }: ResolvedFaceOptions,
    model: LandmarkModel,
    tally: ClipTally,
    isPicture: boolean,
  ) {
    this.#isWhole = detection === "whole-image";
    this.#model = model;
    this.#tracker = new FaceTracker(model, detectEvery, isPicture && !largestOnly);
    this.#tally = tally;
  }

  async observe(grey: GreyImage, frame: SampledFrame): Promise<Observation[]> {
    if (!this.#isWhole) return this.#tracker.next(grey, frame.index, frame);
    const start = performance.now();
    const observation = await placeInWholeImage(this.#model, grey);
    this.#tally.milliseconds.landmarks += performance.now() - start;
    return [observation];
  }

  takeRenamings(): Renaming[] {
    return this.#tracker.takeRenamings();
  }

  /** To be called after the last frame. */
  finish(): Renaming[] {
    this.#tracker.finish();
    this.#tally.milliseconds.detect += this.#tracker.spent.detect;
    this.#tally.milliseconds.landmarks += this.#tracker.spent.landmarks;
    return this.takeRenamings();
  }
}

/** Longer side of the image after scaling, pixels: the face then fills the detector's window one to two times. */
const WHOLE_IMAGE_SIDE = 160;
/** The image certainly has a face, so every score counts. */
const WHOLE_IMAGE_THRESHOLD = -1;

/**
 * The one face of an image that is a face crop. The detector's best guess, if it has one, serves the landmarks better
 * than the whole image, for crops come with margins of any width.
 */
async function placeInWholeImage(model: LandmarkModel, grey: GreyImage): Promise<Observation> {
  const scale = WHOLE_IMAGE_SIDE / Math.max(grey.width, grey.height);
  const [best] = await detectFaces(grey, { scale, threshold: WHOLE_IMAGE_THRESHOLD });
  const whole: Box = { left: 0, top: 0, width: grey.width, height: grey.height };
  const box = best?.box ?? whole;
  const [landmarks] = await model.place(grey, [box]);
  return { track: 0, box, landmarks: landmarks!, origin: "given" };
}
