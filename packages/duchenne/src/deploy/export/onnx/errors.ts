import { ExplainedError } from "../../../lib/errors.ts";

/** Sources that cannot become a model, or not together. */
export class ExportError extends ExplainedError {
  override readonly name = "ExportError";
}
