/** Public types of @duchenne/face: what goes in, what comes out, and what is counted on the way. */

import type { CropSquare, RgbImage } from "@duchenne/crop";

export type { Box, CropSquare, RgbImage } from "@duchenne/crop";

/** An 8-bit grey image, row-major, no padding: `data.length === width * height`. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** One frame taken from the source, upright and with square pixels. */
export interface SampledFrame extends RgbImage {
  /** Seconds since the first frame of the source. */
  readonly timeSeconds: number;
  /** Pixels of the source per pixel of this frame: above 1 if it was too large. */
  readonly reduction: number;
  /**
   * Position in the sampling grid: the frame stands for time `index / fps`. Strictly increasing; may have gaps. Where every frame is
   * taken, its number.
   */
  readonly index: number;
}

/**
 * Where faces come from. A `video` is anything FFmpeg reads; `frames` is a folder that holds one clip's frames, sorted
 * naturally (`2.jpg` before `10.jpg`) and spaced by `1 / frameRateHz`; a `still` is one image file.
 */
export type FaceSource =
  | { readonly kind: "video"; readonly path: string }
  | { readonly kind: "frames"; readonly path: string; readonly frameRateHz?: number }
  | { readonly kind: "still"; readonly path: string };

/** How faces are sampled, found, tracked and cropped. `FACE_DEFAULTS` has the defaults, with the reason for each. */
export interface FaceOptions {
  /** Sampling rate in Hz. Default 25/6, the rate of VoxCeleb1's face frames. */
  readonly fps?: number;
  /** Side of the square crops in pixels. Default 128. */
  readonly size?: number;
  /**
   * `hog` finds faces (default). `whole-image` is for faces cropped already: the whole image is the box and the crop,
   * and landmarks are still placed.
   */
  readonly detection?: "hog" | "whole-image";
  /** Detect on every n-th sampled frame and track between. In a source of one frame every face is found. */
  readonly detectEvery?: number;
  /** Rotate crops so that the line between the eyes is level. Default false. */
  readonly alignEyes?: boolean;
  /** Side of a crop in longer sides of its landmarks' box, 1 to 4. Default 1.6; 1.2 is little more than the face. */
  readonly cropScale?: number;
  /** Faces whose landmark box (longer side, in pixels of the sampled frame) is below this are skipped. */
  readonly minFacePixels?: number;
  /** Crops whose sharpness is below this are skipped; 0 keeps all. */
  readonly minSharpness?: number;
  /** Faces turned farther than this (degrees, estimated from the landmarks) are skipped. */
  readonly maxYawDegrees?: number;
  /** Tracks with fewer faces than this are skipped: HOG's false alarms rarely last. */
  readonly minTrackFrames?: number;
  /** Only the face with the largest crop is kept in each frame. Default false. */
  readonly largestOnly?: boolean;
  /** Path of a dlib 68-point model; default `DUCHENNE_LANDMARK_MODEL`, then the one in Debian's libdlib-data. */
  readonly landmarkModel?: string;
  /** Decoder threads of one clip. Default 1: `prepare` works on several clips at once instead. */
  readonly decodeThreads?: number;
  /** Frames whose longer side exceeds this are reduced to it while decoding. */
  readonly maxFramePixels?: number;
  /** Throw on damaged media that could still be read in part. Default false: read on, and report `damage`. */
  readonly strict?: boolean;
}

/** One face of one sampled frame. */
export interface FaceCrop {
  /** Seconds since the first frame of the source. */
  readonly timeSeconds: number;
  /** Position in the sampling grid, as in `SampledFrame`. */
  readonly frameIndex: number;
  /** Number of the track within the clip, counted from 0 in order of appearance. */
  readonly track: number;
  /** [size, size, 3] crop. */
  readonly image: RgbImage;
  /** [68, 2] as x0, y0, x1, y1, ... in crop pixels; integers are pixel centres, so the crop spans [-0.5, size - 0.5]. */
  readonly landmarks: Float32Array;
  /** The crop square in pixels of the sampled frame (upright, square pixels, reduced if above `maxFramePixels`). */
  readonly square: CropSquare;
  /** Variance of the Laplacian of the grey crop over its variance: higher is sharper. */
  readonly sharpness: number;
  /** Estimated turn of the head in degrees; 0 is frontal, positive towards the image's right. */
  readonly yawDegrees: number;
  readonly origin: FaceOrigin;
}

/** `detected` by a scan of the whole frame, `tracked` from the frame before, or `given` as the whole image. */
export type FaceOrigin = "detected" | "tracked" | "given";

/** A sampled frame and the faces kept of it, in order of appearance in the clip. */
export interface FramedFaces {
  readonly frame: SampledFrame;
  readonly faces: readonly FaceCrop[];
}

/**
 * Why a sampled frame (`noFace`) or a face in one (the others) was not kept.
 * `notLargest` occurs with `largestOnly` alone.
 */
export type SkipReason = "noFace" | "tooSmall" | "blurred" | "turned" | "shortTrack" | "notLargest";

/** Time spent per stage in milliseconds of wall clock, as the clip's own pipeline saw it. */
export type StageName = "decode" | "detect" | "landmarks" | "crop";

/** What came of one clip. `framesSampled = framesWithFace + skipped.noFace`. */
export interface ClipSummary {
  readonly framesSampled: number;
  /** Sampled frames in which at least one face was found, kept or not. */
  readonly framesWithFace: number;
  /** Sampled frames of which at least one crop was kept. */
  readonly framesKept: number;
  /** Crops yielded. */
  readonly facesKept: number;
  /** Tracks of which at least one crop was kept. */
  readonly tracks: number;
  readonly skipped: Readonly<Record<SkipReason, number>>;
  /** Time of the last sampled frame plus one sampling interval. */
  readonly seconds: number;
  readonly stageMilliseconds: Readonly<Record<StageName, number>>;
  /** Set when part of the source could not be read: what, and how often. */
  readonly damage: MediaDamage | null;
}

/** Damage that did not keep the rest from being read. */
export interface MediaDamage {
  readonly message: string;
  /** Packets or files that could not be decoded. */
  readonly errors: number;
}
