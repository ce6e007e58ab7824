/**
 * H.264 in MP4 through FFmpeg's own interface (node-av's low-level classes; its high-level ones need
 * Promise.withResolvers and end at once, without frames or error, on Node 20).
 */
import { renameSync, rmSync } from "node:fs";
import {
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_ERROR,
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_FLOAT,
  AV_OPT_TYPE_STRING,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVFMT_FLAG_BITEXACT,
  FF_ENCODER_LIBX264,
} from "node-av/constants";
import {
  Codec,
  CodecContext,
  FFmpegError,
  FormatContext,
  Frame,
  Log,
  Packet,
  Rational,
  type Stream,
} from "node-av/lib";
import { type FilmWriter, frameRateOf, PRESET, unfinishedOf, type VideoOptions } from "./film.ts";
import type { Yuv420 } from "./yuv.ts";

/** Writes one film: to a sibling first, under its own name only once it is whole. */
export class InProcessWriter implements FilmWriter {
  readonly #path: string;
  readonly #encoder = new CodecContext();
  readonly #format = new FormatContext();
  readonly #frame = new Frame();
  readonly #packet = new Packet();
  readonly #stream: Stream;
  readonly #frameRate: Rational;
  /** From one frame to the next, nominally. */
  readonly #frameTicks: number;
  #frames = 0;
  #next = 0;
  #isOpen = true;

  /** @throws FFmpegError if the file or the encoder cannot be opened */
  constructor(path: string, options: VideoOptions) {
    this.#path = path;
    Log.setLevel(AV_LOG_ERROR);
    const { num, den } = frameRateOf(options.frameRateHz);
    this.#frameRate = new Rational(num, den);
    this.#frameTicks = Math.max(1, Math.round((options.ticksPerSecond ?? 0) / options.frameRateHz));
    this.#openEncoder(options);
    check(this.#format.allocOutputContext2(null, "mp4", this.#unfinished), "open container");
    this.#format.setFlags(AVFMT_FLAG_BITEXACT);
    this.#stream = this.#format.newStream(null);
    check(this.#stream.codecpar.fromContext(this.#encoder), "copy encoder parameters");
    this.#stream.timeBase = this.#encoder.timeBase;
    check(this.#format.openOutputSync(), this.#unfinished);
    check(this.#format.writeHeaderSync(), "write header");
    this.#packet.alloc();
    this.#allocateFrame(options);
  }

  get #unfinished(): string {
    return unfinishedOf(this.#path);
  }

  #openEncoder({ width, height, crf, ticksPerSecond }: VideoOptions): void {
    const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
    const encoder = this.#encoder;
    encoder.allocContext3(codec);
    encoder.width = width;
    encoder.height = height;
    encoder.pixelFormat = AV_PIX_FMT_YUV420P;
    encoder.colorRange = AVCOL_RANGE_MPEG;
    encoder.colorSpace = AVCOL_SPC_SMPTE170M;
    encoder.timeBase =
      ticksPerSecond === undefined
        ? new Rational(this.#frameRate.den, this.#frameRate.num)
        : new Rational(1, ticksPerSecond);
    encoder.framerate = this.#frameRate;
    encoder.gopSize = Math.ceil((2 * this.#frameRate.num) / this.#frameRate.den);
    // One thread and no version string: the same frames give the same bytes.
    encoder.threadCount = 1;
    encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER, AV_CODEC_FLAG_BITEXACT);
    // Options are set one by one: a Dictionary given to open2Sync is freed twice (node-av 6.1), a crash at exit.
    check(encoder.setOption("preset", PRESET, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN), "set preset");
    check(encoder.setOption("crf", crf, AV_OPT_TYPE_FLOAT, AV_OPT_SEARCH_CHILDREN), "set crf");
    check(encoder.open2Sync(codec), "open libx264");
  }

  #allocateFrame({ width, height }: VideoOptions): void {
    const frame = this.#frame;
    frame.alloc();
    frame.format = AV_PIX_FMT_YUV420P;
    frame.width = width;
    frame.height = height;
    check(frame.getBuffer(), "allocate frame");
  }

  /** Appends a frame. @param position in frames, or ticks, from the start, rising; by default the next */
  write({ data }: Yuv420, position = this.#next): void {
    check(this.#frame.makeWritable(), "reuse frame");
    check(this.#frame.fromBuffer(Buffer.from(data.buffer, data.byteOffset, data.byteLength)), "fill frame");
    this.#frame.pts = BigInt(position);
    this.#next = position + this.#frameTicks;
    this.#frames += 1;
    check(this.#encoder.sendFrameSync(this.#frame), "encode");
    this.#drain();
  }

  #drain(): void {
    for (;;) {
      const code = this.#encoder.receivePacketSync(this.#packet);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return;
      check(code, "encode");
      this.#packet.streamIndex = this.#stream.index;
      this.#packet.duration = BigInt(this.#frameTicks);
      this.#packet.rescaleTs(this.#encoder.timeBase, this.#stream.timeBase);
      check(this.#format.interleavedWriteFrameSync(this.#packet), `write ${this.#unfinished}`);
    }
  }

  /** Finishes the film and gives it its name. @returns frames written */
  finish(): number {
    check(this.#encoder.sendFrameSync(null), "flush");
    this.#drain();
    check(this.#format.writeTrailerSync(), `write ${this.#unfinished}`);
    this.#release();
    renameSync(this.#unfinished, this.#path);
    return this.#frames;
  }

  /** Gives up: nothing remains on disk. Also after a `finish` that failed; a finished film stays. */
  abandon(): void {
    this.#release();
    rmSync(this.#unfinished, { force: true });
  }

  #release(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#format.closeOutputSync();
    this.#format.freeContext();
    this.#encoder.freeContext();
    this.#frame.free();
    this.#packet.free();
  }
}

function check(code: number, doing: string): void {
  FFmpegError.throwIfError(code, doing);
}
