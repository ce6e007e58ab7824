import { autocast, noGrad, scope, tensorsOf } from "@duchenne/torch";
import type { PretrainConfig } from "../config/config.ts";
import { buildMethod, type Method } from "../methods/index.ts";
import type { Checkpoint } from "../run/checkpoint.ts";
import { CheckpointError } from "../run/errors.ts";
import type { ViewBatch } from "../views/viewBatch.ts";
import { NonFiniteError } from "./errors.ts";
import { type BatchGradient, contrastiveBackward, type ForwardContext } from "./gradient.ts";
import { initializeNetwork } from "./initialize.ts";
import { type AnyOptimizer, buildOptimizer } from "./optimizer.ts";

/** What learns: a method and its optimiser, on the training device. */
export class Learner {
  readonly method: Method;
  readonly optimizer: AnyOptimizer;
  readonly #context: ForwardContext | undefined;
  readonly #microBatch: number | null;

  /** @param featureLength numbers per eye+mouth feature of the store */
  constructor(config: PretrainConfig, featureLength: number) {
    this.method = buildMethod({ ...config, featureLength }, config.device);
    this.method.network.train();
    this.optimizer = buildOptimizer(this.method.network.parameters(), config);
    this.#microBatch = config.microBatch;
    this.#context = contextOf(config);
  }

  /** Adds the gradient of one batch's loss. Its tensors are the caller's. */
  backward(views: ViewBatch): BatchGradient {
    this.optimizer.zeroGrad();
    return contrastiveBackward(this.method, views, this.#microBatch, this.#context);
  }

  /** Moves the weights by that gradient, then momentum copies and queues. @param progress share of the run done */
  update(learningRate: number, { targets }: BatchGradient, views: ViewBatch, progress: number): void {
    this.optimizer.setLearningRate(learningRate);
    this.optimizer.step();
    noGrad(() => scope(() => this.method.afterStep?.(targets, views, progress)));
  }

  /** Starts from weights learned before. @returns what was loaded, for the user */
  initialize(path: string): string {
    return initializeNetwork(this.method.network, path);
  }

  /** Goes on from a checkpoint. @throws CheckpointError if it does not fit */
  restore({ path, model, optimizer, state }: Checkpoint): void {
    try {
      scope(() => {
        this.method.network.loadStateDict(tensorsOf(model));
        this.optimizer.loadStateDict({ tensors: tensorsOf(optimizer), steps: state.optimizerSteps });
      });
    } catch (error) {
      throw new CheckpointError(path, `does not fit this run: ${(error as Error).message}`, { cause: error });
    }
  }

  /**
   * Looks at every weight.
   * @param step updates before the last one
   * @throws NonFiniteError naming the first that holds NaN or infinity
   */
  requireFinite(step: number): void {
    for (const [name, tensor] of this.method.network.stateDict()) {
      if (!tensor.dtype.includes("float")) continue;
      const sum = scope(() => noGrad(() => tensor.to({ dtype: "float64" }).sum().item()));
      if (!Number.isFinite(sum)) throw new NonFiniteError(step, name, Number(sum));
    }
  }

  dispose(): void {
    this.optimizer.dispose();
    this.method.network.dispose();
  }
}

/** Products in bfloat16 where asked for; "auto" does so on CUDA, whose units for it are many times as fast. */
function contextOf({ device, autocast: wanted }: PretrainConfig): ForwardContext | undefined {
  const kind = device.startsWith("cuda") ? "cuda" : "cpu";
  const isOn = wanted === "on" || (wanted === "auto" && kind === "cuda");
  return isOn ? (forward) => autocast({ device: kind }, forward) : undefined;
}
