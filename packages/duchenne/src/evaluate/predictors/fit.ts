/** The training loop of the modes frozen and finetune. */
import {
  keep,
  type nn,
  optim,
  type Generator as RandomGenerator,
  scope,
  type Tensor,
  withThreads,
} from "@duchenne/torch";
import { setting } from "../../lib/errors.ts";
import type { Random } from "../../lib/random.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import { ProbeError } from "../schema/errors.ts";
import type { ProbeSettings } from "../schema/options.ts";
import { BestWeights } from "./bestWeights.ts";
import type { FitState, FitStateFolder } from "./fitState.ts";
import type { ProbeLoss } from "./lossOf.ts";
import type { Mixed } from "./mixing.ts";
import type { FitSchedule } from "./schedule.ts";
import { WeightAverage } from "./weightAverage.ts";

/** Outputs [n, outputs] of a training batch, how its images were mixed, and what is added to their loss. */
export interface TrainOutputs {
  readonly outputs: Tensor;
  readonly mixed?: Mixed | undefined;
  /** Scalar; what images without a label teach. */
  readonly unlabelledLoss?: Tensor | undefined;
}

/** A predictor that `fit` can train. */
export interface TrainablePredictor {
  /** The module with all parameters and buffers that change. */
  readonly network: nn.AnyModule;
  /** Whether an update is so small that one thread is faster than several. */
  readonly onOneThread: boolean;
  /** Draws dropout. */
  readonly random: RandomGenerator;
  /** Outputs for training images, in training mode. @param rng draws changed views */
  trainOutputs(indices: readonly number[], rng: Random): TrainOutputs;
  /** Outputs [n · outputs] for the plain views of images; the network is in evaluation mode. */
  outputs(indices: readonly number[]): Promise<Float32Array>;
}

/** The images, loss and score of a training. */
export interface FitData {
  /** Indices of the images to train on, and of those to validate on. */
  readonly train: readonly number[];
  readonly validation: readonly number[];
  /** [validation] classes of the images to validate on; undefined without classes. */
  readonly classes?: readonly number[] | undefined;
  /** [classes] training images of each class; undefined without classes. */
  readonly classCounts?: readonly number[] | undefined;
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
export type FitSettings = FitSchedule &
  Pick<ProbeSettings, "epochs" | "weightDecay" | "batch"> &
  Partial<Pick<ProbeSettings, "optimizer" | "warmupSteps" | "average" | "choose">>;

/** How `fit` reports and keeps its progress. */
export interface FitHooks {
  readonly yieldTurn: YieldTurn;
  readonly onStep: OnStep;
  /** Where the training is kept after each round, and at once if it is interrupted; undefined: nowhere. */
  readonly folder?: FitStateFolder | undefined;
}

/**
 * Trains with Adam or AdamW; the learning rate rises along a line and falls along a cosine. Validates `epochs` times, evenly spaced,
 * and keeps the weights with the best score (of equal scores, the later weights), or the last ones. With `average`, the weights that are
 * validated and kept are a running average.
 * @throws ProbeError if the loss is no longer a finite number
 */
export async function fit(
  predictor: TrainablePredictor,
  { train, validation, loss, score }: FitData,
  settings: FitSettings,
  rng: Random,
  { yieldTurn, onStep, folder }: FitHooks,
): Promise<Fitted> {
  const { network } = predictor;
  const { steps: total } = settings;
  const training = new Training(predictor, settings, folder);
  const { optimizer, history, best } = training;
  const rate = scheduleOf(settings);
  const batches = endlessBatches(train, settings.batch, rng.fork("order"));
  for (let i = 0; i < training.step; i++) batches.next();
  let stop: unknown;
  const yieldOrStop: YieldTurn = () =>
    yieldTurn()?.catch((reason: unknown) => {
      stop = reason;
      throw reason;
    });
  const runRound = async (round: number) => {
    const end = Math.floor((round * total) / settings.epochs);
    network.train();
    // Runs updates until the next turn: to set the number of threads for each update would cost a tenth of a small one.
    const stretch = () => {
      let turn: ReturnType<YieldTurn>;
      while (training.step < end && !turn) {
        const { step } = training;
        optimizer.setLearningRate(rate(step));
        const indices = batches.next().value;
        training.losses.push(update(predictor, optimizer, loss, indices, rng.fork(`step/${step}`)));
        training.average?.update(step);
        onStep(step, total, history.at(-1)?.score);
        training.step += 1;
        turn = yieldOrStop();
      }
      return turn;
    };
    while (training.step < end) await (predictor.onOneThread ? withThreads(1, stretch) : stretch());
    const mean = training.meanLoss();
    if (!Number.isFinite(mean))
      throw new ProbeError(
        setting("learningRate"),
        "a rate at which the loss stays a finite number",
        `${settings.learningRate}, at which it became ${mean} within ${training.step} updates`,
        "Lower it, or warm up longer (`warmupSteps`).",
      );
    network.eval();
    await training.withAverage(async () => {
      const value = score(await predictor.outputs(validation), validation);
      history.push({ step: training.step, loss: mean, score: value });
      best.consider(settings.choose === "last" ? round : value, training.step);
    });
    training.losses.length = 0;
  };
  try {
    for (let round = history.length + 1; round <= settings.epochs; round++) {
      await runRound(round);
      if (round < settings.epochs && folder?.isDue) training.keep();
    }
  } catch (error) {
    if (error === stop) training.keep();
    throw error;
  }
  training.finish();
  return {
    history,
    bestStep: best.step,
    useBest: () => best.restore(),
    dispose: () => best.dispose(),
  };
}

/** Up along a line, then down along half a cosine. */
function scheduleOf({ learningRate, steps, warmupSteps = 0 }: FitSettings): optim.schedules.Schedule {
  if (warmupSteps === 0) return optim.schedules.cosine(learningRate, steps);
  const falling = optim.schedules.cosine(learningRate, Math.max(1, steps - warmupSteps));
  return optim.schedules.warmup(warmupSteps, falling);
}

/** A training between two updates. */
class Training {
  step = 0;
  /** Losses of the updates since the last validation: tensors until somebody reads them. */
  readonly losses: (number | Tensor)[] = [];
  readonly history: ValidationScore[] = [];
  readonly optimizer: optim.Adam | optim.AdamW;
  readonly best: BestWeights;
  readonly average: WeightAverage | undefined;
  readonly #predictor: TrainablePredictor;
  readonly #folder: FitStateFolder | undefined;

