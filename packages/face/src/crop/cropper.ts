/**
 * Observations to crops. Frames wait here until enough later frames have come for the smoothing; no more than
 * that is ever held, so memory does not grow with the clip.
 */

import type { Resampler } from "@duchenne/crop";
import {
  boxOfLandmarks,
  cropImage,
  eyeAngle,
  squareOfImage,
  squareOfLandmarks,
  toCropPixels,
} from "@duchenne/crop";
import { loadAddon } from "../native/addon.ts";
import { LOOK_AHEAD_FRAMES, type ResolvedFaceOptions } from "../options.ts";
import type { ClipTally } from "../tally.ts";
import { extentOf } from "../track/boxes.ts";
import { type FrameSize, inPixelsOf, smoothSquare, type TimedSquare } from "../track/smoothing.ts";
import type { Observation, Renaming } from "../track/tracker.ts";
import type { CropSquare, FaceCrop, FramedFaces, SampledFrame, SkipReason } from "../types.ts";
import { yawDegreesOf } from "../yaw.ts";
import { sharpnessOf } from "./quality.ts";

interface WaitingFrame {
  readonly frame: SampledFrame;
  observations: readonly Observation[];
}

interface TrackHistory {
  /** Number of frames so far. */
  length: number;
  /** The last ones, as far as the smoothing reaches to both sides. */
  squares: TimedSquare[];
}

/** Crops faces from frames, with smoothed squares. */
export class Cropper {
  readonly #waiting: WaitingFrame[] = [];
  readonly #histories = new Map<number, TrackHistory>();
  readonly #options: ResolvedFaceOptions;
  readonly #tally: ClipTally;

  constructor(options: ResolvedFaceOptions, tally: ClipTally) {
    this.#options = options;
    this.#tally = tally;
  }

  /** Gives observations of the frames that still wait to another track. */
  rename({ from, to, first, last }: Renaming): void {
    const isMeant = (index: number) => index >= first && index <= last;
    for (const waiting of this.#waiting) {
      if (!isMeant(waiting.frame.index)) continue;
      waiting.observations = waiting.observations.map((one) =>
        one.track === from ? { ...one, track: to } : one,
      );
    }
    const history = this.#histories.get(from);
    if (history === undefined) return;
    const moved = history.squares.filter(({ index }) => isMeant(index));
    history.squares = history.squares.filter(({ index }) => !isMeant(index));
    history.length -= moved.length;
    this.#histories.set(to, { length: moved.length, squares: moved });
  }

  /** Takes the next frame. @returns the frame that need wait no longer, if there is one, with its crops */
  push(frame: SampledFrame, observations: readonly Observation[]): FramedFaces | null {
    this.#waiting.push({ frame, observations });
    for (const observation of observations) this.#remember(frame, observation);
    return this.#waiting.length > LOOK_AHEAD_FRAMES ? this.#release(this.#options.minTrackFrames) : null;
  }

  /** All frames still waiting, after the last one. */
  *flush(): Generator<FramedFaces, void> {
    // A clip shorter than the shortest track (a still) asks for no more than it has.
    const minFrames = Math.min(this.#options.minTrackFrames, this.#tally.framesSampled);
    while (this.#waiting.length > 0) yield this.#release(minFrames);
  }

  #remember(frame: SampledFrame, { track, landmarks, origin }: Observation): void {
    const history = this.#histories.get(track) ?? { length: 0, squares: [] };
    this.#histories.set(track, history);
    const radians = this.#options.alignEyes ? eyeAngle(landmarks) : 0;
    const square =
      origin === "given"
        ? squareOfImage(frame.width, frame.height)
        : squareOfLandmarks(landmarks, radians, this.#options.cropScale);
    history.length += 1;
    history.squares.push({ index: frame.index, square, size: sizeOf(frame) });
  }

  #release(minTrackFrames: number): FramedFaces {
    const start = performance.now();
    const { frame, observations } = this.#waiting.shift()!;
    const crops = observations
      .map((observation) => this.#crop(frame, observation, observations, minTrackFrames))
      .filter((crop) => crop !== null);
    this.#tally.keep(crops.map(({ track }) => track));
    this.#forget(frame.index);
    this.#tally.milliseconds.crop += performance.now() - start;
    return { frame, faces: crops };
  }

  /** Squares too far back for any frame still to come, and tracks without any left. */
  #forget(index: number): void {
    for (const [track, history] of this.#histories) {
      history.squares = history.squares.filter((one) => one.index > index - LOOK_AHEAD_FRAMES);
      if (history.squares.length === 0) this.#histories.delete(track);
    }
  }

  #crop(
    frame: SampledFrame,
    observation: Observation,
    all: readonly Observation[],
    minTrackFrames: number,
  ): FaceCrop | null {
    const { track, landmarks, origin } = observation;
    const yawDegrees = yawDegreesOf(landmarks);
    const flaw = this.#flawOf(observation, all, yawDegrees, minTrackFrames);
    if (flaw !== null) return this.#skip(flaw);
    const { size } = this.#options;
    const square = origin === "given" ? squareOfImage(frame.width, frame.height) : this.#smooth(track, frame);
    const image = cropImage(frame, square, size, nativeResampler);
    const sharpness = sharpnessOf(image);
    if (sharpness < this.#options.minSharpness) return this.#skip("blurred");
    return {
      timeSeconds: frame.timeSeconds,
      frameIndex: frame.index,
      track,
      image,
      landmarks: toCropPixels(landmarks, square, size),
      square,
      sharpness,
      yawDegrees,
      origin,
    };
  }

  #flawOf(
    { track, landmarks }: Observation,
    all: readonly Observation[],
    yawDegrees: number,
    minTrackFrames: number,
  ): SkipReason | null {
    const extent = extentOf(boxOfLandmarks(landmarks));
    if (this.#histories.get(track)!.length < minTrackFrames) return "shortTrack";
    if (extent < this.#options.minFacePixels) return "tooSmall";
    if (Math.abs(yawDegrees) > this.#options.maxYawDegrees) return "turned";
    const larger = (other: Observation) => extentOf(boxOfLandmarks(other.landmarks)) > extent;
    return this.#options.largestOnly && all.some(larger) ? "notLargest" : null;
  }

  #smooth(track: number, frame: SampledFrame): CropSquare {
    const near = this.#histories
      .get(track)!
      .squares.filter((one) => Math.abs(one.index - frame.index) <= LOOK_AHEAD_FRAMES);
    return smoothSquare(inPixelsOf(frame, near), frame.index);
  }

  #skip(reason: SkipReason): null {
    this.#tally.skipped[reason] += 1;
    return null;
  }
}

/** The addon's inner loop for `cropImage`: gives the same bytes as `resampleInTypeScript`, about ten times as fast. @throws FaceError if the addon is missing */
export const nativeResampler: Resampler = (image, across, down, size) =>
  loadAddon().resample(
    image.data,
    image.width,
    image.height,
    size,
    across.positions,
    across.weights,
    down.positions,
    down.weights,
  );

/** Without the pixels, which would be kept for as long as the square. */
const sizeOf = ({ width, height }: SampledFrame): FrameSize => ({ width, height });
