import { ExplainedError } from "../../lib/errors.ts";

/** Message of a store without a manifest. */
export const NO_MANIFEST =
  "expected a frame store, received one without a manifest. Run `duchenne prepare` again, or check the path.";

/** A store that cannot be opened, read or written; `path` is the store's folder. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  constructor(
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${path}: ${message}`, options);
  }
}

/** An existing store was made with other options. */
export class StoreOptionsError extends ExplainedError {
  override readonly name = "StoreOptionsError";
  constructor(
    path: string,
    /** The option that differs. */
    readonly option: string,
    expected: string,
    received: string,
  ) {
    super(
      path,
      `${option} ${expected}, with which the store was made`,
      received,
      "Use the same options to continue it, or another `out` for a new store.",
    );
  }
}
