/** Figures of a classifier, all from its confusion matrix. */

/** counts[t][p]: images of class t that were taken for class p. */
export type Confusion = readonly (readonly number[])[];

/**
 * Counts pairs of true and predicted class.
 * @param labels [n] class numbers from 0   @param predictions [n]   @param classes how many there are
 * @returns [classes][classes], rows are the true class
 * @throws RangeError if the lengths differ or a number is no class
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: number,
): number[][] {
  if (labels.length !== predictions.length)
    throw new RangeError(
      `confusionMatrix: expected ${labels.length} predictions, received ${predictions.length}`,
    );
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) {
    const [label, prediction] = [labels[i]!, predictions[i]!];
    if (counts[label]?.[prediction] === undefined)
      throw new RangeError(
        `confusionMatrix: expected classes below ${classes}, received ${label} and ${prediction} at ${i}`,
      );
    counts[label]![prediction]! += 1;
  }
  return counts;
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const correct = (confusion: Confusion): number => total(confusion.map((row, c) => row[c]!));
const timesPredicted = (confusion: Confusion, c: number): number => total(confusion.map((row) => row[c]!));

/** Share of images whose class was found, in [0, 1]; NaN without images. */
export function accuracy(confusion: Confusion): number {
  return correct(confusion) / total(confusion.map(total));
}

/** Share of each class's images that were found; NaN for a class without images. */
export function recalls(confusion: Confusion): number[] {
  return confusion.map((row, c) => row[c]! / total(row));
}

/**
 * Mean over classes of 2·precision·recall / (precision + recall), over the classes that occur in labels or predictions, as
 * scikit-learn has it.
 * @returns in [0, 1]; NaN without images
 */
export function macroF1(confusion: Confusion): number {
  const scores = confusion.flatMap((row, c) => {
    const occurrences = total(row) + timesPredicted(confusion, c);
    return occurrences === 0 ? [] : [(2 * row[c]!) / occurrences];
  });
  return total(scores) / scores.length;
}
