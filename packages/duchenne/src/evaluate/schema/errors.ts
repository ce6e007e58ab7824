import { ExplainedError } from "../../lib/errors.ts";

/** A data set, a file or an option that an evaluation cannot use. */
export class ProbeError extends ExplainedError {
  override readonly name = "ProbeError";
}
