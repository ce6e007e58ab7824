/** A plan that cannot be run; `place` names the plan and the key. */
export class PlanError extends Error {
  override readonly name = "PlanError";
  constructor(
    readonly place: string,
    readonly expected: string,
    readonly received: string,
    /** What to do, as a sentence. */
    readonly remedy: string = "Correct the plan.",
    options?: ErrorOptions,
  ) {
    super(`${place}: expected ${expected}, received ${received}. ${remedy}`, options);
  }
}
