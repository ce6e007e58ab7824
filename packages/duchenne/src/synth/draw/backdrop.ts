/** What is behind an actor, out of focus: painted once per actor at the frame's size. */
import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import { Random } from "../../lib/random.ts";
import type { Backdrop, BackdropStyle, Identity } from "../actor/identity.ts";
import { blend, css, type Rgb, scale } from "../actor/palette.ts";
import { FRAME_PIXELS } from "../head/view.ts";

type Painter = (context: SKRSContext2D, backdrop: Backdrop, rng: Random) => void;

/** Wider than the frame, so that blurring has no rim. */
const MARGIN = 24;
const SIDE = FRAME_PIXELS + 2 * MARGIN;

/** Paints the backdrop of an actor. */
export function paintBackdrop({ backdrop, light }: Identity): Canvas {
  const sharp = createCanvas(SIDE, SIDE);
  const context = sharp.getContext("2d");
  PAINTERS[backdrop.style](context, backdrop, Random.fromSeed(backdrop.seed));
  const canvas = createCanvas(FRAME_PIXELS, FRAME_PIXELS);
  const soft = canvas.getContext("2d");
  soft.filter = backdrop.style === "studio" ? "blur(2px)" : "blur(5px)";
  soft.drawImage(sharp, -MARGIN, -MARGIN);
  soft.filter = "none";
  const falloff = soft.createLinearGradient(0, 0, FRAME_PIXELS, 0);
  const lean = Math.sin(light.azimuth);
  falloff.addColorStop(0, `rgba(0,0,0,${(0.16 + 0.16 * lean).toFixed(3)})`);
  falloff.addColorStop(1, `rgba(0,0,0,${(0.16 - 0.16 * lean).toFixed(3)})`);
  soft.fillStyle = falloff;
  soft.fillRect(0, 0, FRAME_PIXELS, FRAME_PIXELS);
  return canvas;
}

const PAINTERS: Readonly<Record<BackdropStyle, Painter>> = {
  studio: (context, { colour }) => {
    const gradient = context.createRadialGradient(
      SIDE * 0.5,
      SIDE * 0.4,
      20,
      SIDE * 0.5,
      SIDE * 0.5,
      SIDE * 0.8,
    );
    gradient.addColorStop(0, css(scale(colour, 1.12)));
    gradient.addColorStop(1, css(scale(colour, 0.6)));
    context.fillStyle = gradient;
    context.fillRect(0, 0, SIDE, SIDE);
  },
  window: (context, { colour, accent }, rng) => {
    fill(context, scale(colour, 0.75));
    const x = rng.uniform(-20, 170);
    context.fillStyle = css(blend([232, 238, 244], accent, 0.15));
    context.fillRect(x, 20, 110, 190);
    context.fillStyle = css(scale(colour, 0.5));
    context.fillRect(x + 52, 20, 6, 190);
    context.fillRect(x, 108, 110, 6);
    context.fillStyle = css(accent, 0.8);
    context.fillRect(x - 30, 8, 26, 230);
    context.fillRect(x + 114, 8, 26, 230);
  },
  shelves: (context, { colour }, rng) => {
    fill(context, scale(colour, 0.5));
    for (let shelf = -10; shelf < SIDE; shelf += 58) {
      for (let x = 0; x < SIDE; ) {
        const width = rng.uniform(7, 18);
        const height = rng.uniform(30, 48);
        context.fillStyle = css([rng.uniform(40, 190), rng.uniform(35, 160), rng.uniform(35, 150)]);
        context.fillRect(x, shelf + 52 - height, width - 1, height);
        x += rng.chance(0.1) ? width + 14 : width;
      }
      context.fillStyle = css(scale(colour, 0.8));
      context.fillRect(0, shelf + 52, SIDE, 6);
    }
  },
  brick: (context, { colour, accent }, rng) => {
    const base = blend(colour, [150, 82, 62], 0.6);
    fill(context, blend(accent, [190, 186, 180], 0.7));
    for (let row = 0; row * 17 < SIDE; row += 1) {
      for (let x = row % 2 ? -20 : 0; x < SIDE; x += 42) {
        context.fillStyle = css(scale(base, rng.uniform(0.78, 1.15)));
        context.fillRect(x, row * 17, 39, 14);
      }
    }
  },
  foliage: (context, { colour }, rng) => {
    fill(context, blend(colour, [70, 96, 60], 0.7));
    for (let k = 0; k < 260; k += 1) {
      const tone: Rgb = [rng.uniform(30, 120), rng.uniform(70, 160), rng.uniform(30, 80)];
      context.fillStyle = css(tone, 0.6);
      context.beginPath();
      context.ellipse(
        rng.uniform(0, SIDE),
        rng.uniform(0, SIDE),
        rng.uniform(4, 16),
        rng.uniform(3, 9),
        rng.uniform(0, 3),
        0,
        7,
      );
      context.fill();
    }
  },
  bokeh: (context, { colour, accent }, rng) => {
    fill(context, scale(colour, 0.3));
    for (let k = 0; k < 46; k += 1) {
      const glow = blend(
        accent,
        rng.choice<Rgb>([
          [255, 210, 140],
          [140, 190, 255],
          [255, 150, 150],
        ]),
        0.65,
      );
      context.fillStyle = css(glow, rng.uniform(0.15, 0.55));
      context.beginPath();
      context.arc(rng.uniform(0, SIDE), rng.uniform(0, SIDE), rng.uniform(5, 19), 0, 2 * Math.PI);
      context.fill();
    }
  },
};

function fill(context: SKRSContext2D, colour: Rgb): void {
  context.fillStyle = css(colour);
  context.fillRect(0, 0, SIDE, SIDE);
}
