import { operator } from "../core/operator.ts";

/**
 * BatchNorm by the mean and variance of the batches of all ranks; moves the running statistics. Differentiable: the backward
 * pass takes one all-reduce.
 * @param x [n, channels, …]; n may differ between ranks
 */
export const syncBatchNorm = operator(
  "duchenne::sync_batch_norm(Tensor self, Tensor weight, Tensor bias, Tensor(a!) running_mean, Tensor(b!) running_var, float momentum, float eps) -> Tensor",
);
