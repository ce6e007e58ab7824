import type { Device } from "@duchenne/torch";
import type { MethodName } from "../config/config.ts";
import { byol } from "./byol.ts";
import type { BuildSettings, Method } from "./method.ts";
import { mocoV2 } from "./mocoV2.ts";
import { PIECES, type Piece, PieceError } from "./pieces.ts";
import { sslFer } from "./sslFer.ts";

interface MethodEntry {
  readonly build: (settings: BuildSettings) => Method;
  /** The pieces it can do. */
  readonly pieces: readonly Piece[];
  /** Why it cannot do the others. */
  readonly reason?: string;
}

/** Every method by its name; a new one is a file and a line here. SimCLR is SSL-FER with no piece on. */
export const METHODS: Readonly<Record<MethodName, MethodEntry>> = {
  "ssl-fer": { build: sslFer, pieces: PIECES },
  simclr: { build: sslFer, pieces: PIECES },
  "moco-v2": { build: mocoV2, pieces: PIECES },
  byol: {
    build: byol,
    pieces: ["timeAug", "faceSwap", "cutMix"],
    reason: "BYOL has no negatives",
  },
};

/**
 * Refuses pieces that a method cannot do.
 * @param pieces the settings, of which those switched on matter
 * @throws PieceError for the first it cannot
 */
export function checkPieces(method: MethodName, pieces: Readonly<Partial<Record<Piece, boolean>>>): void {
  const { pieces: known, reason } = METHODS[method];
  for (const piece of PIECES)
    if (pieces[piece] && !known.includes(piece)) throw new PieceError(method, piece, `off: ${reason}`, "on");
}

/**
 * A method with fresh weights. They are drawn on the CPU and moved, so that a seed means the same on every device.
 * @throws PieceError for a piece the method cannot do
 */
export function buildMethod(settings: BuildSettings, device: Device): Method {
  checkPieces(settings.method, settings);
  if (settings.maskFn && !(settings.featureLength > 0))
    throw new PieceError(settings.method, "maskFn", "a store with eye+mouth features", "one without");
  const method = METHODS[settings.method].build(settings);
  method.network.to({ device });
  return method;
}

export type { BuildSettings, LossResult, Method, Rows } from "./method.ts";
export { PIECES, type Piece, PieceError } from "./pieces.ts";
