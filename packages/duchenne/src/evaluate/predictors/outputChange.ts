/** What is done to the outputs of a trained predictor, and is folded into its last layer. */

/** Bounds of the search, and its precision. */
const [LEAST, MOST, STEPS] = [0.05, 20, 60];
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Mean negative log-likelihood of classes. @param outputs [n · classes]   @param classes [n] */
function negativeLogLikelihood(
  outputs: Float32Array,
  classes: readonly number[],
  temperature: number,
): number {
  const width = outputs.length / classes.length;
  const sum = classes.reduce((total, own, i) => {
    const row = outputs.subarray(i * width, (i + 1) * width);
    const highest = row.reduce((a, b) => Math.max(a, b));
    const mass = row.reduce((all, value) => all + Math.exp((value - highest) / temperature), 0);
    return total + Math.log(mass) - (row[own]! - highest) / temperature;
  }, 0);
  return sum / classes.length;
}

/**
 * The temperature by which outputs are divided for the likeliest classes: one number, so that no prediction changes.
 * @param outputs [n · classes] logits   @param classes [n] the true classes
 * @see Guo et al. 2017, arXiv:1706.04599, section 4.2
 */
export function temperatureOf(outputs: Float32Array, classes: readonly number[]): number {
  // Golden section over the logarithm: the likelihood has one maximum.
  let [low, high] = [Math.log(LEAST), Math.log(MOST)];
  const at = (log: number) => negativeLogLikelihood(outputs, classes, Math.exp(log));
  for (let i = 0; i < STEPS; i++) {
    const [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (at(a) < at(b)) high = b;
    else low = a;
  }
  return Math.exp((low + high) / 2);
}

/** A change of outputs: they become (output - shift) / temperature. */
export interface OutputChange {
  /** [classes] */
  readonly shift: readonly number[];
  readonly temperature: number;
}

/**
 * What is taken off each class's output: a share of the log of its frequency, which training has put in.
 * @param counts [classes] training images of each   @param balance 0: nothing, 1: all
 * @see Menon et al. 2021, arXiv:2007.07314, section 4.1 (post-hoc logit adjustment)
 */
export function balancingShift(counts: readonly number[], balance: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (balance === 0 ? 0 : balance * Math.log(Math.max(count, 1) / total)));
}

/** @param outputs [n · classes]   @returns the changed ones */
export const changeOutputs = (outputs: Float32Array, { shift, temperature }: OutputChange): Float32Array =>
  outputs.map((value, k) => (value - shift[k % shift.length]!) / temperature);
