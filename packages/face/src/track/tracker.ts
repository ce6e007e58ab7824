/**
 * Follows every face through a clip, frame by frame.
 *
 * The whole frame is scanned now and then; between scans each face is looked for near where it is expected, with a
 * lower threshold (hysteresis: hard to start a track, easier to keep it). Where even that fails for a moment, the
 * landmarks are placed from the expected box and count while the patch still looks like the face; else the face is
 * out of sight, and taken up again if it is back soon. A scene cut ends all tracks, and so does a face that the
 * detector has not been sure of for too long.
 */

import { boxOfLandmarks, overlapOf } from "@duchenne/crop";
import type { Detection, LandmarkModel } from "../native/dlib.ts";
import type { Box, FaceOrigin, GreyImage } from "../types.ts";
import { findNear, NARROW, scanCoarse, scanFine, WIDE } from "./finder.ts";
import { patchOf, similarity } from "./patch.ts";
import { type FrameSignature, isCut, signatureOf } from "./sceneCut.ts";
import { Track } from "./track.ts";

/** A face in one frame. */
export interface Observation {
  readonly track: number;
  /** The detector's box, or the one expected in its place. */
  readonly box: Box;
  /** [68, 2] in frame pixels. */
  readonly landmarks: Float32Array;
  /** `detected` by a scan of the whole frame, `tracked` from the frame before, or `given` as the whole image. */
  readonly origin: FaceOrigin;
}

/** A track's box in the present frame; `score` is null where the detector found nothing. */
interface Candidate {
  readonly track: Track;
  readonly box: Box;
  readonly origin: "detected" | "tracked";
  readonly score: number | null;
}

/** A face that the detector does not vouch for is followed for this many frames at most (2 s at the default rate). */
const MAX_UNSURE_FRAMES = 8;
/** Without any detection the patch around the landmarks must correlate this much with the last one detected. */
const MIN_SIMILARITY = 0.7;
/** The same where the detector found something below its own threshold. */
const MIN_SIMILARITY_IF_UNSURE = 0.4;
/** Two boxes overlapping this much are the same face. */
const SAME_FACE_OVERLAP = 0.3;
/** Every n-th scheduled scan is a fine one, which also finds small faces that came in beside a large one. */
const FINE_SCAN_EVERY = 5;

/** Detects and tracks the faces of a video, frame by frame. */
export class FaceTracker {
  /** Milliseconds spent so far. */
  readonly spent = { detect: 0, landmarks: 0 };
  #tracks: Track[] = [];
  #nextId = 0;
  #signature: FrameSignature | null = null;
  #size: { width: number; height: number } | null = null;
  #framesSinceScan = 0;
  #scans = 0;
  readonly #model: LandmarkModel;
  readonly #detectEvery: number;

  /** @param detectEvery the whole frame is scanned at least on every n-th frame */
  constructor(model: LandmarkModel, detectEvery: number) {
    this.#model = model;
    this.#detectEvery = detectEvery;
  }

