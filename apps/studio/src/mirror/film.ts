/** What was seen of a film: one row for each face and frame, with the columns of `duchenne predict`. */
import { type Box, boxOfLandmarks } from "@duchenne/crop";
import type { Prediction } from "@duchenne/predict";
import { csvCell } from "../csv.ts";
import { scaledBox } from "./boxes.ts";
import type { KnownFace } from "./faceFollower.ts";
import type { Sight } from "./watcher.ts";

/** A face of a frame. */
export interface FilmRow {
  readonly frame: number;
  readonly seconds: number;
  readonly track: number;
  readonly box: Box;
  readonly prediction: Prediction;
}

/** Part of a film, seconds. */
export type Range = readonly [from: number, to: number];

/** Frames a second of films whose own rate is not known yet. */
const USUAL_RATE_HZ = 25;
/** Within it people stay about where they are, seconds. */
const NEAR_SECONDS = 0.25;
/** Times of one frame differ by less, seconds. */
const SAME_FRAME = 1e-4;
/** Containers round times to this, on both sides of a step, seconds. */
const ROUNDING = 2e-3;
/** A longer step is a jump, seconds. */
const LONGEST_STEP = 1;
/** Frames that a slow machine leaves out between two it looks at, at most. */
const MOST_LEFT_OUT = 12;
/** Steps that a length is held to, at most. */
const MOST_STEPS = 64;

/** The rows of a film by time; a frame that is seen again replaces what was seen of it before. */
export class FilmRecord {
  readonly #frames = new Map<number, readonly Omit<FilmRow, "frame">[]>();
  readonly #steps = new Set<number>();
  #before: number | undefined;
  #changes = 0;
  #nextId = 0;

  /** Calls of `add` so far. */
  get changes(): number {
    return this.#changes;
  }

  /** Above the numbers of all faces seen so far. */
  get nextId(): number {
    return this.#nextId;
  }

  /**
   * Length of a frame: the longest of which every step from one to the next is a multiple, since a slow machine looks at every
   * few frames only. The shortest step if there is none, as in films of variable rate.
   */
  get frameSeconds(): number {
    if (this.#steps.size === 0) return 1 / USUAL_RATE_HZ;
    const shortest = Math.min(...this.#steps);
    for (let frames = 1; frames <= MOST_LEFT_OUT; frames++) {
      const length = shortest / frames;
      if (length <= 2 * ROUNDING) break;
      if ([...this.#steps].every((step) => Math.abs(step - Math.round(step / length) * length) < ROUNDING))
        return length;
    }
    return shortest;
  }

  add(sight: Sight): void {
    this.#changes++;
    const { faces, seconds } = sight;
    this.#nextId = Math.max(this.#nextId, ...faces.map(({ id }) => id + 1));
    const step = this.#before === undefined ? 0 : seconds - this.#before;
    if (step > SAME_FRAME && step < LONGEST_STEP && this.#steps.size < MOST_STEPS)
      this.#steps.add(Math.round(step / SAME_FRAME) * SAME_FRAME);
    this.#before = seconds;
    this.#frames.set(Math.round(seconds / SAME_FRAME), filmRows(sight, seconds));
  }

  /** Faces of the frame seen nearest to a time; none if that is too far. */
  near(seconds: number): KnownFace[] {
    let nearest: readonly Omit<FilmRow, "frame">[] = [];
    let least = NEAR_SECONDS;
    for (const rows of this.#frames.values()) {
      const distance = Math.abs((rows[0]?.seconds ?? Number.POSITIVE_INFINITY) - seconds);
      if (distance < least) [nearest, least] = [rows, distance];
    }
    return nearest.map(({ track, box }) => ({ id: track, box }));
  }

  /** Rows by time, without those of the ranges left out. */
  rows(leftOut: readonly Range[] = []): FilmRow[] {
    const { frameSeconds } = this;
    return [...this.#frames.values()]
      .flat()
      .filter(({ seconds }) => !leftOut.some(([from, to]) => from <= seconds && seconds <= to))
      .sort((a, b) => a.seconds - b.seconds || a.track - b.track)
      .map((row) => ({ ...row, frame: Math.round(row.seconds / frameSeconds) }));
  }
}

/** The people of a film, by their numbers. */
export const tracksOf = (rows: readonly FilmRow[]): number[] =>
  [...new Set(rows.map(({ track }) => track))].sort((a, b) => a - b);

/** The faces of a frame as rows, without its number. @param seconds its time in the film */
export const filmRows = ({ faces, reduction }: Sight, seconds: number): Omit<FilmRow, "frame">[] =>
  faces.map(({ id, landmarks, prediction }) => ({
    ...{ seconds, track: id, prediction },
    box: scaledBox(boxOfLandmarks(landmarks), reduction),
  }));

/** The table of a film. @param classes of the model   @param hasAffect whether it predicts valence and arousal */
export function filmCsv(
  name: string,
  rows: readonly FilmRow[],
  classes: readonly string[],
  hasAffect: boolean,
): string {
  const head = [
    ...["path", "frame", "time", "track", "left", "top", "width", "height"],
    ...(classes.length > 0 ? ["expression", ...classes.map((one) => `p_${one}`)] : []),
    ...(hasAffect ? ["valence", "arousal"] : []),
  ];
  const lines = rows.map(({ frame, seconds, track, box, prediction }) => {
    const { expression = "", probabilities = {}, valence, arousal } = prediction;
    return [
      ...[name, frame, digits(seconds, 4), track],
      ...[box.left, box.top, box.width, box.height].map((value) => digits(value, 1)),
      ...(classes.length > 0 ? [expression, ...classes.map((one) => digits(probabilities[one], 4))] : []),
      ...(hasAffect ? [digits(valence, 4), digits(arousal, 4)] : []),
    ];
  });
  return [head, ...lines].map((line) => `${line.map((cell) => csvCell(String(cell))).join(",")}\n`).join("");
}

const digits = (value: number | undefined, count: number): number | "" =>
  value === undefined ? "" : Number(value.toFixed(count));
