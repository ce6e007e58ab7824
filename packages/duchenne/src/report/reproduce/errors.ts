/** Something in a plan that cannot be carried out; `place` names the plan and the key. */
export class PlanError extends Error {
  override readonly name = "PlanError";
  constructor(
    readonly place: string,
    readonly expected: string,
    readonly received: string,
    options?: ErrorOptions,
  ) {
    super(`${place}: expected ${expected}, received ${received}`, options);
  }
}
