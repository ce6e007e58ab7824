import { ExplainedError } from "../lib/errors.ts";

/** An option of the synthetic data set that cannot be used, or an output folder that holds something else. */
export class SynthError extends ExplainedError {
  override readonly name = "SynthError";
}
