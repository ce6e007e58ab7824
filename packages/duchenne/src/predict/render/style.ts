/** Colours and letters of rendered films. */
import type { SKRSContext2D } from "@napi-rs/canvas";

export const FONT = "DejaVu Sans, Helvetica, Arial, sans-serif";
export const PANEL = "#161a22";
export const INK = "#e8ebf2";
export const FAINT = "#7d8698";
/** Told apart with any colour vision (Okabe and Ito 2008). */
const TRACK_COLOURS = ["#56b4e9", "#e69f00", "#009e73", "#f0e442", "#cc79a7", "#d55e00", "#0072b2"] as const;

export const colourOf = (track: number): string => TRACK_COLOURS[track % TRACK_COLOURS.length]!;

/** A place and size in pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** One line of text from `left` on, its baseline at `y`; `width` squeezes what is too long. */
export function write(
  context: SKRSContext2D,
  text: string,
  at: { left: number; y: number; width: number; size: number; colour: string },
): void {
  context.font = `${at.size}px ${FONT}`;
  context.fillStyle = at.colour;
  context.fillText(text, at.left, at.y, at.width);
}
