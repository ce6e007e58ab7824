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
export class StoreOptionsError extends Error {
  override readonly name = "StoreOptionsError";
  constructor(
    readonly path: string,
    readonly option: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(
      `${path}: expected ${option} ${expected}, with which the store was made, received ${received}. ` +
        "Use the same options to continue it, or another --out for a new store.",
    );
  }
}
