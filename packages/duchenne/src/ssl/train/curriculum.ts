/** A curriculum by progress: components grow while the contrast is solved, and wait while it is not. */
import { keep, ops, scope, type Tensor } from "@duchenne/torch";
import { ConfigError, setting } from "../../lib/errors.ts";
import type { PretrainConfig } from "../config/config.ts";

/** What of a run's settings decides how its components grow. */
export type CurriculumSettings = Pick<PretrainConfig, "curriculum" | "curriculumFraction" | "curriculumTop1">;

/** For a checkpoint: what the strengths to come follow from. */
export interface CurriculumState {
  /** Of the block that the next step is in, and of the one after. */
  strengths: [number, number];
  /** Running mean of top-1 over blocks; null before the end of the first. */
  smoothedTop1: number | null;
  /** Sum of top-1 over the steps done of this block. */
  sum: number;
}

/**
 * Updates that have one strength. What a block's strength follows from ends a block before it begins, because batches are made ahead: the
 * strength then depends on the step alone, not on when a thread makes the batch.
 */
export const BLOCK_STEPS = 10;
/** Strength of the first updates: a tenth of each probability and weight. */
const START = 0.1;
/** Share of itself that the running mean keeps at the end of a block. */
const SMOOTHING = 0.5;

/** Strengths of the components, in (0, 1], by the step. */
export class ProgressCurriculum {
  readonly #threshold: number;
  /** How far a block raises the strength. */
  readonly #rise: number;
  readonly #agree: (value: number) => number;
  #block: number;
  #state: CurriculumState;
  #pending: Tensor[] = [];
  /** Of the blocks that ended in this process. */
  readonly #past = new Map<number, number>();

  /**
   * @param totalSteps of the run: at least `curriculumFraction` of them pass before the strength is 1
   * @param step updates done before   @param state from then; absent at the start of a run
   * @param agree the same value in all processes that train together, of their own
   */
  constructor(
    { curriculumTop1, curriculumFraction }: CurriculumSettings,
    totalSteps: number,
    step = 0,
    state: CurriculumState = { strengths: [START, START], smoothedTop1: null, sum: 0 },
    agree: (value: number) => number = (value) => value,
  ) {
    this.#threshold = curriculumTop1;
    this.#rise = ((1 - START) * BLOCK_STEPS) / Math.max(curriculumFraction * totalSteps, BLOCK_STEPS);
    this.#agree = agree;
    this.#block = Math.floor(step / BLOCK_STEPS);
    this.#state = { ...state, strengths: [...state.strengths] };
  }

  /** @param step of this block, of the next one, or of one that ended in this process   @throws RangeError for another */
  strengthOf(step: number): number {
    const block = Math.floor(step / BLOCK_STEPS);
    const ahead = block - this.#block;
    const strength = this.#state.strengths[ahead] ?? this.#past.get(block);
    if (strength === undefined)
      throw new RangeError(
        `strengthOf: expected a step of this block, the next or an earlier one, received ${step}, ${ahead} blocks away. Take the steps in order.`,
      );
    return strength;
  }

  /**
   * Takes a step's figures.
   * @param step updates before it
   * @throws ConfigError for a method whose figures have no `top1`
   */
  add(step: number, { top1 }: Readonly<Record<string, Tensor>>): void {
    if (!top1)
      throw new ConfigError(
        setting("curriculum"),
        "share, for a method without `top1` among its figures",
        "progress",
        "Use another method, or the other curriculum.",
      );
    this.#pending.push(keep(top1.detach().clone()));
    if ((step + 1) % BLOCK_STEPS === 0) this.#endBlock();
  }

  /** For a checkpoint; a GPU has to finish its work first. */
  state(): CurriculumState {
    this.#read();
    return { ...this.#state, strengths: [...this.#state.strengths] };
  }

  #endBlock(): void {
    this.#read();
    const { strengths, smoothedTop1, sum } = this.#state;
    const mean = sum / BLOCK_STEPS;
    const own = smoothedTop1 === null ? mean : SMOOTHING * smoothedTop1 + (1 - SMOOTHING) * mean;
    const smoothed = this.#agree(own);
    const [ended, next] = strengths;
    this.#past.set(this.#block, ended);
    const after = smoothed > this.#threshold ? risen(next, this.#rise) : next;
    this.#state = { strengths: [next, after], smoothedTop1: smoothed, sum: 0 };
    this.#block += 1;
  }

  #read(): void {
    if (this.#pending.length === 0) return;
    const values = scope(() =>
      ops.stack(this.#pending.map((value) => value.to({ dtype: "float64" }))).toTypedArray(),
    );
    for (const tensor of this.#pending) tensor.dispose();
    this.#pending = [];
    for (const value of values) this.#state.sum += Number(value);
  }
}

/** What is left to one after as many rises as reach it, for rounding. */
const ROUNDING = 1e-9;

function risen(strength: number, rise: number): number {
  const after = strength + rise;
  return after > 1 - ROUNDING ? 1 : after;
}
