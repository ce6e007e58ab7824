import { colourOf } from "../shell/theme.ts";
import type { Placed } from "./place.ts";

export interface Drawing {
  readonly placed: Placed;
  readonly colours: readonly string[];
  /** Faces that are left out: shown as a hint of where they are. */
  readonly isPale: readonly boolean[];
  readonly chosen: number | null;
  readonly hovered: number | null;
  /** Neighbours of the face chosen. */
  readonly near: readonly number[];
}

const RADIUS = 4;
const PALE = 0.35;
const LEFT_OUT = 0.06;

/** Draws faces as dots, those that matter to the one chosen above the rest. */
export function drawMap(canvas: HTMLCanvasElement, drawing: Drawing): void {
  const { placed, colours, isPale, chosen, hovered, near } = drawing;
  const context = canvas.getContext("2d")!;
  const density = devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = width * density;
  canvas.height = height * density;
  context.scale(density, density);
  const opacity = chosen === null ? 0.85 : PALE;
  for (let i = 0; i < colours.length; i++) {
    context.globalAlpha = isPale[i] ? LEFT_OUT : opacity;
    dot(context, placed, i, RADIUS, colours[i]!);
  }
  context.globalAlpha = 1;
  if (chosen !== null) drawLinks(context, placed, chosen, near);
  const ink = colourOf("text");
  for (const i of near) ringed(context, placed, i, RADIUS + 1, colours[i]!, ink);
  if (hovered !== null) ringed(context, placed, hovered, RADIUS + 2, colours[hovered]!, ink);
  if (chosen !== null) ringed(context, placed, chosen, RADIUS + 4, colours[chosen]!, ink);
}

function drawLinks(
  context: CanvasRenderingContext2D,
  { xs, ys }: Placed,
  chosen: number,
  near: readonly number[],
) {
  context.strokeStyle = colourOf("muted");
  context.lineWidth = 1;
  context.beginPath();
  for (const i of near) {
    context.moveTo(xs[chosen]!, ys[chosen]!);
    context.lineTo(xs[i]!, ys[i]!);
  }
  context.stroke();
}

function dot(
  context: CanvasRenderingContext2D,
  { xs, ys }: Placed,
  i: number,
  radius: number,
  colour: string,
) {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(xs[i]!, ys[i]!, radius, 0, 2 * Math.PI);
  context.fill();
}

function ringed(
  context: CanvasRenderingContext2D,
  placed: Placed,
  i: number,
  radius: number,
  colour: string,
  ink: string,
) {
  dot(context, placed, i, radius, colour);
  context.strokeStyle = ink;
  context.lineWidth = 2;
  context.stroke();
}
