import { autocast, type Device, nn, noGrad, scope, type Tensor, tensorsOf } from "@duchenne/torch";
import { buildMethod, type Method, type MethodDefinition } from "../methods/index.ts";
import type { Checkpoint } from "../run/checkpoint.ts";
import { CheckpointError } from "../run/errors.ts";
import type { ViewBatch } from "../views/viewBatch.ts";
import { NonFiniteError } from "./errors.ts";
import { type BatchGradient, contrastiveBackward, type ForwardContext, sumGradients } from "./gradient.ts";
import { initializeNetwork } from "./initialize.ts";
import type { LoopOptimizer, OptimizerDefinition } from "./optimizers.ts";

/** How a method is trained. */
export interface LearnerOptions {
  readonly method: MethodDefinition;
  readonly optimizer: OptimizerDefinition;
  /** Numbers per eye+mouth feature of the store. */
  readonly featureLength: number;
  /** People that the store tells apart. Default 0. */
  readonly people?: number;
  /** Draws the initial weights. */
  readonly seed: number;
  readonly device: Device;
  /** Products in bfloat16. */
  readonly autocast: boolean;
  /** Images per forward pass; null for all at once. */
  readonly microBatch: number | null;
  /** Whether BatchNorm takes its statistics over the processes that train together. */
  readonly syncBatchNorm: boolean;
}

/** A method and its optimiser, on the training device. */
export class Learner {
  readonly method: Method;
  readonly optimizer: LoopOptimizer;
  readonly #context: ForwardContext | undefined;
  readonly #microBatch: number | null;
  readonly #trained: readonly Tensor[];

  constructor(options: LearnerOptions) {
    const { method, optimizer, device, autocast, microBatch, syncBatchNorm } = options;
    this.method = buildMethod(method, options, device);
    this.method.network.train();
    nn.synchronizeBatchNorm(this.method.network, syncBatchNorm);
    const trained = this.method.network.parameters().filter((parameter) => parameter.requiresGrad);
    this.#trained = trained;
    this.optimizer = optimizer.build(trained);
    this.#microBatch = microBatch;
    this.#context = autocast ? inBfloat16(device) : undefined;
  }

  /** Adds the gradient of one batch's loss. Its tensors are the caller's. */
  backward(views: ViewBatch): BatchGradient {
    this.optimizer.zeroGrad();
    const gradient = contrastiveBackward(this.method, views, this.#microBatch, this.#context);
    if (views.share) sumGradients(this.#trained);
    return gradient;
  }

  /** Moves the weights by that gradient, then momentum copies and queues. @param progress share of the run done */
  update(
    learningRate: number,
    { targets, embeddings }: BatchGradient,
    views: ViewBatch,
    progress: number,
  ): void {
    this.optimizer.setLearningRate(learningRate);
    this.optimizer.step();
    noGrad(() => scope(() => this.method.afterStep?.(targets, views, progress, embeddings)));
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
      throw new CheckpointError(
        path,
        "a checkpoint that fits this run",
        (error as Error).message,
        "Resume with the definitions that the run was started with.",
        { cause: error },
      );
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

const inBfloat16 =
  (device: Device): ForwardContext =>
  (forward) =>
    autocast({ device: device.startsWith("cuda") ? "cuda" : "cpu" }, forward);
