/** One of several processes is about to do something else than the others. */
export class RankMismatchError extends Error {
  override readonly name = "RankMismatchError";
  constructor(
    readonly rank: number,
    /** A setting, `store`, or the name of a package. */
    readonly what: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(
      `rank ${rank}: ${what}: expected ${expected}, as the other processes have, received ${received}. ` +
        "Start all processes with the same command, on the same store and version",
    );
  }
}

/** A loss, or a weight after a step, that is no finite number. */
export class NonFiniteError extends Error {
  override readonly name = "NonFiniteError";
  constructor(
    /** Updates before the one that failed. */
    readonly step: number,
    /** `loss`, or the state-dict name of a tensor. */
    readonly what: string,
    readonly value: number,
  ) {
    super(`step ${step}: ${what} is ${value}`);
  }
}
