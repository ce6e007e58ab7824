/** Neck, shoulders and clothes: painted once, swaying a little with the head. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { ClothesStyle, Identity } from "../actor/identity.ts";
import { blend, css, type Rgb, scale } from "../actor/palette.ts";
import { createSprite, type Sprite } from "./sprite.ts";

const AREA = { left: -205, right: 205, top: 60, bottom: 238, z: -10 } as const;
/** Height of the collar at the neck's sides, and of the notch in front, millimetres below the pupils. */
const COLLAR = 150;

const NECKLINES: Readonly<Record<ClothesStyle, { readonly notch: number; readonly neck: number }>> = {
  crew: { notch: 172, neck: 58 },
  vNeck: { notch: 206, neck: 60 },
  shirt: { notch: 184, neck: 54 },
  turtleneck: { notch: 132, neck: 56 },
  blazer: { notch: 214, neck: 62 },
};

/** Paints neck and clothes once, as a sprite. */
export function createBody(identity: Identity): Sprite {
  return createSprite(AREA, (context) => {
    paintNeck(context, identity);
    paintClothes(context, identity);
  });
}

/** Light from the key's side, as a horizontal ramp over a base colour. */
function sideLit(
  context: SKRSContext2D,
  { light }: Identity,
  colour: Rgb,
  reach: number,
): ReturnType<SKRSContext2D["createLinearGradient"]> {
  const lean = Math.sin(light.azimuth) * 0.5;
  const level = light.key * 0.8 + light.fill * 0.8;
  const gradient = context.createLinearGradient(-reach, 0, reach, 0);
  gradient.addColorStop(0, css(scale(colour, level * (0.62 - lean))));
  gradient.addColorStop(0.5, css(scale(colour, level)));
  gradient.addColorStop(1, css(scale(colour, level * (0.62 + lean))));
  return gradient;
}

function paintNeck(context: SKRSContext2D, identity: Identity): void {
  const { skin, shape } = identity;
  const half = 50 * shape.faceWidth * (0.86 + 0.14 * shape.jawWidth);
  context.beginPath();
  context.moveTo(-half, 40);
  context.bezierCurveTo(-half, 120, -half + 2, 140, -half - 24, 172);
  context.lineTo(-120, 240);
  context.lineTo(120, 240);
  context.lineTo(half + 24, 172);
  context.bezierCurveTo(half - 2, 140, half, 120, half, 40);
  context.closePath();
  context.fillStyle = sideLit(context, identity, scale(skin.tone, 0.93), half + 10);
  context.fill();
  // The jaw's shadow, deepest right below the chin.
  context.save();
  context.clip();
  const shadow = context.createRadialGradient(0, 84, 10, 0, 88, 86);
  const dark = scale(skin.tone, [92, 58, 54]);
  shadow.addColorStop(0, css(dark, 0.8));
  shadow.addColorStop(0.55, css(dark, 0.46));
  shadow.addColorStop(1, css(dark, 0));
  context.fillStyle = shadow;
  context.fillRect(-120, 40, 240, 150);
  paintMuscles(context, identity, half);
  context.restore();
}

/** The two cords that run down to the notch between the collarbones. */
function paintMuscles(context: SKRSContext2D, { skin }: Identity, half: number): void {
  context.filter = "blur(4px)";
  context.strokeStyle = css(scale(skin.tone, [130, 92, 86]), 0.4);
  context.lineWidth = 5;
  for (const side of [-1, 1]) {
    context.beginPath();
    context.moveTo(side * (half - 8), 100);
    context.quadraticCurveTo(side * 24, 150, side * 7, 178);
    context.stroke();
    context.beginPath();
    context.moveTo(side * 10, 182);
    context.quadraticCurveTo(side * 50, 186, side * 96, 172);
    context.stroke();
  }
  context.filter = "none";
}

function paintClothes(context: SKRSContext2D, identity: Identity): void {
  const { looks } = identity;
  const { notch, neck } = NECKLINES[looks.clothes];
  const shoulder = 205 * looks.shoulderWidth;
  const pointed = looks.clothes === "vNeck" || looks.clothes === "blazer" || looks.clothes === "shirt";
  if (looks.clothes === "blazer") fillTorso(context, identity, looks.trim, 60, 176, shoulder, false);
  fillTorso(context, identity, looks.cloth, neck, notch, shoulder, pointed);
  paintFolds(context, looks.cloth);
  if (looks.clothes === "turtleneck") paintTurtleneck(context, identity, neck);
  if (looks.clothes === "shirt" || looks.clothes === "blazer") paintCollar(context, identity, notch, neck);
  if (looks.clothes === "crew" || looks.clothes === "vNeck") {
    traceNeckline(context, neck, notch, pointed);
    context.strokeStyle = css(scale(looks.cloth, 0.62));
    context.lineWidth = 5;
    context.stroke();
  }
}

