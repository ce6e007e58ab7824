/**
 * The script of one clip: which expressions an actor shows when, and everything else that moves. A script is a pure
 * function of a random stream; a frame of it is a pure function of time, so labels need no film.
 */

import type { Expression } from "../../lib/expressions.ts";
import type { Random } from "../../lib/random.ts";
import { EXPRESSION_AFFECT, NEUTRAL_BELOW, UNIT_INDEX, UNIT_ORDER } from "./actionUnits.ts";
import {
  blinkAt,
  type HeadMotion,
  headMotionAt,
  type Pose,
  planBlinks,
  planHeadMotion,
  planTalk,
  type Talk,
  talkAt,
} from "./nuisance.ts";
import { clamp, smoothstep } from "./numeric.ts";
import { drawShowing, type Showing } from "./showing.ts";

/** Range of the expressions' peak intensities. */
export interface IntensityRange {
  readonly low: number;
  readonly high: number;
}

/** Everything that happens in a clip. */
export interface ClipScript {
  readonly seconds: number;
  readonly showings: readonly Showing[];
  readonly blinkTimes: readonly number[];
  readonly talk: Talk;
  readonly motion: HeadMotion;
}

/** What a frame is labelled with. */
export interface FrameLabel {
  readonly expression: Expression;
  /** [0, 1]; the strongest expression's, and below 0.2 the label is neutral. */
  readonly intensity: number;
  readonly valence: number;
  readonly arousal: number;
  /** [21] mean of both sides, in `UNIT_ORDER`, each in [0, 1]. */
  readonly units: Float64Array;
}

/** Everything that a frame shows. */
export interface FrameState extends FrameLabel {
  readonly timeSeconds: number;
  /** [21] activation on the image's left half of the face, in [0, 1]. */
  readonly unitsLeft: Float64Array;
  /** [21] activation on the image's right half. */
  readonly unitsRight: Float64Array;
  readonly pose: Pose;
  /** Gaze in radians from straight ahead. */
  readonly gazeX: number;
  readonly gazeY: number;
  /** Relative brightness drift and drift of the key light's direction in radians. */
  readonly lightGain: number;
  readonly lightTurn: number;
}

const SHOWING_SECONDS = { low: 2, high: 4 } as const;
/** Neighbouring expressions overlap by this much: one fades while the next sets in. */
const OVERLAP_SECONDS = 0.25;

/**
 * Plans a clip.
 * @param rng the clip's own stream
 * @param seconds length of the clip, above 0
 * @param expressions what to show, in order; taken from the front as often as the clip has room
 * @param intensity range of peak intensities
 */
export function planClip(
  rng: Random,
  seconds: number,
  expressions: readonly Expression[],
  intensity: IntensityRange,
): ClipScript {
  return {
    seconds,
    showings: planShowings(rng.fork("showings"), seconds, expressions, intensity),
    blinkTimes: planBlinks(rng.fork("blinks"), seconds),
    talk: planTalk(rng.fork("talk"), seconds),
    motion: planHeadMotion(rng.fork("motion")),
  };
}

function planShowings(
  rng: Random,
  seconds: number,
  expressions: readonly Expression[],
  intensity: IntensityRange,
): Showing[] {
  const showings: Showing[] = [];
  let start = 0;
  for (const expression of expressions) {
    const left = seconds - start;
    if (left < SHOWING_SECONDS.low && showings.length > 0) break;
    const drawn = rng.uniform(SHOWING_SECONDS.low, SHOWING_SECONDS.high);
    // A rest too short for another expression goes to this one, within the four seconds an expression may last.
    const rest = left - drawn;
    const lasts = rest < SHOWING_SECONDS.low ? Math.min(left, SHOWING_SECONDS.high) : drawn;
    showings.push(drawShowing(rng.fork(`showing/${showings.length}`), expression, start, lasts, intensity));
    start += lasts - OVERLAP_SECONDS;
  }
  return showings;
}

/** Envelope in [0, 1] of a showing: onset, apex, offset. */
export function envelope(showing: Showing, timeSeconds: number): number {
  const t = timeSeconds - showing.startSeconds;
  const rising = smoothstep(0, showing.onsetSeconds, t);
  const falling = 1 - smoothstep(showing.seconds - showing.offsetSeconds, showing.seconds, t);
  return rising * falling;
}

/** Time in the middle of a showing's apex, in seconds of the clip. */
export function apexSeconds(showing: Showing): number {
  return showing.startSeconds + (showing.onsetSeconds + showing.seconds - showing.offsetSeconds) / 2;
}

/** @returns the state of the face at a time of the clip */
export function frameAt(script: ClipScript, timeSeconds: number): FrameState {
  const left = new Float64Array(UNIT_ORDER.length);
  const right = new Float64Array(UNIT_ORDER.length);
  addShowings(script, timeSeconds, left, right);
  talkAt(script.talk, timeSeconds, left, right);
  const blink = blinkAt(script.blinkTimes, timeSeconds);
  left[UNIT_INDEX[45]] = blink;
  right[UNIT_INDEX[45]] = blink;
  for (let i = 0; i < left.length; i += 1) {
    left[i] = clamp(left[i]!, 0, 1);
    right[i] = clamp(right[i]!, 0, 1);
  }
  return {
    timeSeconds,
    ...affectAt(script, timeSeconds),
    units: left.map((value, i) => (value + right[i]!) / 2),
    unitsLeft: left,
    unitsRight: right,
    ...headMotionAt(script.motion, timeSeconds),
  };
}

function addShowings(script: ClipScript, timeSeconds: number, left: Float64Array, right: Float64Array): void {
  for (const showing of script.showings) {
    const strength = envelope(showing, timeSeconds);
    if (strength === 0) continue;
    for (let i = 0; i < left.length; i += 1) {
      // Two overlapping expressions never exceed what one muscle can do; the stronger pull wins.
      left[i] = Math.max(left[i]!, strength * showing.unitsLeft[i]!);
      right[i] = Math.max(right[i]!, strength * showing.unitsRight[i]!);
    }
  }
}

function affectAt(script: ClipScript, timeSeconds: number): Omit<FrameLabel, "units"> {
  let strongest: Expression = "neutral";
  let intensity = 0;
  let valence = 0;
  let arousal = 0;
  for (const showing of script.showings) {
    const strength = envelope(showing, timeSeconds);
    for (const part of showing.parts) {
      const affect = EXPRESSION_AFFECT[part.expression];
      valence += strength * part.intensity * affect.valence;
      arousal += strength * part.intensity * affect.arousal;
    }
    const main = showing.parts[0];
    if (main && strength * main.intensity > intensity) {
      intensity = strength * main.intensity;
      strongest = main.expression;
    }
  }
  return {
    expression: intensity < NEUTRAL_BELOW ? "neutral" : strongest,
    intensity,
    valence: clamp(valence, -1, 1),
    arousal: clamp(arousal, -1, 1),
  };
}
