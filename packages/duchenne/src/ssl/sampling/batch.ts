/** What travels from the sampler to the views: frames of Q clips, in blocks of Q rows. */

/** Blocks in the order of a batch's rows. */
export const BLOCKS = {
  /** SimCLR's two views, or TimeAug's two frames. */
  pairs: ["anchor", "positive"],
  /** With HardNeg: a row's positive is two blocks on, the other two rows of its clip are its hard negatives. */
  quadruples: ["anchor", "hardNegative", "positive", "hardNegativePositive"],
} as const;

/** Two blocks of rows, or four with HardNeg. */
export type Layout = keyof typeof BLOCKS;
/** Name of a block of rows. */
export type BlockName = (typeof BLOCKS)[Layout][number];

/**
 * Decoded frames of one batch. Row r is block ⌊r / clips⌋ of clip r mod clips. Arrays lie in shared memory and are
 * reused: they are valid until the batch is released to the loader.
 */
export interface FrameBatch {
  readonly epoch: number;
  /** Updates before this batch, over the whole run. */
  readonly step: number;
  /** Q, the number of distinct clips. */
  readonly clips: number;
  readonly layout: Layout;
  /** Side of the stored frames, pixels. */
  readonly frameSize: number;
  /** [rows] frame keys in the store. */
  readonly keys: Uint32Array;
  /** [rows, frameSize, frameSize, 3] RGB. */
  readonly images: Uint8Array;
  /** [rows, 68, 2] x, y in stored-frame pixels; NaN throughout a face without landmarks. */
  readonly landmarks: Float32Array;
  /** [rows, featureLength] eye+mouth features; NaN throughout a row without one. */
  readonly features: Float32Array;
  readonly featureLength: number;
  /** Clips too short to keep the hard-negative positive as far from anchor and positive as HardNeg asks. */
  readonly crowdedClips: number;
  /** How strong components are by now, in (0, 1]; absent without a curriculum by progress. */
  readonly strength?: number;
  /** [clips] who is seen; people unknown to the store count one per clip. */
  readonly persons: Int32Array;
  /** [clips] 1 where the hard-negative rows are the clip's own frames, to be warped by the views. Default: none. */
  readonly warped?: Uint8Array;
  /** FaceSwap's other people, one per clip: absent if the run swaps no faces. */
  readonly identity?: {
    readonly keys: Uint32Array;
    /** [clips, frameSize, frameSize, 3] RGB. */
    readonly images: Uint8Array;
    /** [clips, 68, 2]. */
    readonly landmarks: Float32Array;
  };
}

/** What decides how a batch's rows belong together: row r is block ⌊r / clips⌋ of clip r mod clips. */
export interface BatchShape {
  /** Q, the number of distinct clips. */
  readonly clips: number;
  readonly layout: Layout;
}

/** Rows of a batch: two or four per clip. */
export const rowCount = (batch: BatchShape): number => batch.clips * BLOCKS[batch.layout].length;

/** Which part of every batch this process trains on, of several: rank r has clips [r·q, (r + 1)·q) of each block, q = clips / worldSize. */
export interface BatchShare {
  readonly rank: number;
  readonly worldSize: number;
}

/** The shape of a share by itself. @throws RangeError if the clips do not divide among the processes */
export function shapeOfShare({ clips, layout }: BatchShape, { worldSize }: BatchShare): BatchShape {
  if (clips % worldSize !== 0)
    throw new RangeError(
      `shapeOfShare: expected clips that divide among ${worldSize} processes, received ${clips}. Choose a multiple.`,
    );
  return { clips: clips / worldSize, layout };
}

/** Rows of a share in the whole batch, block by block; all of them without one. */
export function rowsOfShare(batch: BatchShape, share: BatchShare | undefined): number[] {
  if (share === undefined) return Array.from({ length: rowCount(batch) }, (_, row) => row);
  const { clips } = shapeOfShare(batch, share);
  return BLOCKS[batch.layout].flatMap((_, block) =>
    Array.from({ length: clips }, (_, i) => block * batch.clips + share.rank * clips + i),
  );
}

/** Half the rows: row r's positive is (r + positiveOffset) mod rows. */
export const positiveOffset = (batch: BatchShape): number => rowCount(batch) / 2;

/** Whether the views warp a row, whose feature and landmarks are then those of the expression that it had. */
export const isWarped = ({ clips, layout, warped }: FrameBatch, row: number): boolean =>
  layout === "quadruples" && Math.floor(row / clips) % 2 === 1 && warped?.[row % clips] === 1;
