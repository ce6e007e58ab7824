import { TorchError } from "../core/errors.ts";

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
}

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

  constructor(fields: WeightsErrorFields) {
    super(message(fields));
    this.file = fields.file;
    this.offset = fields.offset;
    this.reason = fields.reason;
    this.expected = fields.expected;
    this.received = fields.received;
  }
}

function message({ file, offset, reason, expected, received }: WeightsErrorFields): string {
  const where = offset === undefined ? file : `${file} at byte ${offset}`;
  const wanted = expected === undefined ? "" : `: expected ${expected}`;
  const got = received === undefined ? "" : `${expected === undefined ? ":" : ","} received ${received}`;
  return `${where}: ${reason}${wanted}${got}`;
}

const LONGEST_QUOTE = 120;

/** A string from a file as it may stand in a message: quoted, control characters escaped, of bounded length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}
