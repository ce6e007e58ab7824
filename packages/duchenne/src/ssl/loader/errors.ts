import { ExplainedError } from "../../lib/errors.ts";

/** A batch that cannot be had. */
export class LoaderError extends ExplainedError {
  override readonly name = "LoaderError";
  constructor(
    /** The store's folder. */
    readonly path: string,
    /** The batch's step. */
    readonly step: number,
    received: string,
    remedy: string = "Check the store with `duchenne inspect`.",
    options?: ErrorOptions,
  ) {
    super(`${path}: batch of step ${step}`, "faces that can be read", received, remedy, options);
  }
}
