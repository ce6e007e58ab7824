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

/** An option that is unknown, or pixels or a face that the model cannot process. */
export class InputError extends Error {
  override readonly name = "InputError";
  constructor(
    /** The argument at fault: "pixels.data", "landmarks", "loadRuntime: threads". */
    readonly subject: string,
    readonly expected: string,
    readonly received: string,
    /** What to do, as a sentence. */
    readonly remedy: string = "Correct the argument.",
  ) {
    super(`${subject}: expected ${expected}, received ${withoutStop(received)}. ${remedy}`);
  }
}
