/** The skin as a flat picture that the mesh wears: tone, blush, pores, brows, lips, nostrils, moles, make-up, stubble. */
import type { Random } from "../../lib/random.ts";
import type { Identity } from "../actor/identity.ts";
import { clamp } from "../actor/numeric.ts";
import { blend, css, scale } from "../actor/palette.ts";
import type { HeadMesh } from "../head/mesh.ts";
import { paintBrows } from "./brows.ts";
import { bitmapOf, type FacePainter, facePainter } from "./facePainter.ts";
import { paintLips } from "./lips.ts";
import type { Bitmap } from "./raster.ts";

/** Paints an actor's skin. @param rng decides pores, freckles and the like */
export function paintSkin(mesh: HeadMesh, identity: Identity, rng: Random): Bitmap {
  const painter = facePainter(mesh);
  const { context, canvas } = painter;
  context.fillStyle = css(identity.skin.tone);
  context.fillRect(0, 0, canvas.width, canvas.height);
  paintComplexion(painter, mesh, identity);
  paintHollows(painter, mesh, identity);
  paintSpots(painter, identity, rng.fork("spots"));
  paintMakeUp(painter, identity);
  paintStubble(painter, mesh, identity, rng.fork("stubble"));
  paintLips(painter, mesh, identity, rng.fork("lips"));
  paintNostrils(painter, mesh, identity);
  paintBrows(painter, identity, rng.fork("brows"));
  const bitmap = bitmapOf(canvas);
  addPores(bitmap, rng.fork("pores"), identity.skin.age);
  return { ...bitmap, opaque: true };
}

/** Blood shows at cheeks, nose and chin; the forehead is paler. */
function paintComplexion(painter: FacePainter, mesh: HeadMesh, { skin, shape }: Identity): void {
  const flush = blend(skin.tone, [196, 70, 60], 0.5);
  const amount = 0.34 * skin.redness * (1 - 0.5 * skin.depth);
  for (const side of [-1, 1]) {
    painter.spot(side * 42, 30, 24, 20, flush, amount);
    painter.spot(side * 14, mesh.surface.heights.noseTip + 2, 9, 8, flush, amount * 0.8);
  }
  painter.spot(0, mesh.surface.heights.noseTip - 2, 11, 11, flush, amount);
  painter.spot(0, mesh.surface.heights.chin - 12, 20, 13, flush, amount * 0.6);
  painter.spot(0, -48, 46, 26, blend(skin.tone, [255, 236, 200], 0.5), 0.22);
  for (const side of [-1, 1]) {
    painter.spot(side * 76, 20, 26, 40, scale(skin.tone, 0.7), 0.4);
    painter.spot(
      side * shape.eyeSpacing,
      12,
      15,
      7,
      scale(skin.tone, [206, 178, 190]),
      0.25 + 0.4 * skin.age,
    );
  }
}

/** Places where light hardly gets: eye corners, beside and below the nose, below the lip, under the chin. */
function paintHollows(painter: FacePainter, mesh: HeadMesh, { skin, shape }: Identity): void {
  const { noseTip, noseBase, mouth, chin } = mesh.surface.heights;
  const shadow = scale(skin.tone, [132, 88, 82]);
  for (const side of [-1, 1]) {
    painter.spot(side * (shape.eyeSpacing - 13), -5, 10, 12, shadow, 0.55 * shape.eyeDepth);
    painter.spot(side * shape.eyeSpacing, -8, 19, 7, shadow, 0.3 * shape.eyeDepth);
    painter.spot(side * (shape.noseHalfWidth + 1), noseTip + 2, 3.4, 7, shadow, 0.6);
    painter.spot(side * (shape.mouthHalfWidth + 3), mouth + 1, 5, 6, shadow, 0.35);
  }
  painter.spot(0, noseBase + 2.5, 13, 5, shadow, 0.32);
  painter.spot(0, mouth + shape.lowerLip + 4, 17, 5.5, shadow, 0.5);
  painter.spot(0, chin + 6, 60, 9, shadow, 0.5);
}

