/** Multinomial logistic regression by plain loops, as a yardstick for tests. */

/**
 * Fits by full-batch gradient descent with momentum on standardised features.
 * @param features [n][d]   @param labels [n] in 0..classes-1   @returns the most likely class of a row
 */
export function fitLogistic(
  features: readonly (readonly number[])[],
  labels: readonly number[],
  classes: number,
): (row: readonly number[]) => number {
  const width = features[0]!.length;
  const means = Array.from({ length: width }, (_, j) => average(features.map((row) => row[j]!)));
  const spreads = means.map(
    (mean, j) => Math.sqrt(average(features.map((row) => (row[j]! - mean) ** 2))) || 1,
  );
  const standardise = (row: readonly number[]): number[] => [
    1,
    ...row.map((x, j) => (x - means[j]!) / spreads[j]!),
  ];
  const rows = features.map(standardise);
  const weights = Array.from({ length: classes }, () => new Float64Array(width + 1));
  const speeds = weights.map((w) => new Float64Array(w.length));
  for (let step = 0; step < 250; step += 1) {
    const gradients = weights.map((w) => new Float64Array(w.length));
    rows.forEach((row, i) => {
      probabilities(weights, row).forEach((p, c) => {
        const error = (p - (labels[i] === c ? 1 : 0)) / rows.length;
        row.forEach((x, j) => {
          gradients[c]![j]! += error * x;
        });
      });
    });
    weights.forEach((w, c) => {
      for (let j = 0; j < w.length; j += 1) {
        speeds[c]![j] = 0.9 * speeds[c]![j]! - 0.5 * (gradients[c]![j]! + 1e-4 * w[j]!);
        w[j]! += speeds[c]![j]!;
      }
    });
  }
  return (row) => {
    const p = probabilities(weights, standardise(row));
    return p.indexOf(Math.max(...p));
  };
}

function probabilities(weights: readonly Float64Array[], row: readonly number[]): number[] {
  const scores = weights.map((w) => row.reduce((sum, x, j) => sum + x * w[j]!, 0));
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

/** Mean recall over the classes. */
export function balancedAccuracy(
  guesses: readonly number[],
  labels: readonly number[],
  classes: number,
): number {
  const recalls = Array.from({ length: classes }, (_, c) => {
    const own = labels.flatMap((label, i) => (label === c ? [guesses[i] === c ? 1 : 0] : []));
    return average(own);
  });
  return average(recalls);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
