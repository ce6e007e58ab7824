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

/** Where a line of text begins, its baseline at `y`; `width` squeezes what is too long. Pixels. */
export interface TextPlace {
  readonly left: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
  readonly colour: string;
}

/** Dark ground for a line of text, so that it can be read on any picture. */
export function plate(context: SKRSContext2D, text: string, { left, y, width, size }: TextPlace): void {
  context.font = `${size}px ${FONT}`;
  const textWidth = Math.min(width, context.measureText(text).width);
  context.fillStyle = PANEL;
  context.fillRect(left - size / 4, y - size, textWidth + size / 2, size * 1.33);
}

/** One line of text. */
export function write(context: SKRSContext2D, text: string, at: TextPlace): void {
  context.font = `${at.size}px ${FONT}`;
  context.fillStyle = at.colour;
  context.fillText(text, at.left, at.y, at.width);
}