function paintNostrils(painter: FacePainter, mesh: HeadMesh, { skin, shape }: Identity): void {
  const { noseBase } = mesh.surface.heights;
  const dark = blend(scale(skin.tone, 0.22), [48, 14, 12], 0.5);
  for (const side of [-1, 1]) {
    const x = side * shape.noseHalfWidth * 0.47;
    painter.spot(x, noseBase - 1.6, 5.6, 3.2, dark, 0.55);
    painter.spot(x, noseBase - 1.8, 3.9, 2.1, dark, 1);
  }
}

function paintSpots(painter: FacePainter, { skin }: Identity, rng: Random): void {
  const brown = scale(skin.tone, [170, 120, 92]);
  for (let k = 0; k < 110 * skin.freckles; k += 1) {
    const x = rng.normal(0, 30);
    const y = 22 + rng.normal(0, 13);
    painter.spot(
      clamp(x, -60, 60),
      y,
      rng.uniform(0.7, 1.4),
      rng.uniform(0.7, 1.4),
      brown,
      rng.uniform(0.3, 0.7),
    );
  }
  for (const mole of skin.moles) {
    painter.spot(mole.x, mole.y, mole.radius * 1.5, mole.radius * 1.5, scale(skin.tone, [96, 62, 52]), 1);
  }
}

function paintMakeUp(painter: FacePainter, { looks, shape }: Identity): void {
  for (const side of [-1, 1]) {
    painter.spot(side * 44, 28, 20, 12, [214, 84, 92], 0.34 * looks.blush);
    painter.spot(side * (shape.eyeSpacing + 2), -6, 21, 9, looks.eyeShadowTint, 0.95 * looks.eyeShadow);
  }
}

/** A shaved beard's shadow, and stubble as single hairs. */
function paintStubble(
  painter: FacePainter,
  mesh: HeadMesh,
  { hair, skin, shape }: Identity,
  rng: Random,
): void {
  if (hair.beard === "none") return;
  const { mouth, chin, noseBase } = mesh.surface.heights;
  const shade = blend(skin.tone, scale(hair.beardColour, 0.9), 0.55);
  for (const side of [-1, 1]) {
    painter.spot(side * 46, 74, 24, 34, shade, 0.45);
    painter.spot(side * 14, noseBase + 8, 15, 8, shade, 0.35);
  }
  painter.spot(0, chin - 6, 34, 24, shade, 0.55);
  const { context } = painter;
  for (let k = 0; k < 1500; k += 1) {
    const y = rng.uniform(noseBase, chin + 1);
    const x = rng.uniform(-58, 58);
    const high = Math.abs(x) < 30 ? noseBase + 2 : mouth - 38 + (62 - Math.abs(x)) * 0.9;
    const onLips = Math.abs(x) < shape.mouthHalfWidth + 1 && Math.abs(y - mouth - 1) < 10;
    if (y < high || onLips) continue;
    const [u, v] = painter.at(x, y);
    context.fillStyle = css(hair.beardColour, rng.uniform(0.12, 0.4));
    context.fillRect(u, v, 0.9, 1.3);
  }
}

/** Fine grain and slow blotches, so that skin is not plastic. */
function addPores(bitmap: Bitmap, rng: Random, age: number): void {
  const { width, height, data } = bitmap;
  const grain = (2.2 + 2.5 * age) / 32768;
  const ripple = (length: number): Float64Array[] =>
    Array.from({ length: BLOTCHES }, () => {
      const [frequency, phase] = [rng.uniform(0.03, 0.12), rng.uniform(0, 6)];
      return Float64Array.from({ length }, (_, k) => Math.sin(k * frequency + phase));
    });
  const across = ripple(width);
  const down = ripple(height);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 4) {
      let blotch = 0;
      for (let k = 0; k < BLOTCHES; k += 1) blotch += across[k]![x]! * down[k]![y]!;
      // Two 16-bit draws from one: their sum is a triangle around zero.
      const bits = rng.bits32();
      const change = ((bits >>> 16) + (bits & 0xffff) - 65535) * grain + blotch * 0.9;
      data[at]! += change;
      data[at + 1]! += change * 0.95;
      data[at + 2]! += change * 0.9;
    }
  }
}

const BLOTCHES = 6;
