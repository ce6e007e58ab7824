import { fileBytes } from "../datasets/walk.ts";
import type { SourcePlan } from "./plan.ts";

/** Where a run stands. */
export type Progress = {
  sourcesDone: number;
  sourcesTotal: number;
  /** Faces read in this run, those not yet stored included. */
  frames: number;
  framesPerSecond: number;
  /** Undefined until something is done to judge by. */
  secondsLeft: number | undefined;
};

/** A still or a folder of frames counts as much as this many bytes of video. */
const OTHER_WEIGHT_BYTES = 100_000;

/** Keeps the account of a run: what is done, how fast, how long it will take by the bytes that are left. */
export class ProgressMeter {
  readonly #start = performance.now();
  readonly #weights: ReadonlyMap<string, number>;
  readonly #totalWeight: number;
  readonly #sourcesTotal: number;
  #doneWeight = 0;
  #sourcesDone: number;
  #frames = 0;

  /** @param pending sources still to read   @param doneBefore sources read by earlier runs */
  constructor(pending: readonly SourcePlan[], doneBefore: number) {
    this.#weights = new Map(pending.map((plan) => [plan.id, weightOf(plan)]));
    this.#totalWeight = [...this.#weights.values()].reduce((sum, weight) => sum + weight, 0);
    this.#sourcesTotal = pending.length + doneBefore;
    this.#sourcesDone = doneBefore;
  }

  addFrames(count: number): void {
    this.#frames += count;
  }

  sourceDone(id: string): void {
    this.#sourcesDone += 1;
    this.#doneWeight += this.#weights.get(id) ?? 0;
  }

  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  now(): Progress {
    const { seconds } = this;
    const left = this.#totalWeight - this.#doneWeight;
    return {
      sourcesDone: this.#sourcesDone,
      sourcesTotal: this.#sourcesTotal,
      frames: this.#frames,
      framesPerSecond: this.#frames / seconds,
      secondsLeft: this.#doneWeight === 0 ? undefined : (seconds / this.#doneWeight) * left,
    };
  }
}

const weightOf = ({ source }: SourcePlan): number =>
  source.kind === "video" ? fileBytes(source.path) + 1 : OTHER_WEIGHT_BYTES;
