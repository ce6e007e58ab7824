/** Colours and text of rendered videos. */
import type { SKRSContext2D } from "@napi-rs/canvas";

/** Font family. */
export const FONT = "DejaVu Sans, Helvetica, Arial, sans-serif";
/** Background of the panel. */
export const PANEL = "#161a22";
/** Colour of text and of the best class. */
export const INK = "#e8ebf2";
/** Colour of everything else. */
export const FAINT = "#7d8698";
/** Distinct with any colour vision (Okabe and Ito 2008). */
const TRACK_COLOURS = ["#56b4e9", "#e69f00", "#009e73", "#f0e442", "#cc79a7", "#d55e00", "#0072b2"] as const;

/** Colour of a track. */
export const colourOf = (track: number): string => TRACK_COLOURS[track % TRACK_COLOURS.length]!;

/** A place and size in pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Place of a line of text in pixels: left end, baseline `y`, and a width into which longer text is squeezed. */
export interface TextPlace {
  readonly left: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
  readonly colour: string;
}

/** Draws a dark background for a line of text, so that it is readable on any image. */
export function fillTextBackground(
  context: SKRSContext2D,
  text: string,
  { left, y, width, size }: TextPlace,
): void {
  context.font = `${size}px ${FONT}`;
  const textWidth = Math.min(width, context.measureText(text).width);
  context.fillStyle = PANEL;
  context.fillRect(left - size / 4, y - size, textWidth + size / 2, size * 1.33);
}

/** Draws a line of text. */
export function drawText(context: SKRSContext2D, text: string, at: TextPlace): void {
  context.font = `${at.size}px ${FONT}`;
  context.fillStyle = at.colour;
  context.fillText(text, at.left, at.y, at.width);
}
