/** The training loop of the modes frozen and finetune. */
import { keep, type nn, noGrad, optim, scope, type Tensor, withThreads } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import type { ProbeSettings } from "../schema/options.ts";
import type { ProbeLoss } from "./lossOf.ts";
import type { FitSchedule } from "./schedule.ts";

/** A predictor that `fit` can train. */
export interface TrainablePredictor {
  /** The module with all parameters and buffers that change. */
  readonly network: nn.AnyModule;
  /** Whether an update is so small that one thread is faster than several. */
  readonly onOneThread: boolean;
  /** Outputs [indices, outputs] for training images, in training mode. @param rng draws changed views */
  trainOutputs(indices: readonly number[], rng: Random): Tensor;
  /** Outputs [n · outputs] for the plain views of images; the network is in evaluation mode. */
  outputs(indices: readonly number[]): Promise<Float32Array>;
}

/** The images, loss and score of a training. */
export interface FitData {
  /** Indices of the images to train on, and of those to validate on. */
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly loss: ProbeLoss;
  /** Validation score of outputs [validation · outputs]; greater is better. */
  readonly score: (outputs: Float32Array, indices: readonly number[]) => number;
}

/** A validation during training. */
export interface ValidationScore {
  /** Updates done. */
  readonly step: number;
  /** Mean training loss since the last validation. */
  readonly loss: number;
  /** Validation score. */
  readonly score: number;
}

/** Called after each update with the number of updates done, their total, and the latest validation score. */
export type OnStep = (step: number, total: number, score?: number) => void;

/** A trained predictor. */
export interface Fitted {
  readonly history: ValidationScore[];
  /** Updates done when the validation score was best. */
  readonly bestStep: number;
  /** Loads the weights with the best validation score into the network, which has the last weights until then. */
  readonly useBest: () => void;
  /** Frees the copy of the best weights. */
  readonly dispose: () => void;
}

/** Settings of `fit`. */
export type FitSettings = FitSchedule & Pick<ProbeSettings, "epochs" | "weightDecay" | "batch">;

/**
 * Trains with Adam and a cosine schedule of the learning rate. Validates `epochs` times, evenly spaced, and keeps the weights with the
 * best score; of equal scores, the later weights.
 */
export async function fit(
  predictor: TrainablePredictor,
  { train, validation, loss, score }: FitData,
  settings: FitSettings,
  rng: Random,
  yieldTurn: YieldTurn,
  onStep: OnStep,
): Promise<Fitted> {
  const { network } = predictor;
  const { steps: total, learningRate: lr, weightDecay } = settings;
  const optimizer = new optim.Adam(network.parameters(), { lr, weightDecay });
  const rate = optim.schedules.cosine(lr, total);
  const batches = endlessBatches(train, settings.batch, rng.fork("order"));
  const best = new BestWeights(network);
  const history: ValidationScore[] = [];
  let step = 0;
  for (let round = 1; round <= settings.epochs; round++) {
    const end = Math.floor((round * total) / settings.epochs);
    const losses: Tensor[] = [];
    network.train();
    // Runs updates until the next turn: to set the number of threads for each update would cost a tenth of a small one.
    const stretch = () => {
      let turn: ReturnType<YieldTurn>;
      while (step < end && !turn) {
        optimizer.setLearningRate(rate(step));
        losses.push(update(predictor, optimizer, loss, batches.next().value, rng.fork(`step/${step}`)));
        onStep(step, total, history.at(-1)?.score);
        step += 1;
        turn = yieldTurn();
      }
      return turn;
    };
    while (step < end) await (predictor.onOneThread ? withThreads(1, stretch) : stretch());
    network.eval();
    const value = score(await predictor.outputs(validation), validation);
    history.push({ step, loss: meanOf(losses), score: value });
    best.consider(value, step);
  }
  optimizer.dispose();
  return { history, bestStep: best.step, useBest: () => best.restore(), dispose: () => best.dispose() };
}

function update(
  predictor: TrainablePredictor,
  optimizer: optim.Adam,
  loss: ProbeLoss,
  indices: readonly number[],
  rng: Random,
): Tensor {
  return scope(() => {
    const value = loss(predictor.trainOutputs(indices, rng), indices);
    optimizer.zeroGrad();
    value.backward();
    optimizer.step();
    return keep(value.detach());
  });
}

/** Reads the losses together: on a GPU, each read waits for the computation. */
function meanOf(losses: readonly Tensor[]): number {
  const sum = losses.reduce((total, loss) => total + loss.item(), 0);
  for (const loss of losses) loss.dispose();
  return sum / losses.length;
}

/** Yields full batches from one shuffle after another; a batch may take from two shuffles. */
function* endlessBatches(
  train: readonly number[],
  batch: number,
  rng: Random,
): Generator<readonly number[], never> {
  const size = Math.min(batch, train.length);
  let [order, next]: [number[], number] = [[], 0];
  for (let pass = 0; ; ) {
    const drawn: number[] = [];
    while (drawn.length < size) {
      if (next === order.length) [order, next] = [rng.fork(`pass/${pass++}`).shuffle(train), 0];
      drawn.push(order[next++]!);
    }
    yield drawn;
  }
}

/** A copy of a network's state at its best validation score. */
class BestWeights {
  step = 0;
  #score = Number.NEGATIVE_INFINITY;
  readonly #network: nn.AnyModule;
  #copy = new Map<string, Tensor>();

  constructor(network: nn.AnyModule) {
    this.#network = network;
  }

  /** Copies the state if the score is at least the best so far. A score of NaN is the worst. */
  consider(score: number, step: number): void {
    const value = Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score;
    if (value < this.#score) return;
    this.#score = value;
    this.step = step;
    this.dispose();
    this.#copy = copyState(this.#network);
  }

  restore(): void {
    this.#network.loadStateDict(this.#copy);
  }

  dispose(): void {
    for (const tensor of this.#copy.values()) tensor.dispose();
    this.#copy.clear();
  }
}

/** Copies the tensors of a network. The caller disposes the copies. */
export function copyState(network: nn.AnyModule): Map<string, Tensor> {
  return noGrad(
    () => new Map([...network.stateDict()].map(([name, tensor]) => [name, keep(tensor.clone())])),
  );
}
