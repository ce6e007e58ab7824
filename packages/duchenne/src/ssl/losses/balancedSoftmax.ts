import { ArgumentError, ops, ShapeError, type Tensor, tensor } from "@duchenne/torch";

/**
 * Cross-entropy of logits shifted by the log of how often each class occurs in training, so that rare classes are not
 * drowned; at test time the plain logits are used.
 * @param logits [n, classes]   @param labels [n] int64   @param classCounts [classes] training images per class, each above 0
 * @returns scalar, the mean over rows
 * @throws ShapeError if the three do not fit; ArgumentError for a class that does not occur
 * @see Ren et al. 2020, arXiv:2007.10740, equation 4
 */
export function balancedSoftmaxLoss(logits: Tensor, labels: Tensor, classCounts: readonly number[]): Tensor {
  const expected = `logits [n, ${classCounts.length}] and labels [n]`;
  if (
    logits.ndim !== 2 ||
    logits.size(1) !== classCounts.length ||
    labels.shape.join() !== `${logits.size(0)}`
  )
    throw new ShapeError(
      "balancedSoftmaxLoss",
      expected,
      `[${logits.shape.join(", ")}] and [${labels.shape.join(", ")}]`,
    );
  const absent = classCounts.findIndex((count) => !(count > 0));
  if (absent >= 0)
    throw new ArgumentError(
      "balancedSoftmaxLoss",
      "classCounts",
      "every count above 0",
      `${classCounts[absent]} for class ${absent}`,
      "Leave out classes without examples, and number the others anew.",
    );
  const { dtype, device } = logits;
  const prior = tensor(classCounts.map(Math.log), { dtype, device });
  return ops.crossEntropy(logits.add(prior), labels);
}
