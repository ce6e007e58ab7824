/** Media made for the tests: drawn faces, and videos encoded in process. */

import { createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_FLAG_INTERLACED_DCT,
  AV_CODEC_FLAG_INTERLACED_ME,
  AV_FRAME_FLAG_INTERLACED,
  AV_FRAME_FLAG_TOP_FIELD_FIRST,
  AV_LOG_FATAL,
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_FLOAT,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PKT_DATA_DISPLAYMATRIX,
  type AVPixelFormat,
} from "node-av/constants";
import {
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  FormatContext,
  Frame,
  Log,
  Packet,
  Rational,
  SoftwareScaleContext,
} from "node-av/lib";
import type { Box, RgbImage } from "../src/types.ts";

export interface DrawnFace {
  /** Centre and half height of the head in pixels. */
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** An image with faces that dlib's detector takes for faces: shaded heads with brows, eyes, nose and mouth. */
export function drawFaces(
  width: number,
  height: number,
  faces: readonly DrawnFace[],
  background = "#6f7f8f",
): RgbImage {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  for (const face of faces) drawFace(context, face);
  return withoutAlpha(context.getImageData(0, 0, width, height).data, width, height);
}

/** Where the landmarks of a drawn face lie, from brows to chin. */
export function featuresOf({ x, y, radius }: DrawnFace): Box {
  return { left: x - 0.75 * radius, top: y - 0.5 * radius, width: 1.5 * radius, height: 1.5 * radius };
}

function drawFace(context: SKRSContext2D, { x, y, radius }: DrawnFace): void {
  context.save();
  context.translate(x, y);
  context.scale(radius / 100, radius / 100);
  const skin = context.createRadialGradient(-20, -20, 10, 0, 0, 110);
  skin.addColorStop(0, "#f2c9a8");
  skin.addColorStop(0.7, "#d9a682");
  skin.addColorStop(1, "#a87352");
  ellipse(context, 0, -25, 88, 95, "#2b1d14");
  ellipse(context, 0, 0, 75, 98, skin);
  for (const side of [-1, 1]) {
    ellipse(context, 30 * side, -22, 18, 10, "rgba(90,50,30,0.55)");
    ellipse(context, 30 * side, -20, 14, 6.5, "#f7f3ee");
    ellipse(context, 30 * side, -20, 6, 6, "#3a2616");
    ellipse(context, 30 * side, -40, 20, 4, "#2b1d14");
    ellipse(context, 8 * side, 24, 6, 4, "rgba(90,40,25,0.6)");
  }
  ellipse(context, 0, 5, 7, 26, "rgba(255,225,200,0.45)");
  ellipse(context, 0, 26, 16, 8, "rgba(150,90,65,0.5)");
  ellipse(context, 0, 52, 28, 9, "#9c4a44");
  ellipse(context, 0, 51, 24, 2, "#5a2320");
  ellipse(context, 0, 72, 20, 5, "rgba(120,70,50,0.35)");
  context.restore();
}

function ellipse(
  context: SKRSContext2D,
  x: number,
  y: number,
  radiusX: number,
  radiusY: number,
  fill: SKRSContext2D["fillStyle"],
): void {
  context.fillStyle = fill;
  context.beginPath();
  context.ellipse(x, y, radiusX, radiusY, 0, 0, 2 * Math.PI);
  context.fill();
}

function withoutAlpha(rgba: Uint8ClampedArray, width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set(rgba.subarray(4 * i, 4 * i + 3), 3 * i);
  return { width, height, data };
}

/** A plain image of one colour. */
export function plain(width: number, height: number, [r, g, b]: readonly [number, number, number]): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.set([r, g, b], i);
  return { width, height, data };
}

/** Left half red, right half blue, with a green stripe on top. */
export function flag(width: number, height: number): RgbImage {
  const image = plain(width, height, [0, 0, 0]);
  for (let i = 0; i < width * height; i++) {
    const x = i % width;
    const colour = i < (width * height) / 4 ? [0, 200, 0] : x < width / 2 ? [200, 0, 0] : [0, 0, 200];
    image.data.set(colour, 3 * i);
  }
  return image;
}

export interface VideoOptions {
  /** Name of an FFmpeg encoder. Default libx264. */
  readonly encoder?: string;
  readonly pixelFormat?: AVPixelFormat;
  /** Nominal, Hz; default 25. DV knows 25 and 30000/1001 alone. */
  readonly frameRate?: number;
  /** Milliseconds of each frame; default 40 apart. */
  readonly timesMs?: (frame: number) => number;
  /** Encode pairs of images as the fields of one frame, lines 0, 2, 4, ... of the first and 1, 3, 5, ... of the second. */
  readonly interlaced?: boolean;
  /** FFmpeg's display matrix, nine int32. */
  readonly displayMatrix?: readonly number[];
  readonly pixelAspect?: { readonly num: number; readonly den: number };
  /** MP4 with its index before the frames, so that a file that is cut off can be read. */
  readonly indexFirst?: boolean;
}

