/**
 * Whether a face becomes another's little by little, as in a dissolve: each look is like the one before, and in the end none is like
 * those of the beginning. A head that turns away does the same, and so does a face on which the light changes. What tells them apart is
 * what was in between: in a dissolve a mixture of both looks, which no turning head looks like. A face in other light is like the
 * earlier one as soon as the brightness and contrast of their colours are made equal.
 */

import { LOOK_AHEAD_FRAMES } from "../options.ts";
import { type Appearance, unlikeness } from "./appearance.ts";
import { unlikenessInOneLight } from "./relight.ts";

/** Looks in a row that are all unlike the earlier ones. */
const RECENT = 3;
/** Earlier looks are at least this many looks older than the newest, and at most as many more as a long dissolve has. */
const MIN_AGE = 4;
const MAX_TRANSITION = 4;
const EARLIER = 8;
const MIN_EARLIER = 2;
const KEPT = MIN_AGE + MAX_TRANSITION + EARLIER;
/** Recent looks are this unlike all earlier ones if they may be another's. */
const MIN_UNLIKE = 0.75;
/**
 * A look in between is a mixture if one of both sides explains it this much better than either side alone. In clips of one person whose
 * recent looks are unlike the earlier ones, as heads turn, no mixture explains more than 0.7 of what is left; in dissolves 0.2 to 0.6.
 */
const MAX_MIXED = 0.64;
/** A look less unlike one side is that side's. */
const MIN_BETWEEN = 0.25;
const SHARES = [0.3, 0.5, 0.7];
/** Recent looks this unlike all earlier ones are another's without a mixture, if the head is turned as before; else by so much more a degree. */
const MIN_UNLIKE_AS_TURNED = 0.94;
const AS_TURNED_DEGREES = 4;
const UNLIKE_PER_DEGREE = 0.03;
/**
 * A look this unlike one of the oldest in one light is that person's. Of two people: above 0.7 in 999 of 1,000 (3,243 pairs of 139
 * people); of one person half a second later, in light that is dimmed, red or veiled: below it in 95 of 100.
 */
const MAX_UNLIKE_IN_ONE_LIGHT = 0.65;
/** The oldest looks, which are no mixtures. */
const OLDEST = 4;

/** A look, and the frame that it is of. */
export interface IndexedLook {
  readonly index: number;
  readonly look: Appearance;
}

/** The last seconds of a track, compared with what comes. */
export class Drift {
  /** Oldest first. */
  #looks: IndexedLook[] = [];
  /** Looks to come that cannot be another's yet, since the recent ones include one that is like the earlier ones. */
  #idle = 0;

  /** From now on the track is on the person of these looks. */
  restart(looks: readonly IndexedLook[]): void {
    this.#looks = [...looks];
    this.#idle = 0;
  }