  /** Goes on from what the folder holds. */
  constructor(
    predictor: TrainablePredictor,
    { learningRate: lr, weightDecay, optimizer, average = 0 }: FitSettings,
    folder: FitStateFolder | undefined,
  ) {
    const { network } = predictor;
    this.#predictor = predictor;
    this.#folder = folder;
    const trained = [...network.parameters()].filter(({ requiresGrad }) => requiresGrad);
    const Rule = optimizer === "adamw" ? optim.AdamW : optim.Adam;
    this.optimizer = new Rule(trained, { lr, weightDecay });
    this.best = new BestWeights(network);
    const state = folder?.read();
    if (state) this.#goOn(state);
    if (average > 0) this.average = new WeightAverage(network, average, state?.tensors.average);
    for (const group of Object.values(state?.tensors ?? {}))
      for (const tensor of group.values()) tensor.dispose();
  }

  #goOn({ step, history, best, optimizerSteps, losses, tensors }: FitState): void {
    const { network, random } = this.#predictor;
    network.loadStateDict(tensors.network!);
    this.optimizer.loadStateDict({ tensors: new Map(tensors.optimizer ?? []), steps: optimizerSteps });
    random.setState(tensors.random!.get("state")!);
    this.step = step;
    this.losses.push(...losses.map((loss) => loss ?? Number.NaN));
    this.history.push(
      ...history.map(({ step: at, loss, score }) => ({
        step: at,
        loss: loss ?? Number.NaN,
        score: score ?? Number.NaN,
      })),
    );
    // Before the first validation, nothing is best.
    this.best.set(tensors.best ?? new Map(), best.score ?? Number.NaN, best.step);
  }

  /** Runs `use` with the weights that are evaluated. */
  withAverage(use: () => Promise<void>): Promise<void> {
    return this.average ? this.average.during(use) : use();
  }

  /** Mean loss of the updates since the last validation; NaN without any. */
  meanLoss(): number {
    const values = this.#readLosses();
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  /** Reads the losses together: on a GPU, each read waits for the computation. */
  #readLosses(): number[] {
    const values = this.losses.map((loss) => {
      if (typeof loss === "number") return loss;
      const value = loss.item();
      loss.dispose();
      return value;
    });
    this.losses.splice(0, values.length, ...values);
    return values;
  }

  /** Writes the training to its folder, if it has one. */
  keep(): void {
    if (!this.#folder) return;
    const losses = this.#readLosses().map(finiteOrNull);
    const { network, random } = this.#predictor;
    const { tensors, steps } = this.optimizer.stateDict();
    scope(() => {
      this.#folder!.write({
        step: this.step,
        history: this.history.map(({ step, loss, score }) => ({
          step,
          loss: finiteOrNull(loss),
          score: finiteOrNull(score),
        })),
        best: { step: this.best.step, score: finiteOrNull(this.best.score) },
        optimizerSteps: steps,
        losses,
        tensors: {
          network: network.stateDict(),
          ...(this.average && { average: this.average.weights }),
          best: this.best.weights,
          optimizer: tensors,
          random: new Map([["state", random.state()]]),
        },
      });
    });
  }

  /** Frees the optimiser, and leaves the average in the network. */
  finish(): void {
    this.optimizer.dispose();
    if (this.average) this.#predictor.network.loadStateDict(this.average.weights);
    this.average?.dispose();
  }
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function update(
  predictor: TrainablePredictor,
  optimizer: optim.Adam | optim.AdamW,
  loss: ProbeLoss,
  indices: readonly number[],
  rng: Random,
): Tensor {
  return scope(() => {
    const { outputs, mixed, unlabelledLoss } = predictor.trainOutputs(indices, rng);
    const labelled = loss(outputs, indices, mixed);
    const value = unlabelledLoss ? labelled.add(unlabelledLoss) : labelled;
    optimizer.zeroGrad();
    value.backward();
    optimizer.step();
    return keep(value.detach());
  });
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
