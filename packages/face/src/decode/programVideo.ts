/** Sampled frames of a video by the system's ffmpeg, a process of its own, where node-av is not installed. */

import { MediaError } from "../errors.ts";
import type { RgbImage, SampledFrame } from "../types.ts";
import { FrameClock } from "./clock.ts";
import { DamageLog } from "./damage.ts";
import type { VideoFacts } from "./facts.ts";
import { type Sampler, samplerFor } from "./grid.ts";
import type { FrameStream, ResolvedDecodeOptions } from "./options.ts";
import { applyOrientation, type Orientation, turned, UPRIGHT } from "./orientation.ts";
import { type DecodingEvent, decode } from "./programDecoding.ts";
import { type ProbedVideo, probeVideo } from "./programProbe.ts";

/** See `VideoFacts`. @throws MediaError if the file cannot be opened as video */
export async function videoFactsByProgram(path: string): Promise<VideoFacts> {
  const { frameSeconds, durationSeconds } = await probeVideo(path);
  return { frameRateHz: 1 / frameSeconds, durationSeconds };
}

/**
 * The same frames and times as `readVideo` gives: all of them, or one per cell of the sampling grid, upright and with square pixels.
 * @throws MediaError if nothing can be read, or at the first damage with `strict`
 */
export async function* readVideoByProgram(path: string, options: ResolvedDecodeOptions): FrameStream {
  options.signal?.throwIfAborted();
  const log = new DamageLog(path, "an undamaged video", options.strict);
  const video = await probeVideo(path);
  // ffmpeg counts damaged frames among those that it samples. A film that has any is decoded again, all of it, and sampled here.
  let yielded = 0;
  for (const isFiltered of options.fps === "all" ? [false] : [true, false]) {
    const reading = new Reading(path, video, options);
    const skip = yielded;
    const pass = reading.frames(isFiltered, isFiltered ? undefined : log);
    let number = 0;
    for await (const frame of pass) {
      if (number++ < skip) continue;
      yielded += 1;
      yield frame;
    }
    if (isFiltered && reading.isIncomplete) continue;
    if (yielded === 0)
      throw new MediaError(path, "at least one decodable frame", log.damage?.message ?? "none");
    reading.clock.reportShortfall(log);
    break;
  }
  return log.damage;
}

/** One pass over a video. */
class Reading {
  readonly clock: FrameClock;
  /** Whether frames are missing that another pass may give. */
  isIncomplete = false;
  readonly #path: string;
  readonly #video: ProbedVideo;
  readonly #options: ResolvedDecodeOptions;
  #orientation: Orientation;

  constructor(path: string, video: ProbedVideo, options: ResolvedDecodeOptions) {
    this.clock = new FrameClock(video);
    this.#path = path;
    this.#video = video;
    this.#options = options;
    this.#orientation = video.orientation ?? UPRIGHT;
  }

  /** @param isFiltered ffmpeg samples; the pass ends at the first damage   @param log of damage, for a pass that goes on */
  async *frames(isFiltered: boolean, log: DamageLog | undefined): AsyncGenerator<SampledFrame, void> {
    const { fps, threads, maxSide, signal } = this.#options;
    const grid = samplerFor(fps, this.#video.tickSeconds);
    const settings = { fps: isFiltered ? fps : "all", threads, maxSide } as const;
    const wanted: Place[] = [];
    for await (const event of decode(this.#path, this.#video, settings)) {
      signal?.throwIfAborted();
      if (this.#notes(event, log)) return;
      if (event.kind === "frame" && !event.isCorrupt) {
        const place = this.#place(event, grid);
        if (place !== null) wanted.push(place);
      } else if (event.kind === "turned") {
        this.#turn(event.quarters);
      } else if (event.kind === "written") {
        const i = wanted.findIndex(({ stampSeconds }) => stampSeconds === event.stampSeconds);
        // ffmpeg starts its filters anew where a stream changes, and its sampling with them.
        if (isFiltered && i > 0) break;
        if (i >= 0) yield { ...this.#image(event), ...wanted.splice(0, i + 1).at(-1)!.sample };
      }
    }
    this.isIncomplete ||= wanted.length > 0;
  }

  /** @returns true if the pass is to end here */
  #notes(event: DecodingEvent, log: DamageLog | undefined): boolean {
    const message =
      event.kind === "damage"
        ? event.message
        : event.kind === "frame" && event.isCorrupt
          ? "a damaged frame"
          : null;
    if (message === null) return false;
    this.isIncomplete = true;
    log?.add(message);
    return log === undefined;
  }

  #place({ stampSeconds, longerSide }: Decoded, grid: Sampler): Place | null {
    const timeSeconds = this.clock.read(this.#video.hasTimes ? stampSeconds : null);
    const index = grid.take(timeSeconds);
    const reduction = Math.max(1, longerSide / this.#options.maxSide);
    return index === null ? null : { stampSeconds, sample: { timeSeconds, index, reduction } };
  }

  #image({ width, height, data }: Written): RgbImage {
    return applyOrientation({ width, height, data: data! }, this.#orientation);
  }

  /** What the first frame states is known in full; a frame that states the same turn says nothing new. */
  #turn(quarters: number): void {
    const { orientation, isOrientationOfFile } = this.#video;
    if (isOrientationOfFile) return;
    const isFirst = orientation !== null && quartersOf(orientation) === (quarters & 3);
    this.#orientation = isFirst ? orientation : turned(quarters);
  }
}

type Decoded = DecodingEvent & { kind: "frame" };
type Written = DecodingEvent & { kind: "written" };

/** A frame that is wanted, and on its way. */
interface Place {
  readonly stampSeconds: number | null;
  readonly sample: Omit<SampledFrame, keyof RgbImage>;
}

/** Anticlockwise, as ffmpeg reads them off a matrix, whether it mirrors or not. */
const quartersOf = ({ a, b }: Orientation): number => Math.round((-2 * Math.atan2(b, a)) / Math.PI) & 3;
