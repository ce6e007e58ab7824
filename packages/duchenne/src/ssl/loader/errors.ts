/** A batch that cannot be had; `path` is the store's folder. */
export class LoaderError extends Error {
  override readonly name = "LoaderError";
  constructor(
    readonly path: string,
    /** The batch's step. */
    readonly step: number,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${path}: batch of step ${step}: ${reason}`, options);
  }
}
