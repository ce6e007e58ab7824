import { ShapeError, type Tensor } from "@duchenne/torch";

/**
 * 1 − CCC, the concordance correlation coefficient, with the sample standard deviation (n − 1) as the authors' loss has it:
 * CCC = 2 r s_p s_t / (s_p² + s_t² + (m_p − m_t)²).
 * @param prediction [n] or [n, dimensions], any unit   @param target of the same shape and unit
 * @returns scalar in [0, 2], the mean over dimensions; NaN where prediction and target are both constant and equal
 * @throws ShapeError if the shapes differ or n < 2
 * @see Lin 1989, doi:10.2307/2532051
 */
export function cccLoss(prediction: Tensor, target: Tensor): Tensor {
  const { shape } = prediction;
  if (shape.length < 1 || shape.length > 2 || shape[0]! < 2 || target.shape.join() !== shape.join())
    throw new ShapeError(
      "cccLoss",
      "two of the same shape, [n ≥ 2] or [n, dimensions]",
      `[${shape.join(", ")}] and [${target.shape.join(", ")}]`,
    );
  const [meanP, meanT] = [prediction.mean(0), target.mean(0)];
  // r s_p s_t is the covariance, which unlike r can be differentiated where a prediction is constant.
  const covariance = prediction
    .sub(meanP)
    .mul(target.sub(meanT))
    .sum(0)
    .div(shape[0]! - 1);
  const gap = meanP.sub(meanT);
  const ccc = covariance.mul(2).div(prediction.var(0).add(target.var(0)).add(gap.mul(gap)));
  return ccc.neg().add(1).mean();
}
