import { ExplainedError } from "../../lib/errors.ts";

/** A plan that cannot be run; the subject names the plan and the key. */
export class PlanError extends ExplainedError {
  override readonly name = "PlanError";
  constructor(
    subject: ConstructorParameters<typeof ExplainedError>[0],
    expected: string,
    received: string,
    remedy: string = "Correct the plan.",
    options?: ErrorOptions,
  ) {
    super(subject, expected, received, remedy, options);
  }
}
