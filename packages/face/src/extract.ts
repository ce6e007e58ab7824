/** The whole stage: a source in, face crops out, one at a time. */

import { Cropper } from "./crop/cropper.ts";
import { readFrames } from "./decode/source.ts";
import { toGrey } from "./image.ts";
import { LandmarkModel } from "./native/dlib.ts";
import { resolveFaceOptions } from "./options.ts";
import { ClipTally } from "./tally.ts";
import { FaceTracker, type Observation } from "./track/tracker.ts";
import { placeInWholeImage } from "./track/whole_image.ts";
import type { ClipSummary, FaceCrop, FaceOptions, FaceSource, GreyImage } from "./types.ts";

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
  const resolved = resolveFaceOptions(options);
  const model = await LandmarkModel.load(resolved.landmarkModel);
  const tracker = new FaceTracker(model, resolved.detectEvery);
  const tally = new ClipTally();
  const cropper = new Cropper(resolved, tally);
  const { fps, decodeThreads: threads, maxFramePixels: maxSide, strict } = resolved;
  const frames = readFrames(source, { fps, threads, maxSide, strict, signal });
  try {
    for (;;) {
      const start = performance.now();
      const step = await frames.next();
      if (step.done) {
        yield* cropper.flush();
        tally.milliseconds.detect += tracker.spent.detect;
        tally.milliseconds.landmarks += tracker.spent.landmarks;
        return tally.summary(fps, step.value);
      }
      const frame = step.value;
      const grey = toGrey(frame);
      tally.milliseconds.decode += performance.now() - start;
      const observations = await observe(grey, frame.index);
      tally.sample(frame.timeSeconds, observations.length);
      yield* cropper.push(frame, observations);
    }
  } finally {
    await frames.return(null);
  }

  async function observe(grey: GreyImage, index: number): Promise<Observation[]> {
    if (resolved.detection === "hog") return tracker.next(grey, index);
    const start = performance.now();
    const observation = await placeInWholeImage(model, grey);
    tally.milliseconds.landmarks += performance.now() - start;
    return [observation];
  }
}
