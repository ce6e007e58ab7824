import { ExplainedError } from "../../lib/errors.ts";

/** One of several processes is about to do something else than the others. */
export class RankMismatchError extends ExplainedError {
  override readonly name = "RankMismatchError";
  constructor(
    readonly rank: number,
    /** A setting, `store`, or the name of a package. */
    readonly what: string,
    expected: string,
    received: string,
  ) {
    super(
      `rank ${rank}: ${what}`,
      `${expected}, as the other processes have`,
      received,
      "Start all processes with the same command, on the same store and version.",
    );
  }
}

/** A loss, or a weight after a step, that is no finite number. */
export class NonFiniteError extends ExplainedError {
  override readonly name = "NonFiniteError";
  constructor(
    /** Updates before the one that failed. */
    readonly step: number,
    /** `loss`, or the state-dict name of a tensor. */
    readonly what: string,
    readonly value: number,
  ) {
    super(
      `step ${step}: ${what}`,
      "a finite number",
      String(value),
      "Try a lower `learningRate` or a longer `warmupSteps`.",
    );
  }
}
