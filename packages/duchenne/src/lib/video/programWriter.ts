/** H.264 in MP4 by the system's ffmpeg. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ffmpegProgram, missingFfmpeg, passthrough } from "@duchenne/face";
import { ExplainedError } from "../errors.ts";
import { type FilmWriter, frameRateOf, PRESET, unfinishedOf, type VideoOptions } from "./film.ts";
import { matroskaFrame, matroskaHead, TICKS_PER_SECOND } from "./matroska.ts";
import type { Yuv420 } from "./yuv.ts";

/** Frames are encoded when they take so much memory, and at the end. */
const PART_BYTES = 64 * 2 ** 20;

/** A film that cannot be encoded or written. */
export class FilmError extends ExplainedError {
  override readonly name = "FilmError";
}

/** Part of the film that is encoded. */
interface Part {
  readonly file: string;
  readonly tick: number;
}

/** Writes a film in parts, each of them encoded by one run of ffmpeg, and joins them at the end. */
export class ProgramWriter implements FilmWriter {
  readonly #path: string;
  readonly #options: VideoOptions;
  /** Positions in a second. */
  readonly #rate: { readonly num: number; readonly den: number };
  readonly #frameTicks: number;
  readonly #parts: Part[] = [];
  #folder: string | undefined;
  #frames: { data: Uint8ClampedArray; tick: number }[] = [];
  #written = 0;
  #next = 0;

  constructor(path: string, options: VideoOptions) {
    this.#path = resolve(path);
    this.#options = options;
    const frameRate = frameRateOf(options.frameRateHz);
    this.#rate = options.ticksPerSecond === undefined ? frameRate : { num: options.ticksPerSecond, den: 1 };
    this.#frameTicks = Math.max(1, Math.round((options.ticksPerSecond ?? 0) / options.frameRateHz));
  }

  write({ data }: Yuv420, position = this.#next): void {
    const { num, den } = this.#rate;
    this.#frames.push({ data: data.slice(), tick: Math.round((position * den * TICKS_PER_SECOND) / num) });
    this.#next = position + this.#frameTicks;
    this.#written += 1;
    if (this.#frames.length * data.length >= PART_BYTES) this.#encodePart();
  }

  /** Keeps the parts beside the film, on the same disk. */
  #part(name: string): string {
    this.#folder ??= mkdtempSync(join(dirname(this.#path), ".film-"));
    return join(this.#folder, name);
  }

  #encodePart(): void {
    const tick = this.#frames[0]!.tick;
    const file = this.#part(`${this.#parts.length}.mkv`);
    // Without frames that refer to later ones, parts can be put one after the other.
    this.#encode(tick, [...this.#encoding(), "-bf", "0", "-f", "matroska", file]);
    this.#parts.push({ file, tick });
  }

  /** The settings of `InProcessWriter`. */
  #encoding(): string[] {
    const { frameRateHz, crf } = this.#options;
    const { num, den } = frameRateOf(frameRateHz);
    const ticks = this.#options.ticksPerSecond === undefined ? `${den}:${num}` : `1:${this.#rate.num}`;
    return [
      ...["-c:v", "libx264", "-preset", PRESET, "-crf", `${crf}`, "-g", `${Math.ceil((2 * num) / den)}`],
      ...["-threads", "1", "-flags", "+bitexact", "-fflags", "+bitexact", "-pix_fmt", "yuv420p"],
      ...["-color_range", "tv", "-colorspace", "smpte170m", ...passthrough(), "-enc_time_base", ticks],
    ];
  }

  #encode(first: number, output: readonly string[]): void {
    const { width, height, frameRateHz } = this.#options;
    const frames = this.#frames.map(({ data, tick }) => matroskaFrame(data, tick - first));
    this.#frames = [];
    this.#run(
      ["-f", "matroska", "-i", "pipe:0", ...output],
      Buffer.concat([matroskaHead(width, height, 1 / frameRateHz), ...frames]),
    );
  }

  #run(args: readonly string[], input?: Buffer): void {
    const { status, error, stderr } = spawnSync(ffmpegProgram(), ["-v", "error", "-nostats", "-y", ...args], {
      ...(input ? { input } : { stdio: ["ignore", "pipe", "pipe"] }),
      encoding: "utf8",
    });
    if (error && (error as NodeJS.ErrnoException).code === "ENOENT") throw missingFfmpeg(error);
    if (status === 0) return;
    const reason = stderr?.trim().split("\n").at(-1) || error?.message || `exit status ${status}`;
    const remedy = /libx264|Unknown encoder/.test(reason)
      ? "Install an ffmpeg with libx264, or npm install node-av."
      : "Check the folder and the space on its disk.";
    throw new FilmError(this.#path, "a film that ffmpeg writes", reason, remedy);
  }

  finish(): number {
    const unfinished = unfinishedOf(this.#path);
    const container = [
      "-movflags",
      "+faststart",
      "-video_track_timescale",
      `${this.#timescale()}`,
      "-f",
      "mp4",
      unfinished,
    ];
    if (this.#parts.length === 0) this.#encode(0, [...this.#encoding(), ...container]);
    else {
      if (this.#frames.length > 0) this.#encodePart();
      this.#join(container);
    }
    this.#removeParts();
    renameSync(unfinished, this.#path);
    return this.#written;
  }

  /** MP4's ticks: those of the positions, or finer if they are whole frames. */
  #timescale(): number {
    const { num } = this.#rate;
    return this.#options.ticksPerSecond ?? (num < 10_000 ? num * 512 : num);
  }

  #join(container: readonly string[]): void {
    const lines = this.#parts.flatMap(({ file, tick }, i) => {
      const next = this.#parts[i + 1]?.tick;
      const lasts = next === undefined ? [] : [`duration ${(next - tick) / TICKS_PER_SECOND}`];
      return [`file '${file.replaceAll("'", "'\\''")}'`, ...lasts];
    });
    const list = this.#part("parts.txt");
    writeFileSync(list, `${lines.join("\n")}\n`);
    this.#run(["-f", "concat", "-safe", "0", "-i", list, "-c", "copy", "-fflags", "+bitexact", ...container]);
  }

  abandon(): void {
    this.#removeParts();
    this.#frames = [];
    rmSync(unfinishedOf(this.#path), { force: true });
  }

  #removeParts(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}
