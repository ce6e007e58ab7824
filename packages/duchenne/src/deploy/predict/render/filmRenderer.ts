/** A video with the predictions drawn into it: boxes on the frame, a panel beside it. */
import { dirname, resolve } from "node:path";
import type { Box, SampledFrame } from "@duchenne/face";
import type { ModelConfig } from "@duchenne/predict";
import { type Canvas, createCanvas, ImageData } from "@napi-rs/canvas";
import { makeFolder } from "../../../lib/files/makeFolder.ts";
import { VideoWriter } from "../../../lib/video/videoWriter.ts";
import { toYuv, type Yuv420 } from "../../../lib/video/yuv.ts";
import type { PredictedFace, PredictedFrame } from "../predictFrames.ts";
import { drawPanel } from "./panel.ts";
import { colourOf, drawText, fillTextBackground } from "./style.ts";
import { Trails } from "./trail.ts";

/** Lower frames are enlarged to this height, pixels, so that the panel is readable. */
const LEAST_HEIGHT = 400;
/** MPEG's clock: every common frame rate comes out whole. */
const TICKS_PER_SECOND = 90_000;
const PANEL_SHARE = 0.55;
/** x264's constant rate factor: visually lossless. */
const CRF = 20;

const even = (pixels: number): number => 2 * Math.round(pixels / 2);

/** A frame in its own size. */
interface FrameImage {
  readonly canvas: Canvas;
  readonly rgba: ImageData;
}

/** The output video and its canvas. */
interface OutputVideo {
  readonly canvas: Canvas;
  /** Size of the frame on the canvas, pixels. */
  readonly width: number;
  readonly height: number;
  readonly writer: VideoWriter;
  readonly yuv: Yuv420;
}

/** Writes a video of the first frame's size. */
export class FilmRenderer {
  readonly #path: string;
  readonly #frameRateHz: number;
  readonly #config: Pick<ModelConfig, "classes" | "heads">;
  readonly #trails = new Trails();
  /** Of the last frame. */
  #ticks = -1;
  #output: OutputVideo | undefined;
  #image: FrameImage | undefined;

  /** @param frameRateHz nominal: each frame is shown at its own time */
  constructor(path: string, frameRateHz: number, config: Pick<ModelConfig, "classes" | "heads">) {
    this.#path = path;
    this.#frameRateHz = frameRateHz;
    this.#config = config;
  }

  /** Appends a frame at its time. @throws FFmpegError if the video cannot be written */
  draw({ frame, faces }: PredictedFrame): void {
    this.#output ??= openOutput(this.#path, frame, this.#frameRateHz);
    const { canvas, width, height, writer, yuv } = this.#output;
    const context = canvas.getContext("2d");
    const place = placeWithin(width, height, frame);
    if (place.width < width || place.height < height) {
      context.fillStyle = "#000";
      context.fillRect(0, 0, width, height);
    }
    context.drawImage(this.#paint(frame), place.left, place.top, place.width, place.height);
    this.#trails.add(frame.timeSeconds, faces);
    for (const face of faces) drawBox(canvas, face, place, frame);
    const area = { left: width, top: 0, width: canvas.width - width, height };
    const trails = this.#config.heads.includes("valence_arousal") ? this.#trails : undefined;
    drawPanel(context, area, this.#config.classes, largest(faces), trails);
    toYuv(canvas.data(), yuv);
    writer.write(yuv, this.#ticksAt(frame.timeSeconds));
  }

  /** The times of some films jump back; those of the written film always increase. */
  #ticksAt(timeSeconds: number): number {
    this.#ticks = Math.max(this.#ticks + 1, Math.round(timeSeconds * TICKS_PER_SECOND));
    return this.#ticks;
  }

  #paint({ width, height, data }: SampledFrame): Canvas {
    const { canvas: last } = this.#image ?? {};
    if (last?.width !== width || last.height !== height)
      this.#image = { canvas: createCanvas(width, height), rgba: new ImageData(width, height) };
    const { canvas, rgba } = this.#image!;
    copyRgb(data, rgba.data);
    canvas.getContext("2d").putImageData(rgba, 0, 0);
    return canvas;
  }

  /** Puts the video in its place. @returns number of frames written */
  finish(): number {
    return this.#output?.writer.finish() ?? 0;
  }

  /** Removes the unfinished video. */
  abandon(): void {
    this.#output?.writer.abandon();
  }
}

function openOutput(path: string, frame: SampledFrame, frameRateHz: number): OutputVideo {
  makeFolder(dirname(resolve(path)));
  const scale = Math.max(1, Math.round(LEAST_HEIGHT / frame.height));
  const [width, height] = [even(frame.width * scale), even(frame.height * scale)];
  const whole = width + even(height * PANEL_SHARE);
  return {
    canvas: createCanvas(whole, height),
    width,
    height,
    writer: new VideoWriter(path, {
      width: whole,
      height,
      frameRateHz,
      ticksPerSecond: TICKS_PER_SECOND,
      crf: CRF,
    }),
    yuv: { width: whole, height, data: new Uint8ClampedArray((whole * height * 3) / 2) },
  };
}

/** Frames of another shape than the first keep theirs, in the middle. */
function placeWithin(width: number, height: number, frame: SampledFrame): Box {
  const scale = Math.min(width / frame.width, height / frame.height);
  // Rounding to even sides is no change of shape.
  const fit = (side: number, whole: number) => (whole - side <= MOST_ROUNDING * scale ? whole : side);
  const [inner, outer] = [fit(frame.width * scale, width), fit(frame.height * scale, height)];
  return { left: (width - inner) / 2, top: (height - outer) / 2, width: inner, height: outer };
}

/** Pixels of the frame. */
const MOST_ROUNDING = 4;

function copyRgb(data: Uint8Array, rgba: Uint8ClampedArray): void {
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from]!;
    rgba[to + 1] = data[from + 1]!;
    rgba[to + 2] = data[from + 2]!;
    rgba[to + 3] = 255;
  }
}

function drawBox(
  canvas: Canvas,
  { box, track, prediction }: PredictedFace,
  place: Box,
  frame: SampledFrame,
): void {
  const context = canvas.getContext("2d");
  const [scaleX, scaleY] = [place.width / frame.width, place.height / frame.height];
  const [left, width] = [place.left + box.left * scaleX, box.width * scaleX];
  const [top, height] = [place.top + box.top * scaleY, box.height * scaleY];
  context.strokeStyle = colourOf(track);
  context.lineWidth = Math.max(1.5, canvas.height / 240);
  context.strokeRect(left, top, width, height);
  if (prediction.expression === undefined) return;
  const size = Math.max(11, Math.round(canvas.height / 28));
  const label = { left: left + size / 4, y: top - size / 3, width: 2 * width, size, colour: colourOf(track) };
  fillTextBackground(context, prediction.expression, label);
  drawText(context, prediction.expression, label);
}

const largest = (faces: readonly PredictedFace[]): PredictedFace | undefined =>
  faces.reduce<PredictedFace | undefined>(
    (best, face) => (best === undefined || face.box.height > best.box.height ? face : best),
    undefined,
  );
