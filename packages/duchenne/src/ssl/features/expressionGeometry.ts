import type { StoredClip } from "../../data/store/environment.ts";
import type { FrameStore } from "../../data/store/index.ts";
import { LANDMARK_COUNT } from "../../data/store/record.ts";
import { faceSimilarity, mapPoints } from "../views/faceSwap/similarity.ts";

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
/** What an expression moves, in dlib's order: brows, eyelids and lips. */
const MOVING = [...range(17, 27), ...range(36, 68)];
const MOVING_COORDINATES = MOVING.flatMap((id) => [2 * id, 2 * id + 1]);
/** Numbers that describe a face: x and y of each moving point. */
export const GEOMETRY_LENGTH = MOVING_COORDINATES.length;

/** Which point is on the other side, in dlib's order. */
const MIRRORED: readonly number[] = [
  ...range(0, 17).reverse(),
  ...range(17, 27).reverse(),
  ...range(27, 31),
  ...range(31, 36).reverse(),
  ...[45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40],
  ...[54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55],
  ...[64, 63, 62, 61, 60, 67, 66, 65],
];
/** As many faces of the mean shape count beside a person's own, so that a person of one face is not at rest in it. */
const MEAN_FACES = 8;
/** The mean shape is that of about so many faces. */
const FACES_OF_MEAN = 4096;
/** Faces read at a time. */
const CHUNK = 1024;
const COORDINATES = LANDMARK_COUNT * 2;

/** Faces of one geometry. */
export interface Geometry {
  /** [rows, GEOMETRY_LENGTH]; zeros if `has` is 0. */
  readonly values: Float32Array;
  /** [rows] 1 where the face has landmarks. */
  readonly has: Uint8Array;
}

/** Faces by their landmarks. */
export interface Faces {
  /** [rows, 68, 2] in pixels, NaN throughout a face without landmarks. */
  readonly landmarks: Float32Array;
  /** [rows] number of who is seen. */
  readonly persons: ArrayLike<number>;
}

/**
 * A description of expressions by landmarks, in which a person's resting shape is not: landmarks aligned to the mean shape of a
 * store, averaged with their mirror image, minus the mean of the person's own. It is the same for a mirrored face, and in units of its
 * standard deviation over the store.
 */
export class ExpressionGeometry {
  readonly #mean: Float32Array;
  /** [people, GEOMETRY_LENGTH] resting shapes, from the mean shape. */
  readonly #rests: Float32Array;
  readonly #deviation: number;

  private constructor(mean: Float32Array, rests: Float32Array, deviation: number) {
    this.#mean = mean;
    this.#rests = rests;
    this.#deviation = deviation;
  }

  /**
   * Learns resting shapes from every face of some clips that has landmarks.
   * @param persons [clips] who is seen in each, from 0
   * @returns undefined if no face has landmarks
   */
  static of(
    store: FrameStore,
    clips: readonly StoredClip[],
    persons: Int32Array,
  ): ExpressionGeometry | undefined {
    const mean = meanShape(store, clips);
    if (mean === undefined) return undefined;
    const people = persons.reduce((most, person) => Math.max(most, person + 1), 0);
    const sums = new Float64Array(people * GEOMETRY_LENGTH);
    const counts = new Uint32Array(people);
    let squares = 0;
    forEachFace(store, clips, 1, (face, clip) => {
      const shape = fromMean(face, mean);
      if (shape === undefined) return;
      const person = persons[clip]!;
      counts[person]! += 1;
      shape.forEach((value, i) => {
        sums[person * GEOMETRY_LENGTH + i]! += value;
        squares += value * value;
      });
    });
    const countAt = (i: number) => counts[Math.floor(i / GEOMETRY_LENGTH)]!;
    const rests = Float32Array.from(sums, (sum, i) => sum / (countAt(i) + MEAN_FACES));
    // The sum of (value − rest)² over a person's faces, from the sums of values and of their squares.
    const left = sums.reduce((total, sum, i) => {
      const rest = rests[i]!;
      return total - rest * (2 * sum - countAt(i) * rest);
    }, squares);
    const faces = counts.reduce((total, count) => total + count, 0);
    return new ExpressionGeometry(mean, rests, Math.sqrt(left / (faces * GEOMETRY_LENGTH)) || 1);
  }

