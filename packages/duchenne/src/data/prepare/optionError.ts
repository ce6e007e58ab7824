import { ExplainedError } from "../../lib/errors.ts";

/** An option of `prepare` that cannot be used, alone or together with the others. */
export class PrepareOptionError extends ExplainedError {
  override readonly name = "PrepareOptionError";
}
