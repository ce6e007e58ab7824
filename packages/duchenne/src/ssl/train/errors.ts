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
