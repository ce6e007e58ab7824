/** Which rows of a batch belong together, as masks for the losses. */
import { arange, type Device, ops, type Tensor } from "@duchenne/torch";
import type { PretrainConfig } from "../config/config.ts";
import { type BatchShape, positiveOffset, rowCount } from "../sampling/batch.ts";

/** Whether a row's hard negatives can be its false negatives: no in the paper, yes in the published code. */
export type FalseNegativeRule = PretrainConfig["maskFnRule"];

/** [rows, rows] bool: which rows are of one clip, a row and itself among them. */
export function sameClip(batch: BatchShape, device: Device): Tensor {
  return equalModulo(batch.clips, rowCount(batch), device);
}

/** [rows, rows] bool: a row and itself, a row and its positive. */
export function sameRowOrPositive(batch: BatchShape, device: Device): Tensor {
  return equalModulo(positiveOffset(batch), rowCount(batch), device);
}

/** [rows, rows] bool: HardNeg's hard negatives, the rows of a row's clip that are neither itself nor its positive. */
export function hardNegativeMask(batch: BatchShape, device: Device): Tensor {
  return ops.logicalAnd(sameClip(batch, device), ops.logicalNot(sameRowOrPositive(batch, device)));
}

/** [rows, rows] bool: entries that are never false negatives. */
export function neverFalseNegatives(batch: BatchShape, rule: FalseNegativeRule, device: Device): Tensor {
  return rule === "paper" ? sameClip(batch, device) : sameRowOrPositive(batch, device);
}

/** [rows, rows] bool: which rows' numbers leave the same remainder. */
function equalModulo(modulus: number, rows: number, device: Device): Tensor {
  const residue = arange(0, rows, 1, { device }).remainder(modulus);
  return residue.unsqueeze(1).eq(residue.unsqueeze(0));
}
