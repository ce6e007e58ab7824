/** H.264 in MP4, by FFmpeg in the process (node-av) if it is loaded, else by the system's program. */
import { isProgramAsked } from "@duchenne/face";
import type { FilmWriter, VideoOptions } from "./film.ts";
import type { InProcessWriter } from "./inProcessWriter.ts";
import { ProgramWriter } from "./programWriter.ts";
import type { Yuv420 } from "./yuv.ts";

let inProcess: typeof InProcessWriter | undefined;

/** Loads node-av if it is installed and no program is asked for; films that are written afterwards use it. */
export async function loadVideoWriter(): Promise<void> {
  if (isProgramAsked()) return;
  try {
    inProcess = (await import("./inProcessWriter.ts")).InProcessWriter;
  } catch {
    // Not installed, or not for this platform: the program writes.
  }
}

/** Writes one film: under its own name only once it is whole. */
export class VideoWriter implements FilmWriter {
  readonly #writer: FilmWriter;

  /** @throws Error if the file or the encoder cannot be opened */
  constructor(path: string, options: VideoOptions) {
    this.#writer = inProcess ? new inProcess(path, options) : new ProgramWriter(path, options);
  }

  /** Appends a frame. @param position in frames, or ticks, from the start, rising; by default the next */
  write(frame: Yuv420, position?: number): void {
    this.#writer.write(frame, position);
  }

  /** Finishes the film and gives it its name. @returns frames written */
  finish(): number {
    return this.#writer.finish();
  }

  /** Gives up: nothing remains on disk. Also after a `finish` that failed; a finished film stays. */
  abandon(): void {
    this.#writer.abandon();
  }
}
