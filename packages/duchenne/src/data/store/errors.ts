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

/** An existing store was made with another setting than the one asked for now. */
export class StoreOptionsError extends Error {
  override readonly name = "StoreOptionsError";
  constructor(
    readonly path: string,
    readonly option: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(
      `${path}: this store was made with ${option} ${expected}, not ${received}; ` +
        "use the same options to go on with it, or another --out for a new store",
    );
  }
}
