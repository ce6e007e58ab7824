import { FaceError, MediaError } from "../errors.ts";

/** Codes of errors that mean a broken installation, of which no file is the cause. */
const INSTALLATION_FAULTS: ReadonlySet<unknown> = new Set([
  "ERR_MODULE_NOT_FOUND",
  "MODULE_NOT_FOUND",
  "ERR_DLOPEN_FAILED",
]);

/**
 * What to throw for an error met while a file was decoded. Decoders fail in ways of their own, which do not say with which file;
 * as a MediaError the failure names it, and ends no run over many files.
 */
export function decodingFault(path: string, error: unknown): unknown {
  if (error instanceof MediaError) return error;
  if (error instanceof Error && "code" in error && INSTALLATION_FAULTS.has(error.code)) return error;
  if (error instanceof FaceError)
    return new MediaError(path, error.expected, error.received, { cause: error });
  const received = error instanceof Error ? error.message : String(error);
  return new MediaError(path, "media that can be decoded", received, { cause: error });
}
