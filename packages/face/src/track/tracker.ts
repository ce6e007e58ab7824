/**
 * Follows every face through a clip, frame by frame.
 *
 * The whole frame is scanned now and then; between scans each face is looked for near where it is expected, with a
 * lower threshold (hysteresis: hard to start a track, easier to keep it). Where even that fails for a moment, the
 * landmarks are placed from the expected box and count while the patch still looks like the face; else the face is
 * out of sight, and taken up again if it is back soon. A scene cut ends all tracks, and so does a face that the
 * detector has not been sure of for too long. A track whose face becomes another person's is divided there, once that is
 * certain: some frames later, so what was said of those frames is renamed.
 */

import { boxOfLandmarks } from "@duchenne/crop";
import type { Detection, LandmarkModel } from "../native/dlib.ts";
import type { Box, FaceOrigin, GreyImage, RgbImage } from "../types.ts";
import { type Appearance, appearanceOf } from "./appearance.ts";
import { type Candidate, candidateAt, isSeen, lostCandidate, settleClaims } from "./contest.ts";
import { findNear, isLarge, NARROW, scanCoarse, scanFine, WIDE } from "./finder.ts";
import type { Change } from "./identity.ts";
import { Leftover } from "./leftover.ts";
import { patchOf, similarity } from "./patch.ts";
import { type FrameSignature, isCut, lightChange, signatureOf } from "./sceneCut.ts";
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

/** Observations that belong to another track than was said: those of track `from` in the frames `first` to `last`. */
export interface Renaming {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

interface Face {
  readonly box: Box;
  readonly landmarks: Float32Array;
}

interface Seen {
  readonly candidate: Candidate;
  /** Null if it is out of sight. */
  readonly face: Face | null;
}

/** A face that the detector does not vouch for is followed for this many frames at most (2 s at the default rate). */
const MAX_UNSURE_FRAMES = 8;
/** Without any detection the patch around the landmarks must correlate this much with the last one detected. */
const MIN_SIMILARITY = 0.7;
/** The same where the detector found something below its own threshold. */
const MIN_SIMILARITY_IF_UNSURE = 0.4;
/** Parts of one frame that are scanned for small faces, at most: as many as there are quarters. */
const MAX_PARTS = 4;

/** Detects and tracks the faces of a video, frame by frame. */
export class FaceTracker {
  /** Milliseconds spent so far. */
  readonly spent = { detect: 0, landmarks: 0 };
  #tracks: Track[] = [];
  #nextId = 0;
  #signature: FrameSignature | null = null;
  #size: { width: number; height: number } | null = null;
  #framesSinceScan = 0;
  readonly #leftover = new Leftover();
  #light = 1;
  #renamings: Renaming[] = [];
  readonly #model: LandmarkModel;
  readonly #detectEvery: number;
  readonly #isThorough: boolean;

  /**
   * @param detectEvery the whole frame is scanned at least on every n-th frame
   * @param isThorough each frame is scanned for faces of every size: for pictures
   */
  constructor(model: LandmarkModel, detectEvery: number, isThorough = false) {
    this.#model = model;
    this.#detectEvery = detectEvery;
    this.#isThorough = isThorough;
  }

