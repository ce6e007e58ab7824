import { ArgumentError, type Tensor } from "@duchenne/torch";
import type { BatchShape, BatchShare } from "../sampling/batch.ts";

/**
 * What travels from the views to the method: network input on the training device. Row r shows clip r mod clips; its positive
 * is half the rows further on.
 */
export interface ViewBatch extends BatchShape {
  /** [rows, 3, size, size] float32, ImageNet-normalised, channels last; of several processes, the rows of `share` alone. */
  readonly images: Tensor;
  /** The part of the batch that `images` shows, where several processes train together; all else is the whole batch's. */
  readonly share?: BatchShare;
  /** [rows, featureLength] eye+mouth features, l2-normalised; zeros in rows whose `hasFeature` is false. */
  readonly features: Tensor;
  /** [rows] bool: this row can be, and can have, a false negative. */
  readonly hasFeature: Tensor;
  /** Of CutMix, if it is on. */
  readonly mix?: {
    /** [rows/2] int64: for positive row rows/2 + i, the positive row (0-based within that half) whose patch it carries. */
    readonly partner: Tensor;
    /** [rows/2] float32: the share of its own area kept, in [0, 1]. */
    readonly kept: Tensor;
  };
  readonly counts: ViewCounts;
  /** [clips] number of the person of each clip, as `FrameBatch` has it; the loop adds it to what a pipeline makes. */
  readonly persons?: Int32Array;
  /** Expressions by landmarks, if the method needs them; the loop adds them. */
  readonly geometry?: RowGeometry;
  /** How strong components are by now, in (0, 1]; the loop adds it where the curriculum goes by progress. */
  readonly strength?: number;
}

/**
 * The expressions of a batch, for a loss that needs them.
 * @throws ArgumentError if the views have none
 */
export function geometryOf({ geometry }: ViewBatch): RowGeometry {
  if (geometry) return geometry;
  throw new ArgumentError(
    "loss",
    "views",
    "geometry of expressions, as `pretrain` adds it",
    "views without it",
    "Add `geometry` to them (ExpressionGeometry).",
  );
}

/** Expressions of a batch's rows by their landmarks, without the person's resting shape. */
export interface RowGeometry {
  /** [rows, GEOMETRY_LENGTH], of unit variance over the store; zeros if `has` is false. */
  readonly values: Tensor;
  /** [rows] bool: the row's face has landmarks, and the views do not warp it. */
  readonly has: Tensor;
}

/** What the views did, for the log. Plain numbers: they are known before a tensor is touched. */
export interface ViewCounts {
  /** Positives that carry another person's face. */
  readonly swapped: number;
  /** Positives drawn for a swap that had to stay, because a face has no landmarks. */
  readonly swapSkipped: number;
  /** Faces drawn for a landmark mask that had to stay. */
  readonly maskSkipped: number;
}
