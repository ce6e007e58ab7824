/** Errors of @duchenne/face. Each names the file or option, what was expected, what came, and what to do. */

/** What came may be another error's message, which ends with a full stop of its own. */
const withoutStop = (text: string): string => text.replace(/(?<=[\w)"'`])\.$/, "");

/** A file or folder that cannot be read as media. */
export class MediaError extends Error {
  override readonly name = "MediaError";
  /**
   * @param file path as the caller gave it
   * @param expected what would have been right, e.g. "a video stream"
   * @param received what was found, e.g. "audio only"
   */
  constructor(
    readonly file: string,
    readonly expected: string,
    readonly received: string,
    options?: ErrorOptions,
  ) {
    super(
      `${file}: expected ${expected}, received ${withoutStop(received)}. Check or replace the file.`,
      options,
    );
  }
}

/** A fault of the face stage itself: an option out of range, a missing model, a native library that does not load. */
export class FaceError extends Error {
  override readonly name = "FaceError";
  /**
   * @param subject the option, file or part at fault, e.g. "landmarkModel"
   * @param expected what would have been right
   * @param received what was found
   * @param remedy what to do, as a sentence
   */
  constructor(
    readonly subject: string,
    readonly expected: string,
    readonly received: string,
    readonly remedy: string = "Correct it.",
    options?: ErrorOptions,
  ) {
    super(`${subject}: expected ${expected}, received ${withoutStop(received)}. ${remedy}`, options);
  }
}
