import { type MirrorSource, sizeOf } from "./source.ts";

/** Longer side of a snapshot that has to be drawn, pixels: as it is shown. */
const MOST_DRAWN = 1280;

/**
 * The picture that a source shows now. A frame of a film or of the camera is handed on without a copy if the browser can do that;
 * whoever gets it closes it, because a decoder has few frames.
 */
export function snapshotOf(source: MirrorSource): Promise<VideoFrame | ImageBitmap> {
  const { element } = source;
  const frame = element instanceof HTMLVideoElement ? frameOf(element) : undefined;
  return frame ? Promise.resolve(frame) : drawn(source);
}

/** @returns undefined if the browser has no such frames, or has none now */
function frameOf(video: HTMLVideoElement): VideoFrame | undefined {
  if (typeof VideoFrame === "undefined") return undefined;
  try {
    const frame = new VideoFrame(video);
    // Films of phones are turned: a browser that does not turn their frames has to draw them. Sizes do not tell a film that is square or
    // turned by 180 degrees: its frames stay as that browser gives them.
    if (frame.displayWidth === video.videoWidth && frame.displayHeight === video.videoHeight) return frame;
    frame.close();
  } catch {
    // Drawn instead.
  }
  return undefined;
}

function drawn(source: MirrorSource): Promise<ImageBitmap> {
  const size = sizeOf(source);
  const scale = Math.min(1, MOST_DRAWN / Math.max(size.width, size.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(size.width * scale);
  canvas.height = Math.round(size.height * scale);
  canvas
    .getContext("2d", { willReadFrequently: true })!
    .drawImage(source.element, 0, 0, canvas.width, canvas.height);
  return createImageBitmap(canvas);
}
