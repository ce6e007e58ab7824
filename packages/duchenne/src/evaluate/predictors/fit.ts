/** The training loop of the modes that learn by steps: frozen and finetune. */
import { keep, type nn, noGrad, optim, scope, type Tensor, withThreads } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import type { ProbeSettings } from "../schema/options.ts";
import type { ProbeLoss } from "./lossOf.ts";
import type { FitSchedule } from "./schedule.ts";

/** What is trained. */
export interface TrainablePredictor {
  /** Everything that learns or changes. */
  readonly network: nn.AnyModule;
  /** Whether an update is too small to be shared out among threads. */
  readonly onOneThread: boolean;
  /** Outputs for training images, as training sees them. */
  trainOutputs(indices: readonly number[], rng: Random): Tensor;
  /** Outputs [n · outputs] for images as they are; the network is in evaluation mode. */
  outputs(indices: readonly number[]): Promise<Float32Array>;
}

export interface FitData {
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly loss: ProbeLoss;
  /** The validation part's figure, greater is better. */
  readonly score: (outputs: Float32Array, indices: readonly number[]) => number;
}

export interface ValidationScore {
  /** Updates done. */
  readonly step: number;
  /** Mean over the round's updates. */
  readonly loss: number;
  readonly score: number;
}

/** Updates done, how many there will be, and the validation part's figure when it was last looked at. */
export type OnStep = (step: number, total: number, score?: number) => void;

export interface Fitted {
  readonly history: ValidationScore[];
  readonly bestStep: number;
  /** Puts the weights of the best round into the network; it has the last round's until then. */
  readonly useBest: () => void;
  readonly dispose: () => void;
}

export type FitSettings = FitSchedule & Pick<ProbeSettings, "epochs" | "weightDecay" | "batch">;

/**
 * Trains with Adam, its rate falling along a cosine step by step. `epochs` times in all, evenly spaced, the validation part
 * is looked at, and the best weights are remembered; of equals the later.
 */
export async function fit(
  learner: TrainablePredictor,
  { train, validation, loss, score }: FitData,
  settings: FitSettings,
  rng: Random,
  yieldTurn: YieldTurn,
  onStep: OnStep,
): Promise<Fitted> {
  const { network } = learner;
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
    // As many updates as `yieldTurn` allows: to change the number of threads for each would cost a tenth of a small one.
    const stretch = () => {
      let rest: ReturnType<YieldTurn>;
      while (step < end && !rest) {
        optimizer.setLearningRate(rate(step));
        losses.push(update(learner, optimizer, loss, batches.next().value, rng.fork(`step/${step}`)));
        onStep(step, total, history.at(-1)?.score);
        step += 1;
        rest = yieldTurn();
      }
      return rest;
    };
    while (step < end) await (learner.onOneThread ? withThreads(1, stretch) : stretch());
    network.eval();
    const value = score(await learner.outputs(validation), validation);
    history.push({ step, loss: meanOf(losses), score: value });
    best.consider(value, step);
  }
  optimizer.dispose();
  return { history, bestStep: best.step, useBest: () => best.restore(), dispose: () => best.dispose() };
}

function update(
  learner: TrainablePredictor,
  optimizer: optim.Adam,
  loss: ProbeLoss,
  indices: readonly number[],
  rng: Random,
): Tensor {
  return scope(() => {
    const value = loss(learner.trainOutputs(indices, rng), indices);
    optimizer.zeroGrad();
    value.backward();
    optimizer.step();
    return keep(value.detach());
  });
}

/** Read once a round: on a GPU, reading a loss waits for it. */
function meanOf(losses: readonly Tensor[]): number {
  const sum = losses.reduce((total, loss) => total + loss.item(), 0);
  for (const loss of losses) loss.dispose();
  return sum / losses.length;
}

/** Full batches from one shuffle after another; one that straddles two takes from both. */
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

/** A copy of a network's state at its best moment. */
class BestWeights {
  step = 0;
  #score = Number.NEGATIVE_INFINITY;
  readonly #network: nn.AnyModule;
  #copy = new Map<string, Tensor>();

  constructor(network: nn.AnyModule) {
    this.#network = network;
  }

  /** A score that is no number is the worst. */
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

/** A network's tensors as they are now. The caller disposes them. */
export function copyState(network: nn.AnyModule): Map<string, Tensor> {
  return noGrad(
    () => new Map([...network.stateDict()].map(([name, tensor]) => [name, keep(tensor.clone())])),
  );
}
