/**
 * What synthetic faces can show: FACS action units, the eight expressions as combinations of them, and where each
 * expression lies in the plane of valence and arousal.
 *
 * @see Ekman, Friesen and Hager 2002, Facial Action Coding System (unit numbers and names)
 * @see Ekman and Friesen 1983, EMFACS-7; Matsumoto and Ekman 2008, Scholarpedia 3(5):4237 (units per expression)
 */
import type { Expression } from "../../lib/expressions.ts";

/** Action units a synthetic actor can show, by FACS number. */
export const ACTION_UNITS = {
  1: "inner brow raiser",
  2: "outer brow raiser",
  4: "brow lowerer",
  5: "upper lid raiser",
  6: "cheek raiser",
  7: "lid tightener",
  9: "nose wrinkler",
  10: "upper lip raiser",
  12: "lip corner puller",
  14: "dimpler",
  15: "lip corner depressor",
  16: "lower lip depressor",
  17: "chin raiser",
  18: "lip pucker",
  20: "lip stretcher",
  23: "lip tightener",
  24: "lip pressor",
  25: "lips part",
  26: "jaw drop",
  43: "eye closure",
  45: "blink",
} as const;

/** Number in FACS of an action unit that actors have. */
export type ActionUnit = keyof typeof ACTION_UNITS;

/** The units in the order of every activation vector and of the columns of `labels.csv`. */
export const UNIT_ORDER = Object.keys(ACTION_UNITS).map(Number) as readonly ActionUnit[];

/** Index of a unit in an activation vector. */
export const UNIT_INDEX = Object.fromEntries(UNIT_ORDER.map((unit, index) => [unit, index])) as Readonly<
  Record<ActionUnit, number>
>;

/** One unit's part in an expression. */
export interface UnitShare {
  readonly unit: ActionUnit;
  /** Activation in [0, 1] when the expression is at intensity 1. */
  readonly share: number;
  /** Chance that a showing of the expression has the unit at all. */
  readonly probability: number;
  /** Shown on one side of the face only. */
  readonly oneSided?: boolean;
}

function always(unit: ActionUnit, share: number): UnitShare {
  return { unit, share, probability: 1 };
}

function sometimes(unit: ActionUnit, share: number, probability: number): UnitShare {
  return { unit, share, probability };
}

/** Usual units of each expression: the core ones always, the variants of the EMFACS tables now and then. */
export const EXPRESSION_UNITS: Readonly<Record<Expression, readonly UnitShare[]>> = {
  neutral: [],
  happy: [always(6, 0.85), always(12, 1), sometimes(25, 0.75, 0.7), sometimes(26, 0.3, 0.25)],
  sad: [always(1, 1), always(4, 0.6), always(15, 0.9), sometimes(17, 0.7, 0.6), sometimes(43, 0.25, 0.4)],
  surprise: [always(1, 0.9), always(2, 1), always(5, 0.7), always(25, 0.7), always(26, 0.9)],
  fear: [
    always(1, 0.85),
    always(2, 0.5),
    always(4, 0.75),
    always(5, 1),
    always(20, 0.95),
    always(25, 0.6),
    sometimes(7, 0.4, 0.4),
    sometimes(26, 0.35, 0.4),
  ],
  disgust: [
    always(9, 1),
    always(10, 0.8),
    sometimes(4, 0.35, 0.4),
    sometimes(16, 0.5, 0.4),
    sometimes(17, 0.6, 0.5),
    sometimes(25, 0.4, 0.3),
  ],
  anger: [
    always(4, 1),
    always(5, 0.5),
    always(7, 0.85),
    always(23, 0.85),
    sometimes(24, 0.8, 0.5),
    sometimes(17, 0.4, 0.3),
  ],
  contempt: [
    { ...always(12, 0.55), oneSided: true },
    { ...always(14, 1), oneSided: true },
  ],
};

/** A place in the plane of valence and arousal, each in [-1, 1]. */
export interface Affect {
  readonly valence: number;
  readonly arousal: number;
}

/**
 * Affect of each expression at intensity 1; at a lower intensity it is scaled down towards neutral (0, 0).
 * Happy to anger are the mean ratings in Russell and Mehrabian 1977, doi:10.1016/0092-6566(77)90037-X. That study has
 * no term "contempt"; its place is our choice, beside disgust on Russell's circumplex (1980, doi:10.1037/h0077714).
 */
export const EXPRESSION_AFFECT: Readonly<Record<Expression, Affect>> = {
  neutral: { valence: 0, arousal: 0 },
  happy: { valence: 0.81, arousal: 0.51 },
  sad: { valence: -0.63, arousal: -0.27 },
  surprise: { valence: 0.4, arousal: 0.67 },
  fear: { valence: -0.64, arousal: 0.6 },
  disgust: { valence: -0.6, arousal: 0.35 },
  anger: { valence: -0.51, arousal: 0.59 },
  contempt: { valence: -0.55, arousal: 0.2 },
};

/** Below this intensity a face is labelled neutral. */
export const NEUTRAL_BELOW = 0.2;