  /** The geometry of faces of the store's people. */
  describe({ landmarks, persons }: Faces): Geometry {
    const rows = persons.length;
    const values = new Float32Array(rows * GEOMETRY_LENGTH);
    const has = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) {
      const shape = fromMean(landmarks.subarray(row * COORDINATES, (row + 1) * COORDINATES), this.#mean);
      if (shape === undefined) continue;
      has[row] = 1;
      const rest = persons[row]! * GEOMETRY_LENGTH;
      shape.forEach((value, i) => {
        values[row * GEOMETRY_LENGTH + i] = (value - this.#rests[rest + i]!) / this.#deviation;
      });
    }
    return { values, has };
  }
}

/** Procrustes' mean: of shapes aligned to the first one, and again of shapes aligned to that mean. */
function meanShape(store: FrameStore, clips: readonly StoredClip[]): Float32Array | undefined {
  const count = clips.reduce((sum, { frameCount }) => sum + frameCount, 0);
  const sampled = meanOfEvery(Math.max(1, Math.floor(count / FACES_OF_MEAN)), store, clips);
  // Few faces have landmarks, and none of the sample's.
  return sampled ?? meanOfEvery(1, store, clips);
}

function meanOfEvery(
  step: number,
  store: FrameStore,
  clips: readonly StoredClip[],
): Float32Array | undefined {
  let mean: Float32Array | undefined;
  for (const _ of range(0, 2)) {
    const sum = new Float64Array(COORDINATES);
    let count = 0;
    forEachFace(store, clips, step, (face) => {
      if (mean === undefined && faceSimilarity(face, face) === undefined) return;
      mean ??= centred(face);
      const shape = alignedShape(face, mean);
      shape?.forEach((value, i) => {
        sum[i]! += value;
      });
      if (shape) count += 1;
    });
    if (count === 0) return undefined;
    mean = Float32Array.from(sum, (value) => value / count);
  }
  return mean;
}

/** A shape about the middle of the face, so that its mirror image lies about the same middle. */
function centred(face: Float32Array): Float32Array {
  const middle = [0, 1].map((axis) =>
    MOVING.reduce((sum, id) => sum + face[2 * id + axis]! / MOVING.length, 0),
  );
  return face.map((value, i) => value - middle[i % 2]!);
}

/** @returns [68 · 2] aligned to the mean and averaged with its mirror image; undefined without landmarks */
function alignedShape(face: Float32Array, mean: Float32Array): Float64Array | undefined {
  const mirrored = mirrorImage(face);
  const [similarity, back] = [faceSimilarity(face, mean), faceSimilarity(mirrored, mean)];
  if (similarity === undefined || back === undefined) return undefined;
  const [own, other] = [mapPoints(similarity, face), mapPoints(back, mirrored)];
  return own.map((value, i) => (value + other[i]!) / 2);
}

function mirrorImage(face: Float32Array): Float32Array {
  return face.map((_, i) => (i % 2 === 0 ? -face[2 * MIRRORED[i >> 1]!]! : face[2 * MIRRORED[i >> 1]! + 1]!));
}

/** @returns [GEOMETRY_LENGTH] how far the moving points of an aligned face are from the mean; undefined without landmarks */
function fromMean(face: Float32Array, mean: Float32Array): Float64Array | undefined {
  const shape = alignedShape(face, mean);
  return shape && Float64Array.from(MOVING_COORDINATES, (i) => shape[i]! - mean[i]!);
}

/** The landmarks of every face, or of every step-th, and the number of its clip. */
function forEachFace(
  store: FrameStore,
  clips: readonly StoredClip[],
  step: number,
  visit: (face: Float32Array, clip: number) => void,
): void {
  let next = 0;
  clips.forEach(({ firstFrame, frameCount }, clip) => {
    const chosen: number[] = [];
    for (; next < frameCount; next += step) chosen.push(firstFrame + next);
    next -= frameCount;
    for (let start = 0; start < chosen.length; start += CHUNK) {
      const keys = chosen.slice(start, start + CHUNK);
      const landmarks = store.readLandmarks(keys);
      for (let i = 0; i < keys.length; i++)
        visit(landmarks.subarray(i * COORDINATES, (i + 1) * COORDINATES), clip);
    }
  });
}