/** Encodes images as a video; the container follows from the name. */
export async function writeVideo(
  path: string,
  images: Iterable<RgbImage>,
  options: VideoOptions = {},
): Promise<void> {
  Log.setLevel(AV_LOG_FATAL);
  const format = options.pixelFormat ?? AV_PIX_FMT_YUV420P;
  const codec = Codec.findEncoderByName((options.encoder ?? "libx264") as never)!;
  const output = new FormatContext();
  succeed(output.allocOutputContext2(null, null, path));
  let encoder: CodecContext | undefined;
  let number = 0;
  const stream = output.newStream(codec);
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  for (const image of options.interlaced ? weave([...images]) : images) {
    if (encoder === undefined) {
      encoder = await openEncoder(codec, image, format, options, !/\.(h264|hevc)$/.test(path));
      stream.codecpar.fromContext(encoder);
      stream.timeBase = encoder.timeBase;
      stream.sampleAspectRatio = encoder.sampleAspectRatio;
      if (options.displayMatrix) {
        stream.codecpar.addCodedSideData(
          AV_PKT_DATA_DISPLAYMATRIX,
          Buffer.from(Int32Array.from(options.displayMatrix).buffer),
        );
      }
      succeed(await output.openOutput());
      const muxing = Dictionary.fromObject(options.indexFirst ? { movflags: "faststart" } : {});
      succeed(await output.writeHeader(muxing));
      muxing.free();
    }
    const frame = encoderFrame(image, format, scaler);
    const timeMs = options.timesMs ?? ((i: number) => 40 * i);
    const { num, den } = encoder.timeBase;
    frame.pts = BigInt(Math.round((timeMs(number) * den) / num / 1000));
    if (options.interlaced) frame.setFlags(AV_FRAME_FLAG_INTERLACED, AV_FRAME_FLAG_TOP_FIELD_FIRST);
    number += 1;
    succeed(encoder.sendFrameSync(frame));
    frame.free();
    await drain(encoder, output, stream);
  }
  succeed(encoder!.sendFrameSync(null));
  await drain(encoder!, output, stream);
  succeed(await output.writeTrailer());
  await output.closeOutput();
  encoder!.freeContext();
  scaler.freeContext();
}

/** Two images in one, line by line in turn. */
export function weave(images: readonly RgbImage[]): RgbImage[] {
  const frames: RgbImage[] = [];
  for (let i = 0; i + 1 < images.length; i += 2) {
    const [top, bottom] = [images[i]!, images[i + 1]!];
    const data = Uint8Array.from(top.data);
    const row = 3 * top.width;
    for (let y = 1; y < top.height; y += 2) data.set(bottom.data.subarray(y * row, (y + 1) * row), y * row);
    frames.push({ ...top, data });
  }
  return frames;
}

async function openEncoder(
  codec: Codec,
  image: RgbImage,
  format: AVPixelFormat,
  options: VideoOptions,
  globalHeader: boolean,
) {
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = image.width;
  encoder.height = image.height;
  encoder.pixelFormat = format;
  const rate = options.frameRate ?? 25;
  encoder.framerate = Number.isInteger(rate) ? new Rational(rate, 1) : new Rational(30_000, 1001);
  // MPEG-2 counts in frames.
  const { num, den } = encoder.framerate;
  encoder.timeBase = codec.name === "mpeg2video" ? new Rational(den, num) : new Rational(1, 1000);
  encoder.threadCount = 1;
  encoder.gopSize = 25;
  // With them libx265 gives a film of one frame a decoding time from memory that nobody set.
  if (codec.name === "libx265") {
    encoder.maxBFrames = 0;
    succeed(encoder.setOption("crf", 12, AV_OPT_TYPE_FLOAT, AV_OPT_SEARCH_CHILDREN));
  }
  if (options.pixelAspect)
    encoder.sampleAspectRatio = new Rational(options.pixelAspect.num, options.pixelAspect.den);
  if (options.interlaced) encoder.setFlags(AV_CODEC_FLAG_INTERLACED_DCT, AV_CODEC_FLAG_INTERLACED_ME);
  if (globalHeader) encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  succeed(await encoder.open2(codec));
  return encoder;
}

function encoderFrame(image: RgbImage, format: AVPixelFormat, scaler: SoftwareScaleContext): Frame {
  const source = Frame.fromVideoBuffer(Buffer.from(image.data), {
    width: image.width,
    height: image.height,
    format: AV_PIX_FMT_RGB24,
  });
  const target = new Frame();
  target.alloc();
  target.format = format;
  target.width = image.width;
  target.height = image.height;
  succeed(target.getBuffer());
  succeed(scaler.scaleFrameSync(target, source));
  source.free();
  return target;
}

async function drain(
  encoder: CodecContext,
  output: FormatContext,
  stream: ReturnType<FormatContext["newStream"]>,
) {
  const packet = new Packet();
  packet.alloc();
  while (encoder.receivePacketSync(packet) >= 0) {
    packet.streamIndex = stream.index;
    // Without a duration MP4 gives the last frame no time on screen, and readers leave it out.
    packet.duration = BigInt(Math.max(1, Math.round((0.04 * encoder.timeBase.den) / encoder.timeBase.num)));
    packet.rescaleTs(encoder.timeBase, stream.timeBase);
    succeed(await output.interleavedWriteFrame(packet));
  }
  packet.free();
}

function succeed(status: number): void {
  FFmpegError.throwIfError(status);
}