  /**
   * Faces of the next frame.
   * @param grey the frame   @param index its place in the sampling grid   @param image the frame in colour, if it has any
   * @returns one observation per face
   */
  async next(grey: GreyImage, index: number, image: GreyImage | RgbImage = grey): Promise<Observation[]> {
    const start = performance.now();
    this.#fitSize(grey);
    this.#endTracksAtCut(grey, index);
    const lookOf = async (box: Box) =>
      appearanceOf(image, (await this.#model.place(grey, [box]))[0]!, this.#light);
    const followed = await settleClaims(await this.#follow(grey, index), index, lookOf);
    const found = await this.#scan(grey, followed);
    const candidates = await this.#merge(followed, found, index, lookOf);
    const middle = performance.now();
    const seen = await this.#confirmTracks(grey, candidates, index);
    this.spent.landmarks += performance.now() - middle;
    const compared = performance.now();
    const observations = this.#compareLooks(image, seen, index);
    this.spent.detect += middle - start + performance.now() - compared;
    return observations;
  }

  /** Ends all tracks. To be called after the last frame; `takeRenamings` may have some then. */
  finish(): void {
    for (const track of this.#tracks) this.#end(track, Number.POSITIVE_INFINITY);
    this.#tracks = [];
  }

  /** What has become known since the last call. Concerns the last few frames only. */
  takeRenamings(): Renaming[] {
    const renamings = this.#renamings;
    this.#renamings = [];
    return renamings;
  }

  #fitSize(grey: GreyImage): void {
    const old = this.#size;
    this.#size = { width: grey.width, height: grey.height };
    if (old === null || (old.width === grey.width && old.height === grey.height)) return;
    for (const track of this.#tracks) track.rescale(grey.width / old.width, grey.height / old.height);
  }

  #endTracksAtCut(grey: GreyImage, index: number): void {
    const last = this.#signature;
    this.#signature = signatureOf(grey);
    if (last === null) return;
    this.#light *= lightChange(last, this.#signature);
    if (!isCut(last, this.#signature)) return;
    for (const track of this.#tracks) this.#end(track, index);
    this.#tracks = [];
  }

  #end(track: Track, index: number): void {
    this.#rename(track, track.identity.finish(), index);
  }

  /** Gives the frames that another person's face was taken in to a new track, which goes on if that person stays. */
  #rename(track: Track, changes: readonly Change[], index: number): void {
    for (const { first, last } of changes) {
      const to = this.#nextId++;
      this.#renamings.push({ from: track.id, to, first, last: last ?? index - 1 });
      if (last === null) track.id = to;
    }
  }

  #follow(grey: GreyImage, index: number): Promise<Candidate[]> {
    const follow = async (track: Track): Promise<Candidate> => {
      const expected = track.expectedBox(index);
      const near = (await findNear(grey, expected, NARROW)) ?? (await findNear(grey, expected, WIDE));
      return { track, box: near?.box ?? expected, origin: "tracked", score: near?.score ?? null };
    };
    return Promise.all(this.#tracks.map(follow));
  }

  async #scan(grey: GreyImage, followed: readonly Candidate[]): Promise<Detection[]> {
    const known = followed.filter(isSeen);
    this.#framesSinceScan += 1;
    this.#leftover.addAllowance();
    if (this.#isThorough) return scanFine(grey, this.#model);
    const isDue = this.#framesSinceScan >= this.#detectEvery;
    if (known.length > 0 && known.length === followed.length && !isDue)
      return this.#leftover.isSweeping && this.#framesSinceScan % 2 === 0
        ? this.#scanLeftover(grey, known)
        : [];
    this.#framesSinceScan = 0;
    const found = await scanCoarse(grey);
    if (known.length > 0) return isDue ? [...found, ...(await this.#scanLeftover(grey, known))] : found;
    if (found.length > 0) {
      if (isLarge(grey)) this.#leftover.startSweep();
      return found;
    }
    this.#leftover.scannedAll(grey);
    return scanFine(grey, this.#model);
  }

  /** Part by part, as far as the allowance goes; of a new shot a part at a time. */
  async #scanLeftover(grey: GreyImage, known: readonly Candidate[]): Promise<Detection[]> {
    const boxes = known.map(({ box }) => box);
    const parts = this.#leftover.isSweeping ? 1 : MAX_PARTS;
    const found: Detection[] = [];
    for (let i = 0; i < parts; i++) {
      const region = this.#leftover.next(grey, boxes);
      if (region === null) break;
      found.push(...(await scanFine(grey, this.#model, region)));
    }
    return found;
  }

  /** Detections on known faces confirm them, those that look like a face out of sight find it again; the others start tracks. */
  async #merge(
    followed: readonly Candidate[],
    found: readonly Detection[],
    index: number,
    lookOf: (box: Box) => Promise<Appearance>,
  ): Promise<Candidate[]> {
    const candidates = [...followed];
    for (const { box, score } of found) {
      let at = candidateAt(candidates, box);
      if (at < 0 && !candidates.every(isSeen)) at = lostCandidate(candidates, await lookOf(box));
      const known = candidates[at];
      if (known === undefined) {
        candidates.push({ track: new Track(this.#nextId++, box, index), box, origin: "detected", score });
      } else if (known.score === null || known.score < score) {
        candidates[at] = { track: known.track, box, origin: "detected", score };
      }
    }
    return candidates;
  }

  /** Places the landmarks, drops the tracks that have lost their face, and keeps the rest; null if a face is out of sight. */
  async #confirmTracks(grey: GreyImage, candidates: readonly Candidate[], index: number): Promise<Seen[]> {
    this.#tracks = [];
    if (candidates.length === 0) return [];
    const places = await this.#model.place(
      grey,
      candidates.map(({ box }) => box),
    );
    const all: Seen[] = [];
    for (const [i, candidate] of candidates.entries()) {
      const { track, score } = candidate;
      track.unsureFrames = score !== null && score >= 0 ? 0 : track.unsureFrames + 1;
      if (track.unsureFrames > MAX_UNSURE_FRAMES) {
        this.#end(track, index);
        continue;
      }
      this.#tracks.push(track);
      // A face out of sight keeps its track for a while: it is looked for where it was last.
      const face = candidate.hidden ? null : await this.#faceOf(grey, candidate, places[i]!);
      all.push({ candidate, face });
    }
    return all;
  }

  #faceOf(
    grey: GreyImage,
    candidate: Candidate,
    landmarks: Float32Array,
  ): Promise<Face | null> | Face | null {
    const { track, score } = candidate;
    return score === null ? this.#hold(grey, track, landmarks) : confirm(grey, candidate, landmarks, score);
  }

  #compareLooks(image: GreyImage | RgbImage, all: readonly Seen[], index: number): Observation[] {
    const observations: Observation[] = [];
    for (const { candidate, face } of all) {
      const { track, origin } = candidate;
      const look: Appearance | null = face && appearanceOf(image, face.landmarks, this.#light);
      this.#rename(track, track.identity.next(look, index), index);
      if (face === null) continue;
      track.moveTo(face.box, index);
      observations.push({ track: track.id, origin, ...face });
    }
    return observations;
  }

  /** Undetected: the landmarks pull the box onto the face, and the patch must still look like it. */
  async #hold(grey: GreyImage, track: Track, firstGuess: Float32Array): Promise<Face | null> {
    const box = track.boxAround(firstGuess);
    const [landmarks] = await this.#model.place(grey, [box]);
    const patch = patchOf(grey, boxOfLandmarks(landmarks!));
    return similarity(patch, track.patch) >= MIN_SIMILARITY ? { box, landmarks: landmarks! } : null;
  }
}

/** Detected: sure, or else at least alike. */
function confirm(
  grey: GreyImage,
  { track, box }: Candidate,
  landmarks: Float32Array,
  score: number,
): Face | null {
  const patch = patchOf(grey, boxOfLandmarks(landmarks));
  if (score < 0 && similarity(patch, track.patch) < MIN_SIMILARITY_IF_UNSURE) return null;
  track.anchorTo(box, landmarks);
  track.patch = patch;
  return { box, landmarks };
}
