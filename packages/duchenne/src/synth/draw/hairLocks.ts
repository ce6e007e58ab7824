/** Hair that hangs freely: the mass behind the head, and locks that frame the face. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { Random } from "../../lib/random.ts";
import type { HairStyle, Identity } from "../actor/identity.ts";
import { clamp } from "../actor/numeric.ts";
import { css, scale } from "../actor/palette.ts";
import { createSprite, type Sprite } from "./sprite.ts";

/** Millimetres of head space; what hangs lower is out of the frame. */
const AREA = { left: -112, right: 112, top: -160, bottom: 176 } as const;

/** Height at which hanging hair ends, millimetres below the pupils. */
const ENDS: Partial<Record<HairStyle, number>> = { bob: 92, long: 190, wavy: 165 };

/** Hair that hangs beside and behind the head. */
export interface Locks {
  /** Behind the neck. */
  readonly back: Sprite | null;
  /** Before the ears. */
  readonly front: Sprite | null;
}

/** Paints the locks of a hair style once, as sprites. */
export function createLocks(identity: Identity, rng: Random): Locks {
  const { style } = identity.hair;
  if (style === "bun") {
    const back = createSprite({ ...AREA, bottom: -90, z: -20 }, (context) => {
      paintBun(context, identity, rng.fork("bun"));
    });
    return { back, front: null };
  }
  const end = ENDS[style];
  if (end === undefined) return { back: null, front: null };
  const back = createSprite({ ...AREA, z: -30 }, (context) => {
    paintMass(context, identity, end, rng.fork("back"));
  });
  const front = createSprite({ ...AREA, top: -74, z: 22 }, (context) => {
    for (const side of [-1, 1]) paintLock(context, identity, end, side, rng.fork(`lock/${side}`));
    fadeRoots(context);
  });
  return { back, front };
}

/** Sideways wave of a strand at a height. */
function wave({ hair }: Identity, y: number, phase: number): number {
  return hair.style === "wavy" ? 5 * Math.sin(y * 0.075 + phase) : 0.8 * Math.sin(y * 0.03 + phase);
}

function paintMass(context: SKRSContext2D, identity: Identity, end: number, rng: Random): void {
  const width = 76 * identity.shape.faceWidth + 9 * identity.hair.volume;
  const half = (y: number): number =>
    width *
    (y < -40 ? Math.sqrt(Math.max(0, 1 - ((y + 40) / 92) ** 2)) : 1 + 0.05 * Math.sin((y + 40) * 0.02));
  context.beginPath();
  for (let y = -132; y <= end; y += 6) context.lineTo(half(y) + wave(identity, y, 1), y);
  for (let y = end; y >= -132; y -= 6) context.lineTo(-half(y) - wave(identity, y, 2), y);
  context.closePath();
  context.fillStyle = css(scale(identity.hair.colour, 0.42));
  context.fill();
  for (let k = 0; k < 420; k += 1) {
    const share = rng.uniform(-1, 1);
    const phase = share > 0 ? 1 : 2;
    context.beginPath();
    const from = rng.uniform(-120, end - 60);
    const to = Math.min(end + rng.uniform(-6, 4), from + rng.uniform(50, 150));
    for (let y = from; y <= to; y += 8) {
      context.lineTo(share * half(y) + Math.sign(share) * wave(identity, y, phase), y);
    }
    strokeStrand(context, identity, rng, 0.62);
  }
}

/** A lock from the temple down past the jaw. */
function paintLock(context: SKRSContext2D, identity: Identity, end: number, side: number, rng: Random): void {
  const outer = 77 * identity.shape.faceWidth + 9 * identity.hair.volume;
  const inner = 62 * identity.shape.faceWidth;
  const bottom = end - 8;
  const inside = (y: number): number =>
    inner + (y < 20 ? 0 : Math.min(8, (y - 20) * 0.05)) - 6 * Math.sin(clamp((y - 60) / 120, 0, 1) * 3.1);
  const at = (share: number, y: number): number => {
    const top = y < -35 ? (-35 - y) * 0.25 : 0;
    return side * (inside(y) + share * (outer - inside(y)) - top + wave(identity, y, side + share));
  };
  context.beginPath();
  for (let y = -66; y <= bottom; y += 6) context.lineTo(at(0, y), y);
  for (let y = bottom; y >= -66; y -= 6) context.lineTo(at(1, y), y);
  context.closePath();
  context.fillStyle = css(scale(identity.hair.colour, 0.7));
  context.fill();
  for (let k = 0; k < 130; k += 1) {
    const share = rng.uniform(-0.04, 1.03);
    const from = rng.uniform(-70, bottom - 80);
    context.beginPath();
    for (let y = from; y <= Math.min(bottom + rng.uniform(-4, 6), from + 120); y += 8)
      context.lineTo(at(share, y), y);
    strokeStrand(context, identity, rng, 0.95 - 0.3 * Math.abs(share - 0.4));
  }
}

/** Locks come out of the hair on the head: they have no upper edge of their own. */
function fadeRoots(context: SKRSContext2D): void {
  const gradient = context.createLinearGradient(0, -72, 0, -18);
  gradient.addColorStop(0, "rgba(0,0,0,1)");
  gradient.addColorStop(1, "rgba(0,0,0,0)");
  context.globalCompositeOperation = "destination-out";
  context.fillStyle = gradient;
  context.fillRect(AREA.left, AREA.top, AREA.right - AREA.left, -18 - AREA.top);
  context.globalCompositeOperation = "source-over";
}

function paintBun(context: SKRSContext2D, identity: Identity, rng: Random): void {
  const radius = 27 * identity.hair.volume;
  const y = -128;
  context.fillStyle = css(scale(identity.hair.colour, 0.6));
  context.beginPath();
  context.ellipse(0, y, radius, radius * 0.8, 0, 0, 2 * Math.PI);
  context.fill();
  for (let k = 0; k < 150; k += 1) {
    const angle = rng.uniform(0, 2 * Math.PI);
    const r = radius * Math.sqrt(rng.uniform(0.05, 1));
    context.beginPath();
    context.ellipse(0, y, r, r * 0.8, 0, angle, angle + rng.uniform(0.4, 1.2));
    strokeStrand(context, identity, rng, 0.9);
  }
}

function strokeStrand(context: SKRSContext2D, { hair }: Identity, rng: Random, tone: number): void {
  context.lineWidth = rng.uniform(0.8, 2);
  context.strokeStyle = css(scale(hair.colour, clamp(tone * rng.normal(1, 0.2), 0.3, 1.6)), 0.6);
  context.stroke();
}
