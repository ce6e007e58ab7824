/** Decoded frame to an upright RGB image with square pixels, by swscale. */

import { AV_FRAME_DATA_DISPLAYMATRIX, AV_PIX_FMT_RGB24 } from "node-av/constants";
import { FFmpegError, Frame, SoftwareScaleContext } from "node-av/lib";
import { FaceError } from "../errors.ts";
import type { RgbImage } from "../types.ts";
import { applyOrientation, type Orientation, orientationOf, UPRIGHT } from "./orientation.ts";

/** Options of the conversion. */
export interface RgbConverterOptions {
  /** Display orientation as the container states it; null leaves it to the frames. */
  readonly orientation: Orientation | null;
  /** Width of a pixel over its height, as the stream gives it; a frame's own value comes first. */
  readonly pixelAspect: number;
  /** Longer side of the result at most, in pixels. */
  readonly maxSide: number;
}

/**
 * Converts frames of any pixel format (10 bit, grey, palette, ...) and of changing size. Colour matrix and range are
 * the frame's own. Dispose of it after use.
 */
export class RgbConverter implements Disposable {
  readonly #scaler = new SoftwareScaleContext();
  readonly #target = new Frame();
  readonly #options: RgbConverterOptions;
  /** As the last frame to state one states it. */
  #orientation = UPRIGHT;

  constructor(options: RgbConverterOptions) {
    this.#options = options;
    this.#scaler.allocContext();
    // Area averaging where a frame shrinks; it makes no difference where the size stays.
    this.#scaler.setOption("sws_flags", "area");
    this.#target.alloc();
  }

  /** @throws FaceError if swscale does not know the pixel format */
  convert(frame: Frame): RgbImage & { reduction: number } {
    const { width, height, reduction } = this.#targetSize(frame);
    const target = this.#target;
    target.unref();
    target.format = AV_PIX_FMT_RGB24;
    target.width = width;
    target.height = height;
    // Rows need the padding: without it swscale leaves the last columns of some widths (854, say) unwritten.
    if (target.getBuffer() < 0)
      throw new FaceError(
        "decode",
        "memory for a frame",
        `${width}x${height} pixels`,
        "Lower `maxFramePixels`.",
      );
    const status = this.#scaler.scaleFrameSync(target, frame);
    if (status < 0) {
      throw new FaceError(
        "decode",
        "a pixel format that swscale converts to RGB",
        FFmpegError.strerror(status),
        OTHER_FORMAT,
      );
    }
    const image = { width, height, data: packed(target, width, height) };
    return { ...applyOrientation(image, this.#options.orientation ?? this.#orientation), reduction };
  }

  /**
   * Takes note of the orientation that a frame states itself (SEI display orientation), converted or not: codecs state
   * it with one frame, and it holds until they state another. What the container states comes first.
   */
  notice(frame: Frame): void {
    if (this.#options.orientation !== null) return;
    const matrix = frame.getSideData(AV_FRAME_DATA_DISPLAYMATRIX);
    if (matrix !== null) this.#orientation = orientationOf(matrix);
  }

  #targetSize(frame: Frame): { width: number; height: number; reduction: number } {
    const own = frame.sampleAspectRatio;
    const aspect = own.num > 0 && own.den > 0 ? own.num / own.den : this.#options.pixelAspect;
    const width = frame.width * aspect;
    const scale = Math.min(1, this.#options.maxSide / Math.max(width, frame.height));
    const side = (pixels: number) => Math.max(1, Math.round(pixels * scale));
    return { width: side(width), height: side(frame.height), reduction: 1 / scale };
  }

  [Symbol.dispose](): void {
    this.#target.free();
    this.#scaler.freeContext();
  }
}

const OTHER_FORMAT = "Convert the video to another pixel format, such as yuv420p.";

/** The frame's pixels without row padding, in memory of their own. */
function packed(frame: Frame, width: number, height: number): Uint8Array {
  const bytes = frame.toBuffer();
  const row = width * 3;
  if (bytes.length === row * height) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  throw new FaceError("decode", `${row * height} bytes of RGB`, `${bytes.length}`, OTHER_FORMAT);
}
