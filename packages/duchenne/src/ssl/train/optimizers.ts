import { optim, type Tensor } from "@duchenne/torch";
import { builtIn } from "../config/builtIn.ts";
import type { PretrainConfig, RecordedSettings } from "../config/config.ts";
import { withDefaults } from "../config/defaults.ts";

/** What the loop needs of an optimiser; every optimiser of `@duchenne/torch` is one. */
export type LoopOptimizer = Pick<
  optim.Optimizer<optim.AdamOptions>,
  "step" | "zeroGrad" | "setLearningRate" | "stateDict" | "loadStateDict" | "dispose"
>;

/** An update rule as a value: `adam({ … })` makes one, and so can you. */
export interface OptimizerDefinition {
  /** Recorded in the run's config.json. */
  readonly name: string;
  /** The highest learning rate; the schedule decides how it changes. */
  readonly learningRate: number;
  /** What `build` depends on. A run records the settings, and resumes only with the same ones. */
  readonly settings: RecordedSettings;
  /** A fresh optimiser. @param parameters the trained ones: those that require a gradient */
  build(parameters: readonly Tensor[]): LoopOptimizer;
}

const SETTINGS = ["learningRate", "weightDecay"] as const;
/** A setting that is absent has the paper's value. */
export type OptimizerOptions = Partial<Pick<PretrainConfig, (typeof SETTINGS)[number]>>;

/** SGD's and LARS's usual momentum. */
const MOMENTUM = 0.9;

type Build = (parameters: Tensor[], settings: { lr: number; weightDecay: number }) => LoopOptimizer;

function define(
  name: PretrainConfig["optimizer"],
  options: OptimizerOptions,
  build: Build,
): OptimizerDefinition {
  const settings = withDefaults(name, SETTINGS, options);
  const { learningRate, weightDecay } = settings;
  return builtIn({
    name,
    learningRate,
    settings,
    build: (parameters: readonly Tensor[]) => build([...parameters], { lr: learningRate, weightDecay }),
  });
}

/** Adam. @throws ConfigError for an unknown option or a value out of range @see Kingma & Ba 2015, arXiv:1412.6980 */
export const adam = (options: OptimizerOptions = {}): OptimizerDefinition =>
  define("adam", options, (parameters, settings) => new optim.Adam(parameters, settings));

/** AdamW. @throws ConfigError as `adam` does @see Loshchilov & Hutter 2019, arXiv:1711.05101 */
export const adamw = (options: OptimizerOptions = {}): OptimizerDefinition =>
  define("adamw", options, (parameters, settings) => new optim.AdamW(parameters, settings));

/** Stochastic gradient descent with momentum 0.9. @throws ConfigError as `adam` does */
export const sgd = (options: OptimizerOptions = {}): OptimizerDefinition =>
  define(
    "sgd",
    options,
    (parameters, settings) => new optim.SGD(parameters, { ...settings, momentum: MOMENTUM }),
  );

/** LARS with momentum 0.9. @throws ConfigError as `adam` does @see You et al. 2017, arXiv:1708.03888 */
export const lars = (options: OptimizerOptions = {}): OptimizerDefinition =>
  define(
    "lars",
    options,
    (parameters, settings) => new optim.LARS(parameters, { ...settings, momentum: MOMENTUM }),
  );

/** Every built-in optimiser by its name; a new one is a line here. */
export const OPTIMIZERS: Readonly<
  Record<PretrainConfig["optimizer"], (options?: OptimizerOptions) => OptimizerDefinition>
> = { adam, adamw, sgd, lars };
