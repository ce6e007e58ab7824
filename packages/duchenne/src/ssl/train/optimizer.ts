import { optim, type Tensor } from "@duchenne/torch";
import type { PretrainConfig } from "../config/config.ts";

type OptimizerSettings = Pick<PretrainConfig, "optimizer" | "learningRate" | "weightDecay">;
export type AnyOptimizer = Pick<
  optim.Optimizer<optim.AdamOptions>,
  "step" | "zeroGrad" | "setLearningRate" | "stateDict" | "loadStateDict" | "dispose"
>;

type Build = (parameters: Tensor[], settings: { lr: number; weightDecay: number }) => AnyOptimizer;

/** SGD's and LARS's usual momentum. */
const MOMENTUM = 0.9;

const OPTIMIZERS: Record<PretrainConfig["optimizer"], Build> = {
  adam: (parameters, settings) => new optim.Adam(parameters, settings),
  adamw: (parameters, settings) => new optim.AdamW(parameters, settings),
  sgd: (parameters, settings) => new optim.SGD(parameters, { ...settings, momentum: MOMENTUM }),
  lars: (parameters, settings) => new optim.LARS(parameters, { ...settings, momentum: MOMENTUM }),
};

/** The update rule of a run, over the parameters that require a gradient. */
export function buildOptimizer(
  parameters: readonly Tensor[],
  { optimizer, learningRate: lr, weightDecay }: OptimizerSettings,
): AnyOptimizer {
  const trained = parameters.filter((parameter) => parameter.requiresGrad);
  return OPTIMIZERS[optimizer](trained, { lr, weightDecay });
}
