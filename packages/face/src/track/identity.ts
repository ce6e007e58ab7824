/**
 * Whether a track is still on the same person. Each new look is compared with the last ones that were certain. A look that is like
 * none of them is only suspect, since heads turn and hands pass: the next few looks decide, all of them against all of the certain ones.
 * A change in small steps, each of them certain, is left to `Drift`.
 */

import { type Appearance, unlikeness } from "./appearance.ts";
import { Drift, type IndexedLook } from "./drift.ts";

/** Certain looks that are remembered: two seconds at the default rate. */
const MAX_KNOWN = 8;
/** A look this much like a certain one is the same person's. */
const SAME = 0.45;
/**
 * Suspects that are more unlike all certain looks than this multiple of the mean step from look to look, within these bounds, are
 * another person's: a lively face may change more at once. Over 4,364 places in 177 tracks of real clips that cuts none; of 2,500
 * tracks continued by those of other people it misses 0.1 %, of 2,000 such tracks of synthetic actors 0.1 %.
 */
const OTHER_PER_STEP = 5;
const MIN_OTHER = 0.5;
const MAX_OTHER = 1;
/** With fewer looks to judge by, at the end of a track or if the person is back at once, the limit is higher. */
const CAUTION = 1.25;
/**
 * At the end of a track nothing shows whether a turned head turns back. Looks that are turned this far from each other are allowed more:
 * two frames of a head that turns by 30 degrees at the end of a real clip are as unlike its other frames as 1.35 allows.
 */
const CAUTION_TURNED = 1.35;
const TURNED_DEGREES = 20;

const cautionAtEnd = (a: Appearance, b: Appearance): number =>
  Math.abs(a.yawDegrees - b.yawDegrees) >= TURNED_DEGREES ? CAUTION_TURNED : CAUTION;

/** Taken for the mean step before there are two looks. */
const UNKNOWN_STEP = 0.2;
/** Steps that the mean is of, on the certain side. */
const STEPS = 5;
/** Frames until suspects are decided on. Crops wait as long: see `LOOK_AHEAD_FRAMES`. */
const DECISION_FRAMES = 3;

/** Frames of a track that show another person: from `first` on, and up to `last`, unless the track stays with that person. */
export interface Change {
  readonly first: number;
  readonly last: number | null;
}

interface Suspect extends IndexedLook {
  /** Number of the call of `next`. */
  readonly call: number;
}

/** Remembers what a track's face looks like, and notices if it becomes another's. */
export class Identity {
  #known: Appearance[] = [];
  #steps: number[] = [];
  #suspects: Suspect[] = [];
  #calls = 0;
  #latest: { known: Appearance; look: Appearance; value: number } | undefined;
  readonly #drift = new Drift();

