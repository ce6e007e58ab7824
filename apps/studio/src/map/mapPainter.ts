import { colourOf } from "../shell/theme.ts";
import { DotLayer, rgbOf } from "./dots.ts";
import type { Placed } from "./place.ts";

/** What a map shows. */
export interface Drawing {
  readonly placed: Placed;
  /** [n] as `fillStyle` takes them. */
  readonly colours: readonly string[];
  /** Faces that are left out: shown as a hint of where they are. */
  readonly isPale: readonly boolean[];
  readonly chosen: number | null;
  readonly hovered: number | null;
  /** Neighbours of the face chosen. */
  readonly near: readonly number[];
  /** Corners of the line that is being drawn round faces. */
  readonly lasso: readonly (readonly [x: number, y: number])[];
}

const RADIUS = 4;
/** Of a map of more faces the dots are smaller. */
const MANY = 2000;
const RADIUS_OF_MANY = 2.5;
const OPACITY = 0.85;
const PALE = 0.35;
const LEFT_OUT = 0.06;

/** Draws a map again and again on one canvas. */
export class MapPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #dots = new DotLayer();
  #colours: readonly string[] = [];
  #rgb: Uint8ClampedArray = new Uint8ClampedArray();

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Draws faces as dots, those that matter to the one chosen above the rest. */
  draw(drawing: Drawing): void {
    const { placed, colours, chosen, hovered, near } = drawing;
    const density = devicePixelRatio;
    const { width, height } = this.#fit(density);
    const context = this.#canvas.getContext("2d", { willReadFrequently: true })!;
    this.#dots.clear(width, height, rgbOf([colourOf("surface")]));
    this.#drawDots(drawing, density);
    context.putImageData(this.#dots.image, 0, 0);
    context.setTransform(density, 0, 0, density, 0, 0);
    if (chosen !== null) drawLinks(context, placed, chosen, near);
    const ink = colourOf("text");
    for (const i of near) drawRing(context, placed, i, RADIUS + 1, colours[i]!, ink);
    if (hovered !== null) drawRing(context, placed, hovered, RADIUS + 2, colours[hovered]!, ink);
    if (chosen !== null) drawRing(context, placed, chosen, RADIUS + 4, colours[chosen]!, ink);
    drawLasso(context, drawing.lasso, ink);
  }

  /** Gives the canvas the pixels that it has on the screen. */
  #fit(density: number): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.#canvas;
    const [width, height] = [Math.round(clientWidth * density), Math.round(clientHeight * density)];
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    return { width, height };
  }

  #drawDots({ placed, colours, isPale, chosen }: Drawing, density: number): void {
    if (this.#colours !== colours) {
      this.#colours = colours;
      this.#rgb = rgbOf(colours);
    }
    const radius = density * (colours.length > MANY ? RADIUS_OF_MANY : RADIUS);
    const opacity = chosen === null ? OPACITY : PALE;
    const draw = (isDrawn: (i: number) => boolean, alpha: number) =>
      this.#dots.draw(placed, density, this.#rgb, isDrawn, { radius, opacity: alpha });
    draw((i) => isPale[i]!, LEFT_OUT);
    draw((i) => !isPale[i], opacity);
  }
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

function drawRing(
  context: CanvasRenderingContext2D,
  { xs, ys }: Placed,
  i: number,
  radius: number,
  colour: string,
  ink: string,
) {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(xs[i]!, ys[i]!, radius, 0, 2 * Math.PI);
  context.fill();
  context.strokeStyle = ink;
  context.lineWidth = 2;
  context.stroke();
}

function drawLasso(context: CanvasRenderingContext2D, line: Drawing["lasso"], ink: string) {
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  context.beginPath();
  for (const [x, y] of line) context.lineTo(x, y);
  context.stroke();
  context.setLineDash([]);
}
