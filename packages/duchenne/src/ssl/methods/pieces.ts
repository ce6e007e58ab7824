/** The method's four pieces, and the paper's ablation CutMix, by their options' names. */
export const PIECES = ["timeAug", "hardNeg", "faceSwap", "maskFn", "cutMix"] as const;
export type Piece = (typeof PIECES)[number];

/** A piece that a method cannot do, or needs more for than it was given. */
export class PieceError extends Error {
  override readonly name = "PieceError";
  constructor(
    readonly method: string,
    readonly piece: Piece,
    readonly expected: string,
    readonly received: string,
  ) {
    super(`${method}: ${piece}: expected ${expected}, received ${received}`);
  }
}
