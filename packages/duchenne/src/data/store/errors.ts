import { ExplainedError } from "../../lib/errors.ts";

/** A store that cannot be opened, read or written; `path` is the store's folder, or one of its files. */
export class StoreError extends ExplainedError {
  override readonly name = "StoreError";
  constructor(
    readonly path: string,
    expected: string,
    received: string,
    remedy: string,
    options?: ErrorOptions,
  ) {
    super(path, expected, received, remedy, options);
  }
}

/** The error of a store without a manifest. */
export const noManifest = (path: string): StoreError =>
  new StoreError(
    path,
    "a frame store",
    "one without a manifest",
    "Run `duchenne prepare` again, or check the path.",
  );

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
