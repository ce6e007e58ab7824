/**
 * FFmpeg's demuxer and decoder for one video stream, through node-av's low-level API: its high-level one needs
 * Promise.withResolvers, and without it (Node 20) ends at once with neither frames nor an error.
 */

import {
  AV_DISPOSITION_ATTACHED_PIC,
  AV_FRAME_FLAG_INTERLACED,
  AV_LOG_QUIET,
  AV_PKT_DATA_DISPLAYMATRIX,
  AV_PKT_FLAG_CORRUPT,
  AVDISCARD_ALL,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
} from "node-av/constants";
import {
  type Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  FormatContext,
  Frame,
  Log,
  Packet,
  type Stream,
} from "node-av/lib";
import { MediaError } from "../errors.ts";
import { statesEnd } from "./clock.ts";
import type { DamageLog } from "./damage.ts";
import { Deinterlacer } from "./deinterlacer.ts";
import type { VideoFacts } from "./facts.ts";
import { type Orientation, orientationOf } from "./orientation.ts";
import { requireFile } from "./readable.ts";

/** Decoding larger frames takes long enough to be worth a trip to the thread pool; smaller ones lose by it. */
const MAX_INLINE_PIXELS = 640 * 480;

/** Properties of a video stream. */
export interface VideoProperties {
  /** Seconds per timestamp tick. */
  readonly tickSeconds: number;
  /** Seconds from one frame to the next on average; for streams without timestamps. */
  readonly frameSeconds: number;
  /** As the container states it, seconds; 0 if it does not. */
  readonly durationSeconds: number;
  /** See `ClockSettings`. */
  readonly isDurationTheEnd: boolean;
  /** As the container states it; null if it does not. */
  readonly orientation: Orientation | null;
  /** Width of a pixel over its height. */
  readonly pixelAspect: number;
}

/** Decodes the best video stream of a file. */
export class VideoDecoder implements AsyncDisposable {
  readonly properties: VideoProperties;
  readonly #input: FormatContext;
  readonly #stream: Stream;
  readonly #context: CodecContext;
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  /** From the first interlaced frame on. */
  #deinterlacer: Deinterlacer | null = null;

  /** @throws MediaError if the file cannot be opened as video */
  static async open(path: string, threads: number): Promise<VideoDecoder> {
    await requireFile(path);
    // FFmpeg prints each fault to stderr; ours are counted and reported instead.
    Log.setLevel(AV_LOG_QUIET);
    const input = new FormatContext();
    try {
      await openInput(input, path);
      await probeStreams(input, path);
      const { stream, codec } = pickStream(input, path);
      return new VideoDecoder(input, stream, await openCodec(stream, codec, threads, path));
    } catch (error) {
      await input.closeInput();
      throw error;
    }
  }

