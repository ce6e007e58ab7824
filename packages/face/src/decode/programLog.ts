/** What ffmpeg prints while it decodes, line by line: a time for each frame, the size of each that is written, and damage. */

import { AFTER, BEFORE } from "./programFilters.ts";

/** A line that says something. */
export type LogEvent =
  | {
      readonly kind: "frame";
      readonly stampSeconds: number | null;
      /** Of the frame with square pixels, before it is turned. */
      readonly longerSide: number;
      readonly isCorrupt: boolean;
    }
  | {
      readonly kind: "written";
      readonly stampSeconds: number | null;
      readonly width: number;
      readonly height: number;
    }
  /** The frame last seen states an orientation; ffmpeg's log does not state whether it is mirrored. */
  | { readonly kind: "turned"; readonly quarters: number }
  | { readonly kind: "damage"; readonly message: string };

/** Decoding failed, in the words of FFmpeg 4 to 8. */
const DAMAGE =
  /Error while decoding stream|Error submitting (a )?packet to (the )?decoder|Error during demuxing|Invalid NAL unit|corrupt input packet|Packet corrupt|Error retrieving a packet/i;
const CORRUPT = /corrupt decoded frame/i;
const DECODED = /^(\[[^\]]*\] ?)*decoder -> /;

/** Reads the lines. */
export class FrameLog {
  readonly #tickSeconds = new Map<string, number>();
  /** Whether the decoder called a frame damaged, by its number. */
  readonly #corrupt: boolean[] = [];
  #isNextCorrupt = false;
  #number = 0;

  /** @returns what a line says; null if it is of no interest */
  read(line: string): LogEvent | null {
    if (CORRUPT.test(line)) this.#isNextCorrupt = true;
    else if (DECODED.test(line)) {
      this.#corrupt.push(this.#isNextCorrupt);
      this.#isNextCorrupt = false;
    } else if (line.startsWith(`[${BEFORE} `) || line.startsWith(`[${AFTER} `)) return this.#frame(line);
    else if (DAMAGE.test(line)) return { kind: "damage", message: line.replace(/^(\[[^\]]*\] )+/, "") };
    return null;
  }

  #frame(line: string): LogEvent | null {
    const turn = /displaymatrix: rotation of (-?[\d.]+) degrees/.exec(line);
    if (turn && line.startsWith(`[${BEFORE} `))
      return { kind: "turned", quarters: Math.round(Number(turn[1]) / 90) };
    const filter = line.startsWith(`[${BEFORE} `) ? BEFORE : AFTER;
    const base = /config in time_base: (\d+)\/(\d+)/.exec(line);
    if (base) this.#tickSeconds.set(filter, Number(base[1]) / Number(base[2]));
    const found = /\bn: *\d+ pts: *(NOPTS|-?\d+) .*\bsar:(\d+)\/(\d+) s:(\d+)x(\d+)/.exec(line);
    if (!found) return null;
    const [num, den, width, height] = found.slice(2).map(Number) as [number, number, number, number];
    const stampSeconds = found[1] === "NOPTS" ? null : Number(found[1]) * this.#tickSeconds.get(filter)!;
    if (filter === AFTER) return { kind: "written", stampSeconds, width, height };
    const aspect = num > 0 && den > 0 ? num / den : 1;
    const longerSide = Math.max(width * aspect, height);
    return { kind: "frame", stampSeconds, longerSide, isCorrupt: this.#corrupt[this.#number++] ?? false };
  }
}
