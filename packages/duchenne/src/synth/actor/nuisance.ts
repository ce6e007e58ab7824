/** What moves without meaning anything: blinks, talk, the head, the gaze and the light. */
import type { Random } from "../../lib/random.ts";
import { type ActionUnit, UNIT_INDEX } from "./actionUnits.ts";
import { smoothstep } from "./numeric.ts";

const BLINK_SECONDS = 0.24;
/** Adults blink 15 to 20 times a minute when they look at something. */
const SECONDS_BETWEEN_BLINKS = 3.2;

/** @returns start times in seconds, ascending */
export function planBlinks(rng: Random, seconds: number): number[] {
  const times: number[] = [];
  let next = rng.uniform(0.2, SECONDS_BETWEEN_BLINKS);
  while (next < seconds) {
    times.push(next);
    next += 0.6 - (SECONDS_BETWEEN_BLINKS - 0.6) * Math.log(1 - rng.uniform());
  }
  return times;
}

/** @returns closure in [0, 1]: lids fall faster than they rise */
export function blinkAt(blinkTimes: readonly number[], timeSeconds: number): number {
  for (const start of blinkTimes) {
    const phase = (timeSeconds - start) / BLINK_SECONDS;
    if (phase > 0 && phase < 1) return smoothstep(0, 0.35, phase) * (1 - smoothstep(0.45, 1, phase));
  }
  return 0;
}

/** Spans of speech; the mouth moves by a sum of two rhythms, so that no two syllables are alike. */
export interface Talk {
  readonly spans: readonly { readonly start: number; readonly end: number }[];
  readonly loudness: number;
  readonly syllablesHz: number;
  readonly phase: number;
}

const TALK_PROBABILITY = 0.4;

/** Plans at most one span of speech a clip. */
export function planTalk(rng: Random, seconds: number): Talk {
  const talks = rng.chance(TALK_PROBABILITY);
  const start = rng.uniform(0, Math.max(0, seconds - 1.5));
  return {
    spans: talks ? [{ start, end: start + rng.uniform(1, 2.5) }] : [],
    loudness: rng.uniform(0.5, 1),
    syllablesHz: rng.uniform(3.5, 5),
    phase: rng.uniform(0, 2 * Math.PI),
  };
}

/** Adds speech to both halves' activations. */
export function talkAt(talk: Talk, timeSeconds: number, left: Float64Array, right: Float64Array): void {
  for (const { start, end } of talk.spans) {
    const edge = smoothstep(start, start + 0.15, timeSeconds) * (1 - smoothstep(end - 0.2, end, timeSeconds));
    if (edge === 0) continue;
    const beat = 2 * Math.PI * talk.syllablesHz * timeSeconds + talk.phase;
    const open = edge * talk.loudness * (0.5 + 0.5 * Math.sin(beat)) * (0.7 + 0.3 * Math.sin(beat * 0.37));
    const round = edge * talk.loudness * Math.max(0, Math.sin(beat * 0.29 + 1));
    const add = (unit: ActionUnit, amount: number): void => {
      left[UNIT_INDEX[unit]]! += amount;
      right[UNIT_INDEX[unit]]! += amount;
    };
    add(25, 0.35 * open);
    add(26, 0.3 * open);
    add(18, 0.35 * round);
  }
}

interface Wave {
  readonly amplitude: number;
  readonly hertz: number;
  readonly phase: number;
}

/** Rotation in radians (positive: to the image's right, down, clockwise) and shift in millimetres. */
export interface Pose {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

/** Slow sways, each a mean and two waves. */
export interface HeadMotion {
  readonly sways: Readonly<Record<SwayName, { readonly mean: number; readonly waves: readonly Wave[] }>>;
  /** A nod or a shake of the head, or neither. */
  readonly gesture: { readonly axis: "yaw" | "pitch"; readonly start: number; readonly size: number } | null;
}

/** Spread of the mean and size of the waves: radians, millimetres or fractions. */
const SWAYS = {
  yaw: { spread: 0.12, size: 0.1 },
  pitch: { spread: 0.05, size: 0.06 },
  roll: { spread: 0.04, size: 0.04 },
  shiftX: { spread: 6, size: 4 },
  shiftY: { spread: 4, size: 3 },
  gazeX: { spread: 0.06, size: 0.1 },
  gazeY: { spread: 0.04, size: 0.05 },
  lightGain: { spread: 0.03, size: 0.05 },
  lightTurn: { spread: 0.08, size: 0.15 },
} as const;

type SwayName = keyof typeof SWAYS;

const GESTURE_SECONDS = 1.4;

/** Draws the head motion of a clip. @param rng its own stream */
export function planHeadMotion(rng: Random): HeadMotion {
  const plan = (name: SwayName): HeadMotion["sways"][SwayName] => {
    const own = rng.fork(name);
    const { spread, size } = SWAYS[name];
    const wave = (low: number, high: number, scale: number): Wave => ({
      amplitude: own.normal(0, size * scale),
      hertz: own.uniform(low, high),
      phase: own.uniform(0, 2 * Math.PI),
    });
    return { mean: own.normal(0, spread), waves: [wave(0.08, 0.2, 1), wave(0.25, 0.6, 0.4)] };
  };
  const sways = Object.fromEntries(
    (Object.keys(SWAYS) as SwayName[]).map((name) => [name, plan(name)]),
  ) as HeadMotion["sways"];
  const own = rng.fork("gesture");
  const axis = own.chance(0.5) ? "yaw" : "pitch";
  const gesture = { axis, start: own.uniform(0, 6), size: own.uniform(0.04, 0.1) } as const;
  return { sways, gesture: own.chance(0.35) ? gesture : null };
}

/** @returns pose, gaze and light at a time */
export function headMotionAt(
  motion: HeadMotion,
  timeSeconds: number,
): { pose: Pose; gazeX: number; gazeY: number; lightGain: number; lightTurn: number } {
  const at = (name: SwayName): number => {
    const { mean, waves } = motion.sways[name];
    return waves.reduce(
      (sum, wave) => sum + wave.amplitude * Math.sin(2 * Math.PI * wave.hertz * timeSeconds + wave.phase),
      mean,
    );
  };
  const yaw = limit(at("yaw") + gestureAt(motion, "yaw", timeSeconds), 0.34);
  const pitch = limit(at("pitch") + gestureAt(motion, "pitch", timeSeconds), 0.2);
  return {
    pose: { yaw, pitch, roll: limit(at("roll"), 0.2), shiftX: at("shiftX"), shiftY: at("shiftY") },
    // Eyes hold on to what they look at: they turn against the head.
    gazeX: limit(at("gazeX") - 0.5 * yaw, 0.4),
    gazeY: limit(at("gazeY") - 0.5 * pitch, 0.25),
    lightGain: 1 + at("lightGain"),
    lightTurn: at("lightTurn"),
  };
}

function gestureAt(motion: HeadMotion, axis: "yaw" | "pitch", timeSeconds: number): number {
  const { gesture } = motion;
  if (gesture?.axis !== axis) return 0;
  const phase = (timeSeconds - gesture.start) / GESTURE_SECONDS;
  if (phase <= 0 || phase >= 1) return 0;
  return gesture.size * Math.sin(2 * Math.PI * 2 * phase) * Math.sin(Math.PI * phase);
}

/** Bends a value smoothly so that it stays within ±bound: a HOG detector is blind to profiles. */
function limit(value: number, bound: number): number {
  return bound * Math.tanh(value / bound);
}
