/** Figures of predicted numbers, by which the paper scores valence and arousal. */

function checkLengths(name: string, prediction: ArrayLike<number>, target: ArrayLike<number>): void {
  if (prediction.length !== target.length || prediction.length === 0)
    throw new RangeError(
      `${name}: expected two series of one length, at least 1, received ${prediction.length} and ${target.length}. Pass one prediction per target.`,
    );
}

/**
 * Concordance correlation coefficient of two series, with population moments: 2 s_pt / (s_p² + s_t² + (m_p − m_t)²).
 * @param prediction [n], any unit   @param target [n], same unit
 * @returns in [-1, 1]; NaN if both are constant and equal
 * @throws RangeError if the lengths differ or are 0
 * @see Lin 1989, doi:10.2307/2532051
 */
export function concordance(prediction: ArrayLike<number>, target: ArrayLike<number>): number {
  checkLengths("concordance", prediction, target);
  const n = prediction.length;
  let [meanP, meanT] = [0, 0];
  for (let i = 0; i < n; i++) {
    meanP += prediction[i]! / n;
    meanT += target[i]! / n;
  }
  let [covariance, varianceP, varianceT] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [p, t] = [prediction[i]! - meanP, target[i]! - meanT];
    covariance += (p * t) / n;
    varianceP += (p * p) / n;
    varianceT += (t * t) / n;
  }
  return (2 * covariance) / (varianceP + varianceT + (meanP - meanT) ** 2);
}

/**
 * Root of the mean squared difference of two series.
 * @param prediction [n], any unit   @param target [n], same unit
 * @returns in the unit of the series
 * @throws RangeError if the lengths differ or are 0
 */
export function rootMeanSquareError(prediction: ArrayLike<number>, target: ArrayLike<number>): number {
  checkLengths("rootMeanSquareError", prediction, target);
  let sum = 0;
  for (let i = 0; i < prediction.length; i++) sum += (prediction[i]! - target[i]!) ** 2;
  return Math.sqrt(sum / prediction.length);
}
