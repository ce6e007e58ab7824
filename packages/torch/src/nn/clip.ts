import { noGrad } from "../core/autograd.ts";
import { ArgumentError } from "../core/errors.ts";
import * as ops from "../core/operators.ts";
import { scope } from "../core/scope.ts";
import type { Tensor } from "../core/tensor.ts";

function gradientsOf(parameters: readonly Tensor[]): Tensor[] {
  return parameters.flatMap((parameter) => parameter.grad ?? []);
}

function checkLimit(where: string, name: string, limit: number): void {
  if (!(limit > 0))
    throw new ArgumentError(
      where,
      name,
      "a positive number",
      String(limit),
      "Leave out the call to clip nothing.",
    );
}

/**
 * Scales all gradients together so that their joint Euclidean norm is at most `maxNorm`. Call it between `backward` and the
 * optimiser's `step`.
 * @param parameters tensors of any shape; those without a gradient are left out   @param maxNorm above 0
 * @returns the norm before, a scalar tensor, so that a GPU need not finish first; null if there is no gradient
 * @throws ArgumentError if `maxNorm` is not above 0
 */
export function clipGradNorm_(parameters: readonly Tensor[], maxNorm: number): Tensor | null {
  checkLimit("clipGradNorm_", "maxNorm", maxNorm);
  return noGrad(() =>
    scope(() => {
      const gradients = gradientsOf(parameters);
      if (gradients.length === 0) return null;
      const norm = ops.norm(ops.stack(ops.foreachNorm(gradients, 2)), 2, 0);
      const scale = ops.reciprocal(norm.add(1e-6)).mul_(maxNorm).clamp(null, 1);
      for (const gradient of gradients) gradient.mul_(scale);
      return norm;
    }),
  );
}

/**
 * Limits each element of each gradient to [−limit, limit].
 * @param parameters tensors of any shape; those without a gradient are left out   @param limit above 0
 * @throws ArgumentError if `limit` is not above 0
 */
export function clipGradValue_(parameters: readonly Tensor[], limit: number): void {
  checkLimit("clipGradValue_", "limit", limit);
  noGrad(() =>
    scope(() => {
      for (const gradient of gradientsOf(parameters)) gradient.copy_(gradient.clamp(-limit, limit));
    }),
  );
}
