/** A file of a model that is missing, damaged, or not ours. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  constructor(
    /** The file, and the field in it: "config.json: id2label". */
    readonly subject: string,
    readonly expected: string,
    readonly received: string,
    options?: ErrorOptions,
  ) {
    super(`${subject}: expected ${expected}, received ${received}`, options);
  }
}

/** Pixels or a face that cannot be looked at. */
export class InputError extends Error {
  override readonly name = "InputError";
  constructor(
    /** What was given: "pixels.data", "landmarks". */
    readonly subject: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(`${subject}: expected ${expected}, received ${received}`);
  }
}
