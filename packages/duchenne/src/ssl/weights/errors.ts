import { ExplainedError } from "../../lib/errors.ts";

/** A weights file that could not be fetched; the remedy names the place to put the file by hand. */
export class DownloadError extends ExplainedError {
  override readonly name = "DownloadError";
  constructor(
    readonly url: string,
    readonly file: string,
    received: string,
    options?: ErrorOptions,
  ) {
    const remedy = `Run the same command again to continue, or put the file there by hand: ${file}`;
    super(url, "a file to download", received, remedy, options);
  }
}

/** A file whose bytes are not those its name promises. */
export class HashError extends ExplainedError {
  override readonly name = "HashError";
  constructor(
    readonly file: string,
    expected: string,
    received: string,
    remedy: string,
  ) {
    super(file, `a SHA-256 that starts with ${expected}`, received, remedy);
  }
}
