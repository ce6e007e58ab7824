// PyTorch's initialisations, in place. Each takes the generator it draws from.
import { noGrad } from "../core/autograd.ts";
import { ShapeError } from "../core/errors.ts";
import type { Generator } from "../core/generator.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";

/** What an initialisation draws from. */
export interface InitOptions {
  /** Default: the device's own. */
  generator?: Generator;
}

/** Inputs and outputs of one unit: [out, in, …kernel]. */
export function fans(weight: Tensor): { fanIn: number; fanOut: number } {
  const [out, input, ...kernel] = weight.shape;
  if (out === undefined || input === undefined)
    throw new ShapeError(
      "fans",
      "[out, in, …]",
      weight.describe(),
      "Fill a bias with `uniform_` or `zeros_`, which need no fans.",
    );
  const receptive = kernel.reduce((product, size) => product * size, 1);
  return { fanIn: input * receptive, fanOut: out * receptive };
}

/** Uniform in [low, high). @returns the same tensor */
export function uniform_(tensor: Tensor, low: number, high: number, { generator }: InitOptions = {}): Tensor {
  return noGrad(() => ops.uniform_(tensor, low, high, { generator: generator ?? null }));
}

/** Normal with a mean and standard deviation. @returns the same tensor */
export function normal_(tensor: Tensor, mean: number, std: number, { generator }: InitOptions = {}): Tensor {
  return noGrad(() => ops.normal_(tensor, mean, std, { generator: generator ?? null }));
}

/** One value everywhere. @returns the same tensor */
export function constant_(tensor: Tensor, value: number): Tensor {
  return noGrad(() => tensor.fill_(value));
}

/**
 * Normal with standard deviation sqrt(2 / fan): activations keep their variance through ReLUs.
 * @param mode `fanIn` keeps it forward, `fanOut` backward, as torchvision's ResNets do
 * @see He et al. 2015, arXiv:1502.01852
 */
export function kaimingNormal_(weight: Tensor, mode: "fanIn" | "fanOut", options: InitOptions = {}): Tensor {
  return normal_(weight, 0, Math.sqrt(2 / fans(weight)[mode]), options);
}

/**
 * Uniform within sqrt(6 / ((1 + a²) fanIn)). PyTorch's default for Linear and Conv2d has a = √5, that is 1/√fanIn.
 * @param a slope of the leaky ReLU that follows
 */
export function kaimingUniform_(weight: Tensor, a: number, options: InitOptions = {}): Tensor {
  const bound = Math.sqrt(6 / ((1 + a * a) * fans(weight).fanIn));
  return uniform_(weight, -bound, bound, options);
}

/** Uniform within sqrt(6 / (fanIn + fanOut)). @see Glorot & Bengio 2010 */
export function xavierUniform_(weight: Tensor, options: InitOptions = {}): Tensor {
  const { fanIn, fanOut } = fans(weight);
  const bound = Math.sqrt(6 / (fanIn + fanOut));
  return uniform_(weight, -bound, bound, options);
}
