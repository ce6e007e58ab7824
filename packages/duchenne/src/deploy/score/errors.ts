import { ExplainedError } from "../../lib/errors.ts";

/** A store or an option that a model cannot be scored on. */
export class ScoreError extends ExplainedError {
  override readonly name = "ScoreError";
}
