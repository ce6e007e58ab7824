import { OperatorError, TorchError } from "../core/errors.ts";

/** Where a process group met: what its errors name. */
export interface GroupAddress {
  readonly rank: number;
  readonly worldSize: number;
  readonly masterAddress: string;
  readonly masterPort: number;
  readonly timeoutSeconds: number;
}

/**
 * Processes that could not meet, or a collective that failed. After it the group is gone: start all processes again. The
 * message names this rank, the ranks at fault, address and port, and the timeout.
 */
export class ProcessGroupError extends TorchError implements GroupAddress {
  readonly rank: number;
  readonly worldSize: number;
  readonly masterAddress: string;
  readonly masterPort: number;
  readonly timeoutSeconds: number;
  /** The ranks that never joined, ended, were killed or did not answer, as far as they are known. */
  readonly peers: readonly number[];

  constructor(address: GroupAddress, message: string, options?: ErrorOptions) {
    super(message, options);
    this.rank = address.rank;
    this.worldSize = address.worldSize;
    this.masterAddress = address.masterAddress;
    this.masterPort = address.masterPort;
    this.timeoutSeconds = address.timeoutSeconds;
    this.peers = peersIn(message);
  }
}

/** Ranks that a native message accuses: `ranks 1, 3 never joined`, `rank 2 (host, process 7) has ended`. */
function peersIn(message: string): number[] {
  const absent = /: ranks? ([\d, ]+) never joined/.exec(message);
  if (absent) return absent[1]!.split(", ").map(Number);
  return [...message.matchAll(/rank (\d+) \(/g)].map((match) => Number(match[1]));
}

/** What libtorch threw, as an error of the group if it is one. */
export function asGroupError(error: unknown, address: GroupAddress): unknown {
  if (!(error instanceof OperatorError)) return error;
  const start = error.reason.search(/rank \d+ of \d+/);
  if (start < 0) return error;
  return new ProcessGroupError(address, error.reason.slice(start), { cause: error });
}
