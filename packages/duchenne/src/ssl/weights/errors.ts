/** A weights file that could not be fetched; the message names the place to put the file by hand. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
  constructor(
    readonly url: string,
    readonly file: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(
      `${url}: ${reason}. Run the same command again to continue, or put the file there by hand: ${file}`,
      options,
    );
  }
}

/** A file whose bytes are not those its name promises. */
export class HashError extends Error {
  override readonly name = "HashError";
  constructor(
    readonly file: string,
    readonly expected: string,
    readonly received: string,
    whatToDo: string,
  ) {
    super(`${file}: expected a SHA-256 that starts with ${expected}, received ${received}; ${whatToDo}`);
  }
}