  /** Adds the newest look. @returns the looks that are another person's, the newest included; none as long as the person stays */
  next(newest: IndexedLook): IndexedLook[] {
    if (this.#looks.at(-1)?.index !== newest.index) this.#looks = [...this.#looks, newest].slice(-KEPT);
    if (this.#idle > 0) {
      this.#idle -= 1;
      return [];
    }
    const earlier = this.#earlierThan(newest);
    if (earlier.length === 0 || !this.#isAnother(earlier) || this.#isInOtherLight(earlier)) return [];
    return this.#changed(newest, earlier);
  }

  /** The looks that all recent ones are unlike, oldest first; none if there are too few. */
  #earlierThan({ look }: IndexedLook): IndexedLook[] {
    const last = this.#looks.length - 1;
    if (last < MIN_AGE + MIN_EARLIER - 1) return [];
    // This one is among the earlier looks however long the transition was: nearly always it is enough.
    const pivot = this.#looks[Math.max(0, last - MIN_AGE - MAX_TRANSITION)]!;
    if (remembered(pivot.look, look) < MIN_UNLIKE) {
      this.#idle = RECENT - 1;
      return [];
    }
    const recent = this.#looks.slice(-RECENT);
    for (let age = MIN_AGE; age <= MIN_AGE + MAX_TRANSITION; age++) {
      const earlier = this.#looks.slice(Math.max(0, last - age - EARLIER + 1), Math.max(0, last - age + 1));
      if (earlier.length < MIN_EARLIER) return [];
      if (areUnlike(earlier, recent, MIN_UNLIKE)) return earlier;
    }
    return [];
  }

  #isAnother(earlier: readonly IndexedLook[]): boolean {
    const recent = this.#looks.slice(-RECENT);
    const turned = Math.min(
      ...earlier.map((one) => Math.abs(one.look.yawDegrees - recent.at(-1)!.look.yawDegrees)),
    );
    const limit = MIN_UNLIKE_AS_TURNED + UNLIKE_PER_DEGREE * Math.max(0, turned - AS_TURNED_DEGREES);
    if (areUnlike(earlier, recent, limit)) return true;
    const before = this.#looks.indexOf(earlier.at(-1)!);
    const between = this.#looks.slice(before + 1, -RECENT);
    return earlier
      .slice(-2)
      .some((a) =>
        recent.slice(0, -1).some((b) => between.some((one) => isMixture(one.look, a.look, b.look))),
      );
  }

  /** Whether the newest look is like one of the oldest but for the light. */
  #isInOtherLight(earlier: readonly IndexedLook[]): boolean {
    const { look } = this.#looks.at(-1)!;
    return earlier
      .slice(0, OLDEST)
      .some((one) => unlikenessInOneLight(one.look, look) < MAX_UNLIKE_IN_ONE_LIGHT);
  }

  #changed(newest: IndexedLook, earlier: readonly IndexedLook[]): IndexedLook[] {
    const within = this.#looks.filter(({ index }) => index >= newest.index - LOOK_AHEAD_FRAMES);
    return within.filter((one) => !earlier.includes(one) && areUnlike(earlier, [one], MIN_UNLIKE));
  }
}

/** Whether each of some looks is at least so unlike each of the others. Those next to each other in time first: they tell soonest. */
function areUnlike(earlier: readonly IndexedLook[], later: readonly IndexedLook[], least: number): boolean {
  return earlier.toReversed().every((a) => later.every((b) => remembered(a.look, b.look) >= least));
}

const comparisons = new WeakMap<Appearance, WeakMap<Appearance, number>>();

/** As `unlikeness`; two looks are compared once, though they are in several windows. */
function remembered(one: Appearance, other: Appearance): number {
  const known = comparisons.get(one) ?? new WeakMap<Appearance, number>();
  comparisons.set(one, known);
  const value = known.get(other) ?? unlikeness(one, other);
  known.set(other, value);
  return value;
}

/** Whether the look is explained by a mixture of two looks, better than by one of them. */
function isMixture(look: Appearance, a: Appearance, b: Appearance): boolean {
  const nearest = Math.min(remembered(a, look), remembered(look, b));
  if (nearest < MIN_BETWEEN || Math.max(remembered(a, look), remembered(look, b)) > remembered(a, b))
    return false;
  return SHARES.some((share) => unlikeness(mixed(a, b, share), look) <= MAX_MIXED * nearest);
}

function mixed(a: Appearance, b: Appearance, share: number): Appearance {
  const mix = (from: number, to: number) => from + share * (to - from);
  const picture = new Uint8Array(a.picture.length);
  for (let i = 0; i < picture.length; i += 4) {
    for (let k = i; k < i + 3; k++) picture[k] = mix(a.picture[k]!, b.picture[k]!);
    picture[i + 3] = Math.min(a.picture[i + 3]!, b.picture[i + 3]!);
  }
  return { picture, light: mix(a.light, b.light), yawDegrees: mix(a.yawDegrees, b.yawDegrees) };
}
