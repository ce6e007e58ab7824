import { TorchError, withRemedy } from "../core/errors.ts";

/** What a weights file should have held, and where. */
export interface WeightsErrorFields {
  /** Name of the file, without its folders if it was read from a path. */
  readonly file: string;
  /** Byte in the file (or in the archive entry named by `file`) where reading stopped. */
  readonly offset?: number | undefined;
  /** What is wrong, or which part is (`tensor "fc.weight"`). */
  readonly reason: string;
  readonly expected?: string | undefined;
  readonly received?: string | undefined;
  /** What to do about it, in sentences. Default: to get the file again. */
  readonly remedy?: string | undefined;
}

/** @internal For a file of another kind. */
export const SAVE_AGAIN = "Load it with PyTorch, and save it again: `torch.save(model.state_dict(), path)`.";
/** @internal For an archive of a kind that PyTorch does not write: encrypted, in several parts, or compressed in another way. */
export const SAVE_PLAIN =
  "Save the weights anew with `torch.save`, or as safetensors: PyTorch writes no such archive.";
/** @internal For a pickle of a newer protocol, or with operations that weights do not need. */
export const SAVE_STATE_DICT =
  "Save the state dict alone, with `torch.save(model.state_dict(), path)` and its default protocol, or as safetensors.";
/** @internal For a file of a big-endian machine. */
export const SAVE_LITTLE_ENDIAN = "Save it on a little-endian machine, or as safetensors.";

/** For a file that is damaged: nothing in it can be mended. */
const GET_AGAIN = "The file is damaged, or was not written as a weights file: save or download it again.";

/**
 * A weights file that cannot be read or written as it is: corrupt, hostile, or of a kind not supported.
 * Missing files and permissions stay Node's own errors (`ENOENT`, `EACCES`).
 */
export class WeightsError extends TorchError implements WeightsErrorFields {
  readonly file: string;
  readonly offset: number | undefined;
  readonly reason: string;
  readonly expected: string | undefined;
  readonly received: string | undefined;
  readonly remedy: string;

  constructor(fields: WeightsErrorFields) {
    super(message(fields));
    this.file = fields.file;
    this.offset = fields.offset;
    this.reason = fields.reason;
    this.expected = fields.expected;
    this.received = fields.received;
    this.remedy = fields.remedy ?? GET_AGAIN;
  }
}

function message({
  file,
  offset,
  reason,
  expected,
  received,
  remedy = GET_AGAIN,
}: WeightsErrorFields): string {
  const where = offset === undefined ? file : `${file} at byte ${offset}`;
  const wanted = expected === undefined ? "" : `: expected ${expected}`;
  const got = received === undefined ? "" : `${expected === undefined ? ":" : ","} received ${received}`;
  return withRemedy(`${where}: ${reason}${wanted}${got}`, remedy);
}

const LONGEST_QUOTE = 120;

/** A string from a file as it may stand in a message: quoted, control characters escaped, of bounded length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}