  private constructor(input: FormatContext, stream: Stream, context: CodecContext) {
    this.#input = input;
    this.#stream = stream;
    this.#context = context;
    this.properties = propertiesOf(input, stream);
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /**
   * Decoded frames in presentation order, interlaced ones made whole. The same Frame object each time: use it before asking for the next.
   * @param log hears of packets and frames that could not be decoded
   */
  async *frames(log: DamageLog): AsyncGenerator<Frame, void> {
    for (;;) {
      const status = this.#input.readFrameSync(this.#packet);
      if (status < 0 && status !== AVERROR_EOF) log.add(`unreadable data: ${FFmpegError.strerror(status)}`);
      if (status < 0) break;
      try {
        if (this.#packet.streamIndex === this.#stream.index) yield* this.#decode(this.#packet, log);
      } finally {
        this.#packet.unref();
      }
    }
    yield* this.#decode(null, log);
    if (this.#deinterlacer !== null) yield* this.#deinterlacer.flush();
  }

  async *#decode(packet: Packet | null, log: DamageLog): AsyncGenerator<Frame, void> {
    if (packet?.hasFlags(AV_PKT_FLAG_CORRUPT)) log.add("a damaged packet");
    const inline = this.#context.width * this.#context.height <= MAX_INLINE_PIXELS;
    const status = inline ? this.#context.sendPacketSync(packet) : await this.#context.sendPacket(packet);
    // An empty packet says that no frame was coded: the last one stays (Theora, AVI).
    const isFault = status < 0 && status !== AVERROR_EOF && packet?.size !== 0;
    if (isFault) log.add(`undecodable packet: ${FFmpegError.strerror(status)}`);
    while (this.#context.receiveFrameSync(this.#frame) >= 0) {
      // A frame patched up after errors shows a smear where the face is.
      if (this.#frame.decodeErrorFlags !== 0) log.add("a damaged frame");
      else if (this.#deinterlacer === null && !this.#frame.hasFlags(AV_FRAME_FLAG_INTERLACED))
        yield this.#frame;
      else {
        this.#deinterlacer ??= new Deinterlacer();
        yield* this.#deinterlacer.push(this.#frame);
      }
      this.#frame.unref();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#deinterlacer?.[Symbol.dispose]();
    this.#packet.free();
    this.#frame.free();
    this.#context.freeContext();
    await this.#input.closeInput();
  }
}

/** See `videoFacts`. */
export async function factsInProcess(path: string): Promise<VideoFacts> {
  const decoder = await VideoDecoder.open(path, 1);
  const { frameSeconds, durationSeconds } = decoder.properties;
  await decoder[Symbol.asyncDispose]();
  return { frameRateHz: 1 / frameSeconds, durationSeconds };
}

/** @throws MediaError if FFmpeg does not know the container */
export async function openInput(input: FormatContext, path: string): Promise<void> {
  // The scheme keeps names with a colon from being taken for a protocol, the list keeps playlists from fetching URLs.
  const options = Dictionary.fromObject({ protocol_whitelist: "file" });
  const opened = await input.openInput(`file:${path}`, null, options);
  options.free();
  if (opened < 0) throw new MediaError(path, "media that FFmpeg reads", FFmpegError.strerror(opened));
}

async function probeStreams(input: FormatContext, path: string): Promise<void> {
  const probed = await input.findStreamInfo(null);
  if (probed < 0) throw new MediaError(path, "media that FFmpeg reads", FFmpegError.strerror(probed));
}

function pickStream(input: FormatContext, path: string): { stream: Stream; codec: Codec } {
  const { streamIndex, decoder } = input.findBestStream(AVMEDIA_TYPE_VIDEO, -1, -1, true);
  const streams = input.streams;
  const stream = streams[streamIndex];
  if (stream === undefined || stream.hasDisposition(AV_DISPOSITION_ATTACHED_PIC)) {
    const audio = streams.some((one) => one.codecpar.codecType === AVMEDIA_TYPE_AUDIO);
    throw new MediaError(path, "a video stream", audio ? "audio only" : "neither video nor audio");
  }
  if (decoder === null)
    throw new MediaError(path, "a video codec with a decoder", stream.codecpar.codecTagString ?? "?");
  for (const other of streams) if (other.index !== streamIndex) other.discard = AVDISCARD_ALL;
  return { stream, codec: decoder };
}

export async function openCodec(
  stream: Stream,
  codec: Codec,
  threads: number,
  path: string,
): Promise<CodecContext> {
  const context = new CodecContext();
  context.allocContext3(codec);
  context.parametersToContext(stream.codecpar);
  context.pktTimebase = stream.timeBase;
  context.threadCount = threads;
  const status = await context.open2(codec);
  if (status >= 0) return context;
  context.freeContext();
  throw new MediaError(path, `a stream that ${codec.name} decodes`, FFmpegError.strerror(status));
}

function propertiesOf(input: FormatContext, stream: Stream): VideoProperties {
  const ratio = ({ num, den }: { num: number; den: number }, otherwise: number) =>
    num > 0 && den > 0 ? num / den : otherwise;
  const tickSeconds = ratio(stream.timeBase, 1e-3);
  const matrix = stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  const streamSeconds = stream.duration > 0n ? Number(stream.duration) * tickSeconds : 0;
  const containerSeconds = input.duration > 0n ? Number(input.duration) / 1e6 : 0;
  return {
    tickSeconds,
    frameSeconds: 1 / ratio(stream.avgFrameRate, ratio(stream.rFrameRate, 25)),
    durationSeconds: streamSeconds || containerSeconds,
    isDurationTheEnd: statesEnd(input.iformat?.name),
    orientation: matrix === null ? null : orientationOf(matrix),
    pixelAspect: ratio(stream.sampleAspectRatio, ratio(stream.codecpar.sampleAspectRatio, 1)),
  };
}