function traceNeckline(context: SKRSContext2D, neck: number, notch: number, pointed: boolean): void {
  context.beginPath();
  context.moveTo(-neck - 2, COLLAR - 6);
  if (pointed) {
    context.quadraticCurveTo(-neck + 22, COLLAR + 26, 0, notch);
    context.quadraticCurveTo(neck - 22, COLLAR + 26, neck + 2, COLLAR - 6);
  } else {
    context.bezierCurveTo(-neck + 14, notch + 2, neck - 14, notch + 2, neck + 2, COLLAR - 6);
  }
}

function fillTorso(
  context: SKRSContext2D,
  identity: Identity,
  colour: Rgb,
  neck: number,
  notch: number,
  shoulder: number,
  pointed: boolean,
): void {
  traceNeckline(context, neck, notch, pointed);
  context.bezierCurveTo(neck + 60, COLLAR + 18, shoulder * 0.92, COLLAR + 20, shoulder, 240);
  context.lineTo(-shoulder, 240);
  context.bezierCurveTo(-shoulder * 0.92, COLLAR + 20, -neck - 60, COLLAR + 18, -neck - 2, COLLAR - 6);
  context.closePath();
  context.fillStyle = sideLit(context, identity, colour, shoulder);
  context.fill();
}

function paintFolds(context: SKRSContext2D, cloth: Rgb): void {
  context.save();
  context.filter = "blur(3px)";
  context.strokeStyle = css(scale(cloth, 0.5), 0.5);
  context.lineWidth = 4;
  for (const side of [-1, 1]) {
    for (const [x, y, dx] of [
      [80, 190, 26],
      [120, 186, 14],
      [150, 196, -8],
    ] as const) {
      context.beginPath();
      context.moveTo(side * x, y);
      context.quadraticCurveTo(side * (x + dx), y + 20, side * (x + dx * 0.6), 244);
      context.stroke();
    }
  }
  context.restore();
}

function paintTurtleneck(context: SKRSContext2D, identity: Identity, neck: number): void {
  context.beginPath();
  context.moveTo(-neck, 122);
  context.quadraticCurveTo(0, 142, neck, 122);
  context.lineTo(neck + 8, 172);
  context.quadraticCurveTo(0, 194, -neck - 8, 172);
  context.closePath();
  context.fillStyle = sideLit(
    context,
    identity,
    blend(identity.looks.cloth, [255, 255, 255], 0.06),
    neck + 10,
  );
  context.fill();
  context.strokeStyle = css(scale(identity.looks.cloth, 0.55), 0.35);
  context.lineWidth = 1.4;
  for (let x = -neck; x <= neck; x += 7) {
    context.beginPath();
    context.moveTo(x, 128 + 9 * (1 - (x / neck) ** 2));
    context.lineTo(x * 1.1, 176 + 9 * (1 - (x / neck) ** 2));
    context.stroke();
  }
}

/** Collar wings of a shirt, lapels of a blazer. */
function paintCollar(context: SKRSContext2D, identity: Identity, notch: number, neck: number): void {
  const lapel = identity.looks.clothes === "blazer";
  const colour = lapel
    ? scale(identity.looks.cloth, 0.9)
    : blend(identity.looks.cloth, [255, 255, 255], 0.16);
  for (const side of [-1, 1]) {
    context.beginPath();
    context.moveTo(side * (neck + 4), COLLAR - 14);
    context.quadraticCurveTo(side * (neck - 16), COLLAR + 22, 0, notch - 4);
    context.lineTo(side * (lapel ? 44 : 30), notch + (lapel ? 22 : 16));
    context.quadraticCurveTo(side * (neck + 8), COLLAR + 32, side * (neck + 20), COLLAR - 2);
    context.closePath();
    context.fillStyle = sideLit(context, identity, colour, 120);
    context.fill();
    context.strokeStyle = css(scale(colour, 0.5), 0.6);
    context.lineWidth = 1.6;
    context.stroke();
  }
}
