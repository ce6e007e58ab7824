/** The loss of each task. */
import { ops, type Tensor, tensor } from "@duchenne/torch";
import { balancedSoftmaxLoss } from "../../ssl/losses/balancedSoftmax.ts";
import { cccLoss } from "../../ssl/losses/ccc.ts";
import { countClasses, type Targets } from "../data/targets.ts";
import type { ExpressionLoss } from "../schema/options.ts";

/** Loss of outputs. @param outputs [n, classes or 2]   @param indices [n] the images   @returns scalar */
export type ProbeLoss = (outputs: Tensor, indices: readonly number[]) => Tensor;

/**
 * Chooses the loss: 1 - CCC for valence and arousal, `kind` for classes.
 * @param train indices of the training images, whose classes Balanced Softmax counts
 */
export function lossOf(targets: Targets, train: readonly number[], kind: ExpressionLoss): ProbeLoss {
  if (targets.kind === "affect")
    return (outputs, indices) => {
      const values = Float32Array.from(
        { length: 2 * indices.length },
        (_, k) => targets.values[2 * indices[k >> 1]! + (k & 1)]!,
      );
      return cccLoss(outputs, tensor(values, { shape: [indices.length, 2], device: outputs.device }));
    };
  const counts = countClasses(targets, train);
  return (outputs, indices) => {
    const classes = BigInt64Array.from(indices, (i) => BigInt(targets.values[i]!));
    const labels = tensor(classes, { device: outputs.device });
    return kind === "cross-entropy"
      ? ops.crossEntropy(outputs, labels)
      : balancedSoftmaxLoss(outputs, labels, counts);
  };
}
