/** One showing of an expression: how strong, how lopsided, with which units, and blended with what. */

import { EXPRESSIONS, type Expression } from "../../lib/expressions.ts";
import type { Random } from "../../lib/random.ts";
import { EXPRESSION_UNITS, UNIT_INDEX, UNIT_ORDER } from "./actionUnits.ts";
import { clamp } from "./numeric.ts";

/** An expression's part in a showing; the first part names it. */
export interface ShowingPart {
  readonly expression: Expression;
  /** Peak intensity in [0, 1]. */
  readonly intensity: number;
}

/** One showing of an expression in a clip. */
export interface Showing {
  readonly startSeconds: number;
  readonly seconds: number;
  readonly onsetSeconds: number;
  readonly offsetSeconds: number;
  /** Empty for neutral; two parts for a blend. */
  readonly parts: readonly ShowingPart[];
  /** [21] activations at the apex, per half of the face. */
  readonly unitsLeft: Float64Array;
  readonly unitsRight: Float64Array;
}

const BLEND_PROBABILITY = 0.12;
/** A blended-in expression's intensity relative to the main one. */
const BLEND_SHARE = { low: 0.15, high: 0.3 } as const;
/** Spread of a unit's strength between two showings of the same expression. */
const UNIT_SPREAD = 0.18;
/** Spread of the difference between the halves: most faces are nearly even, a few plainly lopsided. */
const ASYMMETRY_SPREAD = 0.12;

/**
 * Draws one showing.
 * @param rng its own stream
 * @param startSeconds when the onset begins   @param seconds from onset's begin to offset's end
 * @param range peak intensities to draw from
 */
export function drawShowing(
  rng: Random,
  expression: Expression,
  startSeconds: number,
  seconds: number,
  range: { readonly low: number; readonly high: number },
): Showing {
  const parts = drawParts(rng.fork("parts"), expression, range);
  const unitsLeft = new Float64Array(UNIT_ORDER.length);
  const unitsRight = new Float64Array(UNIT_ORDER.length);
  for (const part of parts) addPart(rng.fork(`units/${part.expression}`), part, unitsLeft, unitsRight);
  return {
    startSeconds,
    seconds,
    onsetSeconds: Math.min(rng.uniform(0.3, 0.8), seconds * 0.3),
    offsetSeconds: Math.min(rng.uniform(0.4, 0.9), seconds * 0.35),
    parts,
    unitsLeft,
    unitsRight,
  };
}

function drawParts(
  rng: Random,
  expression: Expression,
  range: { readonly low: number; readonly high: number },
): ShowingPart[] {
  if (expression === "neutral") return [];
  const main = { expression, intensity: rng.uniform(range.low, range.high) };
  if (!rng.chance(BLEND_PROBABILITY)) return [main];
  const others = EXPRESSIONS.filter((other) => other !== "neutral" && other !== expression);
  const share = rng.uniform(BLEND_SHARE.low, BLEND_SHARE.high);
  return [main, { expression: rng.choice(others), intensity: main.intensity * share }];
}

function addPart(rng: Random, part: ShowingPart, left: Float64Array, right: Float64Array): void {
  const side = rng.chance(0.5) ? 1 : -1;
  const lean = rng.normal(0, ASYMMETRY_SPREAD);
  for (const { unit, share, probability, oneSided } of EXPRESSION_UNITS[part.expression]) {
    const present = rng.uniform() < probability;
    const strength = part.intensity * share * clamp(rng.normal(1, UNIT_SPREAD), 0.6, 1.4);
    if (!present) continue;
    const slant = oneSided ? side : lean;
    const index = UNIT_INDEX[unit];
    left[index] = clamp(Math.max(left[index]!, strength * clamp(1 + slant, 0, 1)), 0, 1);
    right[index] = clamp(Math.max(right[index]!, strength * clamp(1 - slant, 0, 1)), 0, 1);
  }
}
