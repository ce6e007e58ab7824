/** Figures of a classifier from its confusion matrix. */

/** [true class][predicted class] counts of images. */
export type ConfusionMatrix = readonly (readonly number[])[];

/**
 * Counts images by true and predicted class.
 * @param labels [n] class numbers from 0   @param predictions [n] class numbers   @param classes number of classes
 * @returns [classes][classes], true class first
 * @throws RangeError if the lengths differ or a class number is out of range
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: number,
): number[][] {
  if (labels.length !== predictions.length)
    throw new RangeError(
      `confusionMatrix: expected ${labels.length} predictions, received ${predictions.length}. Pass one prediction per label.`,
    );
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) {
    const [label, prediction] = [labels[i]!, predictions[i]!];
    if (counts[label]?.[prediction] === undefined)
      throw new RangeError(
        `confusionMatrix: expected classes below ${classes}, received ${label} and ${prediction} at ${i}. Number the classes from 0.`,
      );
    counts[label]![prediction]! += 1;
  }
  return counts;
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const correct = (confusion: ConfusionMatrix): number => total(confusion.map((row, c) => row[c]!));
const timesPredicted = (confusion: ConfusionMatrix, c: number): number =>
  total(confusion.map((row) => row[c]!));

/** Share of images with the right prediction. @returns in [0, 1]; NaN without images */
export function accuracy(confusion: ConfusionMatrix): number {
  return correct(confusion) / total(confusion.map(total));
}

/** Recall of each class. @returns [classes] in [0, 1]; NaN for a class without images */
export function recalls(confusion: ConfusionMatrix): number[] {
  return confusion.map((row, c) => row[c]! / total(row));
}

/**
 * Mean F1, 2·precision·recall / (precision + recall), over the classes that occur in labels or predictions, as in scikit-learn.
 * @returns in [0, 1]; NaN without images
 */
export function macroF1(confusion: ConfusionMatrix): number {
  const scores = confusion.flatMap((row, c) => {
    const occurrences = total(row) + timesPredicted(confusion, c);
    return occurrences === 0 ? [] : [(2 * row[c]!) / occurrences];
  });
  return total(scores) / scores.length;
}
