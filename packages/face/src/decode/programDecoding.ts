/** One run of ffmpeg over a video: its frames, as they come. */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { MediaError } from "../errors.ts";
import { ffmpegProgram, missingFfmpeg, passthrough } from "./program.ts";
import { filtersFor } from "./programFilters.ts";
import { FrameLog, type LogEvent } from "./programLog.ts";
import { inputOf, type ProbedVideo } from "./programProbe.ts";

/** A line of the log, with the pixels of the frame that it announces. */
export type DecodingEvent = LogEvent & { readonly data?: Uint8Array };

/** Options of a run. */
export interface DecodingOptions {
  readonly fps: number | "all";
  readonly threads: number;
  readonly maxSide: number;
}

/** Starts ffmpeg; its input is closed, its output and messages are pipes. */
const start = (args: readonly string[]) =>
  spawn(ffmpegProgram(), args, { stdio: ["ignore", "pipe", "pipe"] });

/** Lines of ffmpeg's own, for the error if it gives up. */
const KEPT_LINES = 3;

/**
 * Runs ffmpeg, and gives what it prints of each frame, in order; a "written" event has the frame's RGB pixels. Ends the process if
 * the caller stops early.
 * @throws MediaError if ffmpeg fails without having decoded a frame
 */
export async function* decode(
  path: string,
  video: ProbedVideo,
  { fps, threads, maxSide }: DecodingOptions,
): AsyncGenerator<DecodingEvent, void> {
  const ffmpeg = start([
    ...["-hide_banner", "-nostdin", "-nostats", "-v", "info", "-debug_ts", "-copyts", "-noautorotate"],
    ...["-threads", `${threads}`, ...inputOf(path), "-map", `0:${video.stream}`],
    ...[
      ...passthrough(),
      "-filter_threads",
      "1",
      "-vf",
      filtersFor(video, fps, maxSide),
      "-f",
      "rawvideo",
      "pipe:1",
    ],
  ]);
  const ended = new Promise<number | null>((resolve, reject) => {
    ffmpeg.once("error", (error) => reject(missingFfmpeg(error)));
    ffmpeg.once("close", resolve);
  });
  // Handled below; a rejection meanwhile must not end the process.
  ended.catch(() => undefined);
  const pixels = new ByteReader(ffmpeg.stdout);
  const log = new FrameLog();
  const last: string[] = [];
  let frames = 0;
  try {
    for await (const line of createInterface({ input: ffmpeg.stderr, crlfDelay: Number.POSITIVE_INFINITY })) {
      const event = log.read(line);
      if (event === null) keep(last, line);
      else if (event.kind !== "written") yield event;
      else {
        const data = await pixels.read(3 * event.width * event.height);
        if (data === null) break;
        frames += 1;
        yield { ...event, data };
      }
    }
    const status = await ended;
    if (status !== 0 && frames === 0)
      throw new MediaError(path, "a video that FFmpeg decodes", last.join("; ") || `exit status ${status}`);
  } finally {
    ffmpeg.kill("SIGKILL");
    ffmpeg.stdout.destroy();
    ffmpeg.stderr.destroy();
  }
}

function keep(last: string[], line: string): void {
  if (/^\s|->|^\[showinfo|^(Input|Output|Stream mapping|Press)/.test(line) || line === "") return;
  last.push(line);
  if (last.length > KEPT_LINES) last.shift();
}

/** Takes bytes off a stream by the number; the rest waits in the pipe. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** @returns an array of its own; null if the stream ends before */
  async read(length: number): Promise<Uint8Array | null> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (this.#rest.length === 0) {
        const { value, done } = await this.#chunks.next();
        if (done) return null;
        this.#rest = value;
      }
      const part = this.#rest.subarray(0, length - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return bytes;
  }
}
