import type { Random } from "../../lib/random.ts";

/** Beta(alpha, alpha): a share in [0, 1], symmetric about one half. @param alpha above 0; 1 is uniform */
export function symmetricBeta(alpha: number, rng: Random): number {
  if (alpha === 1) return rng.uniform();
  // X / (X + Y) of two Gamma variables, by their logarithms: for small alpha both are too small for a double.
  return 1 / (1 + Math.exp(logGamma(alpha, rng) - logGamma(alpha, rng)));
}

/**
 * Logarithm of a Gamma(shape, 1) variable.
 * @see Marsaglia and Tsang 2000, "A simple method for generating gamma variables", doi:10.1145/358407.358414
 */
function logGamma(shape: number, rng: Random): number {
  // Their section 6: a shape below 1 is drawn one higher, and scaled by a power of a uniform.
  if (shape < 1) return logGamma(shape + 1, rng) + Math.log(1 - rng.uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = rng.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - rng.uniform()) < x ** 2 / 2 + d * (1 - v + Math.log(v))) return Math.log(d * v);
  }
}
