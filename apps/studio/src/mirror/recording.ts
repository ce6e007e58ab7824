/** A film of what the mirror sees, and the table that belongs to it. */
import { drawMarks } from "./drawFaces.ts";
import { type FilmRow, filmRows } from "./film.ts";
import type { Reading } from "./reading.ts";
import type { Sight } from "./watcher.ts";

/** The first that the browser writes; VP8 leaves a processor the most time for the networks. */
const TYPES = ["video/webm;codecs=vp8", "video/webm", "video/mp4"] as const;
const BITS_PER_SECOND = 6e6;

/** Whether this browser can record. */
export const canRecord = (): boolean =>
  typeof MediaRecorder !== "undefined" && "captureStream" in HTMLCanvasElement.prototype;

/** Records the frames that were looked at, as the camera or the film gave them: not mirrored, without the page around them. */
export class Recording {
  readonly #canvas = document.createElement("canvas");
  readonly #recorder: MediaRecorder;
  readonly #parts: Blob[] = [];
  readonly #hasMarks: boolean;
  readonly #start = performance.now();
  readonly #rows: FilmRow[] = [];
  #frames = 0;

  /** @param first its size is the film's   @param hasMarks whether lines and labels are drawn into the film */
  constructor({ picture }: Sight, hasMarks: boolean) {
    this.#hasMarks = hasMarks;
    this.#canvas.width = picture.width;
    this.#canvas.height = picture.height;
    // A canvas without a context has no stream.
    this.#canvas.getContext("2d");
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.#recorder = new MediaRecorder(this.#canvas.captureStream(), {
      ...(mimeType && { mimeType }),
      videoBitsPerSecond: BITS_PER_SECOND,
    });
    this.#recorder.addEventListener("dataavailable", ({ data }) => this.#parts.push(data));
    this.#recorder.start();
  }

  /** Since it began. */
  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  /** A row for each face and frame. */
  get rows(): readonly FilmRow[] {
    return this.#rows;
  }

  add(sight: Sight, readings: readonly Reading[]): void {
    const context = this.#canvas.getContext("2d")!;
    const { width, height } = this.#canvas;
    context.drawImage(sight.picture, 0, 0, width, height);
    if (this.#hasMarks)
      drawMarks(context, sight, readings, (x, y) => [(x * width) / sight.width, (y * height) / sight.height]);
    const frame = this.#frames++;
    this.#rows.push(...filmRows(sight, this.seconds).map((row) => ({ ...row, frame })));
  }

  /** Ends it. @returns the film, and the ending of its file's name */
  async stop(): Promise<{ film: Blob; extension: "webm" | "mp4" }> {
    const ended = new Promise((resolve) => this.#recorder.addEventListener("stop", resolve, { once: true }));
    this.#recorder.stop();
    await ended;
    const type = this.#recorder.mimeType;
    for (const track of this.#recorder.stream.getTracks()) track.stop();
    return { film: new Blob(this.#parts, { type }), extension: type.includes("mp4") ? "mp4" : "webm" };
  }
}