  /** The smallest unlikeness to the certain looks; infinite before there are any. */
  distanceTo(look: Appearance): number {
    return Math.min(...this.#known.map((known) => unlikeness(known, look)));
  }

  /** True if the look is certainly of the same person. Newest first: that is nearly always enough. */
  isSame(look: Appearance): boolean {
    for (let i = this.#known.length - 1; i >= 0; i--)
      if (this.#unlikeness(this.#known[i]!, look) <= SAME) return true;
    return false;
  }

  /**
   * The face's look in the frame `index`; null if the track has no face there. Call once a frame.
   * @returns the frames that are another person's, as far as that has become certain
   */
  next(look: Appearance | null, index: number): Change[] {
    const changes = this.#compare(look, index);
    if (look === null) return changes;
    const drifted = this.#drift.next({ index, look });
    return changes.length > 0 || drifted.length === 0 ? changes : [this.#becomeAnother(drifted)];
  }

  #compare(look: Appearance | null, index: number): Change[] {
    this.#calls += 1;
    if (look !== null && this.#known.length > 0 && !this.isSame(look)) {
      this.#suspects.push({ index, call: this.#calls, look });
    } else if (look !== null) {
      this.#know(look);
      if (this.#suspects.length > 0) return this.#decide("back");
    }
    return this.#isDue(this.#suspects) ? this.#decide() : [];
  }

  /** The track ends here. @returns as `next` */
  finish(): Change[] {
    return this.#suspects.length > 0 ? this.#decide("end") : [];
  }

  #isDue([first]: readonly Suspect[]): boolean {
    return first !== undefined && this.#calls - first.call >= DECISION_FRAMES - 1;
  }

  /** @param over why no more looks will come that could tell more of these suspects; absent if more will */
  #decide(over?: "back" | "end"): Change[] {
    const isOver = over !== undefined;
    const others = this.#unlinked(over === "end" ? cautionAtEnd : () => (isOver ? CAUTION : 1));
    const linked = this.#suspects.filter((one) => !others.includes(one));
    for (const { look } of linked) this.#know(look, false);
    const runs = runsOf(this.#suspects, others);
    this.#suspects = [];
    const last = runs.at(-1);
    if (isOver || last === undefined || last.at(-1)!.index < (linked.at(-1)?.index ?? 0))
      return runs.map(changeOf);
    const ended = runs.slice(0, -1).map(changeOf);
    if (this.#isDue(last)) return [...ended, this.#becomeAnother(last)];
    this.#suspects = [...last];
    return ended;
  }

  /** From now on the track is on the person of these looks. */
  #becomeAnother(looks: readonly IndexedLook[]): Change {
    this.#known = [];
    this.#steps = [];
    this.#suspects = [];
    for (const { look } of looks) this.#know(look);
    this.#drift.restart(looks);
    return { first: looks[0]!.index, last: null };
  }

  /**
   * Suspects unlike all certain looks, and unlike all suspects that are like one of these.
   * @param caution by how much the limit of two looks is higher
   */
  #unlinked(caution: (a: Appearance, b: Appearance) => number): Suspect[] {
    const limit = this.#limit();
    const near = (a: Appearance, b: Appearance) => unlikeness(a, b) <= limit * caution(a, b);
    let linked = this.#known;
    let rest = this.#suspects;
    while (linked.length > 0 && rest.length > 0) {
      const isLinked = ({ look }: Suspect) => linked.some((one) => near(one, look));
      const more = rest.filter(isLinked);
      rest = rest.filter((one) => !more.includes(one));
      linked = more.map(({ look }) => look);
    }
    return rest;
  }

  /** By the steps on both sides of the change. */
  #limit(): number {
    const after = this.#suspects.slice(1).map(({ look }, i) => unlikeness(this.#suspects[i]!.look, look));
    const steps = [...this.#steps, ...after];
    const mean =
      steps.length === 0 ? UNKNOWN_STEP : steps.reduce((sum, step) => sum + step, 0) / steps.length;
    return Math.min(MAX_OTHER, Math.max(MIN_OTHER, OTHER_PER_STEP * mean));
  }

  #know(look: Appearance, isNext = true): void {
    const last = this.#known.at(-1);
    if (isNext && last !== undefined)
      this.#steps = [...this.#steps, this.#unlikeness(last, look)].slice(-STEPS);
    this.#known = [...this.#known, look].slice(-MAX_KNOWN);
  }

  /** The comparison with the last certain look is asked for twice. */
  #unlikeness(known: Appearance, look: Appearance): number {
    const latest = this.#latest;
    if (latest?.known === known && latest.look === look) return latest.value;
    const value = unlikeness(known, look);
    if (known === this.#known.at(-1)) this.#latest = { known, look, value };
    return value;
  }
}

/** The suspects that are another person's, those in a row together. */
function runsOf(suspects: readonly Suspect[], others: readonly Suspect[]): Suspect[][] {
  const runs: Suspect[][] = [];
  for (const [i, one] of suspects.entries()) {
    if (!others.includes(one)) continue;
    if (i > 0 && others.includes(suspects[i - 1]!)) runs.at(-1)!.push(one);
    else runs.push([one]);
  }
  return runs;
}

const changeOf = (run: readonly Suspect[]): Change => ({ first: run[0]!.index, last: run.at(-1)!.index });
