/**
 * Video files to tracked face crops with 68 landmarks.
 * @module
 */

export { boxOfLandmarks, cropImage, squareOfLandmarks, toCropPixels, toFramePixels } from "@duchenne/crop";
export { type VideoFacts, videoFacts } from "./decode/facts.ts";
export { type MediaKind, mayBeAnimated, mediaKindOf, mediaKindOfName } from "./decode/mediaKind.ts";
export type { DecodeOptions, FrameStream } from "./decode/options.ts";
export { ffmpegProgram, isProgramAsked, missingFfmpeg, passthrough } from "./decode/program.ts";
export { readFrames } from "./decode/source.ts";
export { listFrames, readStill } from "./decode/stills.ts";
export { FaceError, MediaError } from "./errors.ts";
export { extractFaces, followFaces } from "./extract/extract.ts";
export { toGrey } from "./image.ts";
export { type Detection, detectFaces, LandmarkModel, type ScanOptions } from "./native/dlib.ts";
export { findLandmarkModel, landmarkModelNotice } from "./native/modelFile.ts";
export { FACE_DEFAULTS, VOXCELEB_FPS } from "./options.ts";
export type * from "./types.ts";
