/** A setting that is unknown, out of range, or does not go with the others. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(
    /** Where it was given: `--batch`, or `tiny.json: batch`. */
    readonly option: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(`${option}: expected ${expected}, received ${received}`);
  }
}

/** A run folder that cannot be used as asked; the message says how to go on. */
export class RunFolderError extends Error {
  override readonly name = "RunFolderError";
  constructor(
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${path}: ${message}`, options);
  }
}

/** A checkpoint that is damaged, or does not fit what it is loaded into. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
  constructor(
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${path}: ${message}`, options);
  }
}

/** Something that could not be written, for Node's own errors name no file. */
export class WriteError extends Error {
  override readonly name = "WriteError";
  constructor(
    readonly path: string,
    override readonly cause: Error,
  ) {
    super(`${path}: could not be written (${cause.message}): is the disk full?`);
  }
}

/** A loss, or a weight after a step, that is no finite number. */
export class NonFiniteError extends Error {
  override readonly name = "NonFiniteError";
  constructor(
    /** Updates before the one that failed. */
    readonly step: number,
    /** `loss`, or the state-dict name of a tensor. */
    readonly what: string,
    readonly value: number,
  ) {
    super(`step ${step}: ${what} is ${value}`);
  }
}
