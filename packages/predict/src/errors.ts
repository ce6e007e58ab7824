/** What came may be another error's message, which ends with a full stop of its own. */
const withoutStop = (text: string): string => text.replace(/(?<=[\w)"'`])\.$/, "");

/** A file of a model that is missing, damaged, or of another kind. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  constructor(
    /** The file, and the field in it: "config.json: id2label". */
    readonly subject: string,
    readonly expected: string,
    readonly received: string,
    options: ErrorOptions & {
      /** What to do, as a sentence. */
      readonly remedy?: string;
    } = {},
  ) {
    const { remedy = "Export the model again.", ...rest } = options;
    super(`${subject}: expected ${expected}, received ${withoutStop(received)}. ${remedy}`, rest);
  }
}

/** Pixels or a face that the model cannot process. */
export class InputError extends Error {
  override readonly name = "InputError";
  constructor(
    /** The argument at fault: "pixels.data", "landmarks". */
    readonly subject: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(`${subject}: expected ${expected}, received ${received}`);
  }
}
