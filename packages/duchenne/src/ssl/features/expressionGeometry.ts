import type { StoredClip } from "../../data/store/environment.ts";
import type { FrameStore } from "../../data/store/index.ts";
import { LANDMARK_COUNT } from "../../data/store/record.ts";
import { faceSimilarity, mapPoints } from "../views/faceSwap/similarity.ts";

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
/** What an expression moves, in dlib's order: brows, eyelids and lips. */
const MOVING = [...range(17, 27), ...range(36, 68)];
/** Numbers that describe a face: x and y of each moving point. */
export const GEOMETRY_LENGTH = 2 * MOVING.length;

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
/** Faces read at a time. */
const CHUNK = 1024;
const COORDINATES = LANDMARK_COUNT * 2;

/** Faces of one geometry. */
export interface Geometry {
  /** [rows, GEOMETRY_LENGTH]; zeros where `has` is 0. */
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
  readonly #rests: readonly Float32Array[];
  readonly #deviation: number;

  private constructor(mean: Float32Array, rests: readonly Float32Array[], deviation: number) {
    this.#mean = mean;
    this.#rests = rests;
    this.#deviation = deviation;
  }

  /**
   * Learns resting shapes from every face of a store that has landmarks.
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
    const sums = Array.from({ length: people }, () => new Float64Array(COORDINATES));
    const counts = new Float64Array(people);
    let [squares, faces] = [0, 0];
    const eachAligned = (visit: (shape: Float64Array, person: number) => void) =>
      forEachFace(store, clips, (face, clip) => {
        const shape = alignedShape(face, mean);
        if (shape) visit(shape, persons[clip]!);
      });
    eachAligned((shape, person) => {
      shape.forEach((value, i) => {
        sums[person]![i]! += value;
      });
      counts[person]! += 1;
    });
    const rests = sums.map((sum, person) =>
      Float32Array.from(sum, (value, i) => (value + MEAN_FACES * mean[i]!) / (counts[person]! + MEAN_FACES)),
    );
    eachAligned((shape, person) => {
      for (const value of residual(shape, rests[person]!)) squares += value * value;
      faces += 1;
    });
    return new ExpressionGeometry(mean, rests, Math.sqrt(squares / (faces * GEOMETRY_LENGTH)) || 1);
  }

  /** The geometry of faces of the store's people. */
  describe({ landmarks, persons }: Faces): Geometry {
    const rows = persons.length;
    const values = new Float32Array(rows * GEOMETRY_LENGTH);
    const has = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) {
      const face = landmarks.subarray(row * COORDINATES, (row + 1) * COORDINATES);
      const shape = alignedShape(face, this.#mean);
      if (shape === undefined) continue;
      has[row] = 1;
      values.set(
        residual(shape, this.#rests[persons[row]!]!).map((value) => value / this.#deviation),
        row * GEOMETRY_LENGTH,
      );
    }
    return { values, has };
  }
}

/** Procrustes' mean: of shapes aligned to the first one, and again of shapes aligned to that mean. */
function meanShape(store: FrameStore, clips: readonly StoredClip[]): Float32Array | undefined {
  let mean: Float32Array | undefined;
  for (const _ of range(0, 2)) {
    const sum = new Float64Array(COORDINATES);
    let count = 0;
    forEachFace(store, clips, (face) => {
      if (Number.isNaN(face[0]!)) return;
      mean ??= Float32Array.from(centred(face));
      const shape = alignedShape(face, mean);
      shape?.forEach((value, i) => {
        sum[i]! += value;
      });
      if (shape) count += 1;
    });
    if (count === 0) return undefined;
    const total = count;
    mean = Float32Array.from(sum, (value) => value / total);
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
  const similarity = faceSimilarity(face, mean);
  if (similarity === undefined) return undefined;
  const mirrored = mirrorImage(face);
  const back = faceSimilarity(mirrored, mean);
  if (back === undefined) return undefined;
  const [own, other] = [mapPoints(similarity, face), mapPoints(back, mirrored)];
  return own.map((value, i) => (value + other[i]!) / 2);
}

function mirrorImage(face: Float32Array): Float32Array {
  return face.map((_, i) => (i % 2 === 0 ? -face[2 * MIRRORED[i >> 1]!]! : face[2 * MIRRORED[i >> 1]! + 1]!));
}

/** [GEOMETRY_LENGTH] what is not the resting shape. */
function residual(shape: Float64Array, rest: Float32Array): number[] {
  return MOVING.flatMap((id) => [2 * id, 2 * id + 1]).map((i) => shape[i]! - rest[i]!);
}

/** Every face's landmarks, and the number of its clip. */
function forEachFace(
  store: FrameStore,
  clips: readonly StoredClip[],
  visit: (face: Float32Array, clip: number) => void,
): void {
  clips.forEach(({ firstFrame, frameCount }, clip) => {
    for (let start = 0; start < frameCount; start += CHUNK) {
      const keys = range(firstFrame + start, firstFrame + Math.min(start + CHUNK, frameCount));
      const landmarks = store.readLandmarks(keys);
      keys.forEach((_, i) => {
        visit(landmarks.subarray(i * COORDINATES, (i + 1) * COORDINATES), clip);
      });
    }
  });
}