  /**
   * Faces of the next frame.
   * @param grey the frame   @param index its place in the sampling grid
   * @returns one observation per face
   */
  async next(grey: GreyImage, index: number): Promise<Observation[]> {
    const start = performance.now();
    this.#fitSize(grey);
    this.#endTracksAtCut(grey);
    const followed = withoutTwins(await this.#follow(grey, index));
    const found = this.#mustScan(followed) ? await this.#scan(grey, followed.some(isSeen)) : [];
    const candidates = this.#merge(followed, found, index);
    const middle = performance.now();
    const observations = await this.#confirmTracks(grey, candidates, index);
    this.spent.detect += middle - start;
    this.spent.landmarks += performance.now() - middle;
    return observations;
  }

  #fitSize(grey: GreyImage): void {
    const old = this.#size;
    this.#size = { width: grey.width, height: grey.height };
    if (old === null || (old.width === grey.width && old.height === grey.height)) return;
    for (const track of this.#tracks) track.rescale(grey.width / old.width, grey.height / old.height);
  }

  #endTracksAtCut(grey: GreyImage): void {
    const last = this.#signature;
    this.#signature = signatureOf(grey);
    if (last !== null && isCut(last, this.#signature)) this.#tracks = [];
  }

  #follow(grey: GreyImage, index: number): Promise<Candidate[]> {
    const follow = async (track: Track): Promise<Candidate> => {
      const expected = track.expectedBox(index);
      const near = (await findNear(grey, expected, NARROW)) ?? (await findNear(grey, expected, WIDE));
      return { track, box: near?.box ?? expected, origin: "tracked", score: near?.score ?? null };
    };
    return Promise.all(this.#tracks.map(follow));
  }

  #mustScan(followed: readonly Candidate[]): boolean {
    this.#framesSinceScan += 1;
    return followed.length === 0 || !followed.every(isSeen) || this.#framesSinceScan >= this.#detectEvery;
  }

  async #scan(grey: GreyImage, someKnown: boolean): Promise<Detection[]> {
    this.#framesSinceScan = 0;
    this.#scans += 1;
    if (someKnown && this.#scans % FINE_SCAN_EVERY === 0) return scanFine(grey);
    const found = await scanCoarse(grey);
    return found.length === 0 && !someKnown ? scanFine(grey) : found;
  }

  /** Detections on known faces confirm them, or find them again; the others start tracks. */
  #merge(followed: readonly Candidate[], found: readonly Detection[], index: number): Candidate[] {
    const candidates = [...followed];
    for (const { box, score } of found) {
      const at = candidates.findIndex((one) => overlapOf(one.box, box) > SAME_FACE_OVERLAP);
      const known = candidates[at];
      if (known === undefined) {
        candidates.push({ track: new Track(this.#nextId++, box, index), box, origin: "detected", score });
      } else if (known.score === null || known.score < score) {
        candidates[at] = { track: known.track, box, origin: "detected", score };
      }
    }
    return candidates;
  }

  /** Places the landmarks, drops the tracks that have lost their face, and keeps the rest. */
  async #confirmTracks(
    grey: GreyImage,
    candidates: readonly Candidate[],
    index: number,
  ): Promise<Observation[]> {
    this.#tracks = [];
    if (candidates.length === 0) return [];
    const places = await this.#model.place(
      grey,
      candidates.map(({ box }) => box),
    );
    const observations: Observation[] = [];
    for (const [i, candidate] of candidates.entries()) {
      const { track, origin, score } = candidate;
      track.unsureFrames = score !== null && score >= 0 ? 0 : track.unsureFrames + 1;
      if (track.unsureFrames > MAX_UNSURE_FRAMES) continue;
      this.#tracks.push(track);
      const seen =
        score === null
          ? await this.#hold(grey, track, places[i]!)
          : confirm(grey, candidate, places[i]!, score);
      // A face out of sight keeps its track for a while: it is looked for where it was last.
      if (seen === null) continue;
      track.moveTo(seen.box, index);
      observations.push({ track: track.id, origin, ...seen });
    }
    return observations;
  }

  /** Undetected: the landmarks pull the box onto the face, and the patch must still look like it. */
  async #hold(grey: GreyImage, track: Track, firstGuess: Float32Array) {
    const box = track.boxAround(firstGuess);
    const [landmarks] = await this.#model.place(grey, [box]);
    const patch = patchOf(grey, boxOfLandmarks(landmarks!));
    return similarity(patch, track.patch) >= MIN_SIMILARITY ? { box, landmarks: landmarks! } : null;
  }
}

/** Detected: sure, or else at least alike. */
function confirm(grey: GreyImage, { track, box }: Candidate, landmarks: Float32Array, score: number) {
  const patch = patchOf(grey, boxOfLandmarks(landmarks));
  if (score < 0 && similarity(patch, track.patch) < MIN_SIMILARITY_IF_UNSURE) return null;
  track.anchorTo(box, landmarks);
  track.patch = patch;
  return { box, landmarks };
}

function isSeen({ score }: Candidate): boolean {
  return score !== null;
}

/** Of tracks that ran onto the same face one stays: one that sees it, and of those the oldest. */
function withoutTwins(followed: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const one of [...followed.filter(isSeen), ...followed.filter((other) => !isSeen(other))]) {
    if (!kept.some((other) => overlapOf(other.box, one.box) > SAME_FACE_OVERLAP)) kept.push(one);
  }
  return kept.sort((a, b) => a.track.id - b.track.id);
}
