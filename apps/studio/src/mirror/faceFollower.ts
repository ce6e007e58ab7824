import { type Box, boxOfLandmarks, overlapOf } from "@duchenne/crop";
import { fromSquare, squareAround } from "./boxes.ts";
import type { FaceNetworks } from "./faceNetworks.ts";

/** A face that is followed from frame to frame. */
export interface FollowedFace {
  /** The same for as long as it is followed. */
  readonly id: number;
  /** [136] x, y in pixels of the frame, steadied. */
  readonly landmarks: Float32Array;
}

/** A frame to look at: what `drawImage` takes, with its size. */
export interface Frame {
  readonly picture: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

/** Frames from one look for new faces to the next: in between, faces are where their landmarks were. */
const DETECT_EVERY = 8;
/** Longer side of the picture the detector gets; where it finds nothing, that of the next, in which small faces show. Pixels. */
const DETECTOR_PICTURES = [224, 416] as const;
/** From one look at the larger picture to the next while no face is seen, milliseconds: it takes longer than a frame. */
const THOROUGH_EVERY_MS = 250;
/** Side of the landmark network's input, pixels. */
const LANDMARK_PICTURE = 112;
/** Of the square that landmarks are looked for in, in longer sides of the box: the network learned with some room around. */
const AROUND_BOX = 1.15;
const AROUND_LANDMARKS = 1.25;
/** A box that overlaps a face's this much is that face. */
const SAME_FACE = 0.25;
/** Looks in a row at which a face is not seen before it is let go. */
const MISSES = 2;
const MOST_FACES = 4;
/** Share of the new place: landmarks tremble, and crops with them. */
const STEADINESS = 0.6;
/** Longer sides of the face's box that it may move in a frame and still be steadied. */
const JUMP = 0.15;

/** A face that was seen at about the same time of a film. */
export interface KnownFace {
  readonly id: number;
  /** Pixels of the frame. */
  readonly box: Box;
}

/** What is known of a film that was watched before, perhaps with another model. */
export interface Recall {
  /** Above the numbers of all faces. */
  readonly nextId: number;
  /** Faces that were seen at about this time, in pixels of the source. */
  near(seconds: number): readonly KnownFace[];
}

interface Track {
  id: number;
  landmarks: Float32Array;
  misses: number;
}

/** Follows faces through frames that come one after the other. */
export class FaceFollower {
  readonly #networks: FaceNetworks;
  readonly #detectorPicture = new OffscreenCanvas(1, 1);
  readonly #landmarkPicture = new OffscreenCanvas(1, 1);
  #tracks: Track[] = [];
  #frames = 0;
  #thoroughAt = Number.NEGATIVE_INFINITY;
  #nextId: number;
  #known: readonly KnownFace[] = [];

  /** @param nextId above the numbers that others of this film have, who may not be seen now */
  constructor(networks: FaceNetworks, nextId = 0) {
    this.#networks = networks;
    this.#nextId = nextId;
  }

  /**
   * Lets all faces go: the next frame is of another time.
   * @param known faces that were seen there before: found again, they keep their ids
   */
  reset(known: readonly KnownFace[]): void {
    this.#tracks = [];
    this.#frames = 0;
    this.#thoroughAt = Number.NEGATIVE_INFINITY;
    this.#known = known;
    this.#nextId = Math.max(this.#nextId, ...known.map(({ id }) => id + 1));
  }

  /**
   * @param isStill whether no later frame will make up for a face that is overlooked
   * @returns the faces of the next frame, the largest first
   */
  async next(frame: Frame, isStill: boolean): Promise<FollowedFace[]> {
    for (const track of this.#tracks) {
      const square = squareAround(boxOfLandmarks(track.landmarks), AROUND_LANDMARKS);
      track.landmarks = steadied(track.landmarks, await this.#landmarksIn(frame, square));
    }
    if (this.#frames++ % DETECT_EVERY === 0 || isStill || this.#tracks.length === 0)
      await this.#lookForFaces(frame, isStill);
    return [...this.#tracks].sort((a, b) => sizeOf(b) - sizeOf(a));
  }

  async #lookForFaces(frame: Frame, isStill: boolean): Promise<void> {
    const now = performance.now();
    const isThorough = isStill || now - this.#thoroughAt >= THOROUGH_EVERY_MS;
    if (isThorough) this.#thoroughAt = now;
    let boxes: Box[] = [];
    for (const side of isThorough ? DETECTOR_PICTURES : DETECTOR_PICTURES.slice(0, 1)) {
      boxes = await this.#detect(frame, side);
      if (boxes.length > 0 || this.#tracks.length > 0) break;
    }
    const isOf = (track: Track, box: Box) => overlapOf(boxOfLandmarks(track.landmarks), box) > SAME_FACE;
    for (const track of this.#tracks)
      track.misses = boxes.some((box) => isOf(track, box)) ? 0 : track.misses + 1;
    this.#tracks = this.#tracks.filter(({ misses }) => misses < MISSES);
    for (const box of boxes) {
      if (this.#tracks.length >= MOST_FACES || this.#tracks.some((track) => isOf(track, box))) continue;
      const first = await this.#landmarksIn(frame, squareAround(box, AROUND_BOX));
      // Once more from where they were found, as every later frame will do.
      const landmarks = await this.#landmarksIn(frame, squareAround(boxOfLandmarks(first), AROUND_LANDMARKS));
      this.#tracks.push({ id: this.#idOf(boxOfLandmarks(landmarks)), landmarks, misses: 0 });
    }
    this.#known = [];
  }

  #idOf(box: Box): number {
    const again = this.#known.find(
      (known) => overlapOf(known.box, box) > SAME_FACE && !this.#tracks.some(({ id }) => id === known.id),
    );
    return again?.id ?? this.#nextId++;
  }

  async #detect({ picture, width, height }: Frame, side: number): Promise<Box[]> {
    const scale = side / Math.max(width, height);
    const canvas = this.#detectorPicture;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    contextOf(canvas).drawImage(picture, 0, 0, canvas.width, canvas.height);
    const boxes = await this.#networks.detect(canvas);
    return boxes.map(({ left, top, width: w, height: h }) => ({
      left: left / scale,
      top: top / scale,
      width: w / scale,
      height: h / scale,
    }));
  }

  async #landmarksIn({ picture }: Frame, square: Box): Promise<Float32Array> {
    const canvas = this.#landmarkPicture;
    canvas.width = LANDMARK_PICTURE;
    canvas.height = LANDMARK_PICTURE;
    const { left, top, width, height } = square;
    contextOf(canvas).drawImage(picture, left, top, width, height, 0, 0, LANDMARK_PICTURE, LANDMARK_PICTURE);
    const found = await this.#networks.placeLandmarks(canvas);
    return fromSquare(found, square, LANDMARK_PICTURE);
  }
}

/** Its pixels are read back, so it is kept in main memory. */
const contextOf = (canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D =>
  canvas.getContext("2d", { willReadFrequently: true })!;

function sizeOf({ landmarks }: Track): number {
  const { width, height } = boxOfLandmarks(landmarks);
  return width * height;
}

function steadied(before: Float32Array, now: Float32Array): Float32Array {
  const [a, b] = [boxOfLandmarks(before), boxOfLandmarks(now)];
  const moved = Math.hypot(
    a.left + a.width / 2 - b.left - b.width / 2,
    a.top + a.height / 2 - b.top - b.height / 2,
  );
  if (moved > JUMP * Math.max(a.width, a.height)) return now;
  return now.map((value, i) => STEADINESS * value + (1 - STEADINESS) * before[i]!);
}
