/** The loss of each task. */
import { ops, type Tensor, tensor } from "@duchenne/torch";
import { balancedSoftmaxLoss } from "../../ssl/losses/balancedSoftmax.ts";
import { cccLoss } from "../../ssl/losses/ccc.ts";
import { type ClassTargets, countClasses, shareRow, type Targets } from "../data/targets.ts";
import type { ProbeSettings } from "../schema/options.ts";
import type { Mixed } from "./mixing.ts";

/**
 * Loss of outputs.
 * @param outputs [n, classes or 2]   @param indices [n] the images   @param mixed how the images were mixed, and so their labels are
 * @returns scalar
 */
export type ProbeLoss = (outputs: Tensor, indices: readonly number[], mixed?: Mixed) => Tensor;

/**
 * Chooses the loss: 1 - CCC for valence and arousal; for classes that of the settings.
 * @param train indices of the training images, whose classes Balanced Softmax counts
 */
export function lossOf(
  targets: Targets,
  train: readonly number[],
  { loss, labelSmoothing }: Pick<ProbeSettings, "loss" | "labelSmoothing">,
): ProbeLoss {
  if (targets.kind === "affect")
    return (outputs, indices) => {
      const values = Float32Array.from(
        { length: 2 * indices.length },
        (_, k) => targets.values[2 * indices[k >> 1]! + (k & 1)]!,
      );
      return cccLoss(outputs, tensor(values, { shape: [indices.length, 2], device: outputs.device }));
    };
  const counts = countClasses(targets, train);
  const prior = loss === "balanced-softmax" ? counts.map(Math.log) : undefined;
  return (outputs, indices, mixed) => {
    if (loss === "votes" || mixed !== undefined || labelSmoothing > 0)
      return sharesLoss(outputs, targets, indices, { mixed, prior, labelSmoothing });
    const classes = BigInt64Array.from(indices, (i) => BigInt(targets.values[i]!));
    const labels = tensor(classes, { device: outputs.device });
    return loss === "cross-entropy"
      ? ops.crossEntropy(outputs, labels)
      : balancedSoftmaxLoss(outputs, labels, counts);
  };
}

const MEAN = 1;
const IGNORE_NONE = -100;

/** Cross-entropy with a distribution over the classes for each image: the shares of the votes, mixed and smoothed. */
function sharesLoss(
  outputs: Tensor,
  targets: ClassTargets,
  indices: readonly number[],
  {
    mixed,
    prior,
    labelSmoothing,
  }: { mixed: Mixed | undefined; prior: readonly number[] | undefined; labelSmoothing: number },
): Tensor {
  const { device } = outputs;
  const width = targets.classes.length;
  const own = indices.map((i) => shareRow(targets, i));
  const rows = new Float32Array(indices.length * width);
  for (const [row, shares] of own.entries()) {
    const [kept, other] = mixed ? [mixed.kept[row]!, own[mixed.partners[row]!]!] : [1, shares];
    for (let c = 0; c < width; c++) rows[row * width + c] = kept * shares[c]! + (1 - kept) * other[c]!;
  }
  const distribution = tensor(rows, { shape: [indices.length, width], device });
  const logits = prior ? outputs.add(tensor(Float32Array.from(prior), { device })) : outputs;
  return ops.crossEntropy(logits, distribution, null, MEAN, IGNORE_NONE, labelSmoothing);
}
