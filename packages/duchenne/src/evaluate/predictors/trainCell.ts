/** One cell: a label budget and a seed, from labels drawn to outcomes. */
import { Generator, type nn, type Tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import { Random } from "../../lib/random.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import type { LoadedBackbone } from "../../ssl/run/loadBackbone.ts";
import type { EvaluationPlan } from "../data/plan.ts";
import { outputsOf, type Targets } from "../data/targets.ts";
import type { ViewFunction } from "../features/embed.ts";
import { outcomeOf, scoreOf } from "../results/outcome.ts";
import { drawLabels, parseBudget } from "../schema/labelBudget.ts";
import type { Mode, ProbeSettings } from "../schema/options.ts";
import type { ProbeCell } from "../schema/result.ts";
import { FineTuned, fineTuneLearner } from "./finetune.ts";
import {
  copyState,
  type FitData,
  fit,
  type OnStep,
  type TrainablePredictor,
  type ValidationScore,
} from "./fit.ts";
import { frozenLearner } from "./frozen.ts";
import { knnOutputs } from "./knn.ts";
import { linearOutputs } from "./linear.ts";
import { lossOf } from "./lossOf.ts";
import { buildPredictor } from "./predictor.ts";
import { fitSchedule } from "./schedule.ts";

/** Everything a cell needs that is the same for all of them. */
export interface TrainingContext {
  readonly loaded: Pick<LoadedBackbone, "backbone" | "size">;
  readonly store: FrameStore;
  readonly settings: ProbeSettings;
  readonly plan: EvaluationPlan;
  readonly targets: Targets;
  readonly device: string;
  /** How an image is seen when it is not learned from. */
  readonly view: ViewFunction;
  /** [views · images, d], of all images; undefined for fine-tuning. */
  readonly features: Tensor | undefined;
  readonly yieldTurn: YieldTurn;
  /** Told of a cell's chosen weights, `backbone.…` and `predictor.…`, while they last; never in mode knn. */
  readonly onBest?: (weights: ReadonlyMap<string, Tensor>) => void;
}

interface Learned {
  /** Outputs for the test part, by the weights chosen and by the last. */
  readonly best: Float32Array;
  readonly last: Float32Array;
  readonly bestStep: number;
  readonly steps: number;
  readonly history: readonly ValidationScore[];
}

type Learn = (context: TrainingContext, data: FitData, rng: Random, onStep: OnStep) => Promise<Learned>;

const LEARN: Readonly<Record<Mode, Learn>> = {
  frozen: learnFrozen,
  finetune: learnFineTuned,
  linear: learnLinear,
  knn: learnNeighbours,
};

/** @param labels the budget, as in "10%"   @param seed of the labels drawn and of the training */
export async function trainCell(
  context: TrainingContext,
  labels: string,
  seed: number,
  onStep: OnStep,
): Promise<ProbeCell> {
  const start = performance.now();
  const { plan, targets, settings } = context;
  const rng = Random.fromSeed(seed).fork("cell");
  const data = fitData(context, labels, rng.fork("labels"));
  const { best, last, bestStep, steps, history } = await LEARN[settings.mode](context, data, rng, onStep);
  const { test } = plan.splits;
  const truth = { targets, indices: test, persons: test.map((i) => plan.images[i]!.person) };
  const outcome = (outputs: Float32Array) =>
    outcomeOf(truth, outputs, settings.resamples, Random.fromSeed(seed).fork("intervals"));
  return {
    labels,
    seed,
    trainImages: data.train.length,
    validationImages: data.validation.length,
    steps,
    seconds: Number(((performance.now() - start) / 1000).toFixed(3)),
    best: outcome(best),
    last: outcome(last),
    bestStep,
    history: [...history],
  };
}

/**
 * Draws the labels. The validation split lends at most as many labels as are learned from: a user with a hundred labels has no
 * thousands to choose by.
 */
function fitData({ plan, targets, settings }: TrainingContext, labels: string, rng: Random): FitData {
  const draw = (
    part: readonly number[],
    budget: NonNullable<ReturnType<typeof parseBudget>>,
    name: string,
  ) => {
    const classes = part.map((i) => (targets.kind === "classes" ? targets.values[i]! : 0));
    return drawLabels(classes, budget, rng.fork(name)).map((place) => part[place]!);
  };
  const train = draw(plan.splits.train, parseBudget(labels)!, "train");
  const validation = draw(plan.splits.validation, { count: train.length }, "validation");
  const persons = validation.map((i) => plan.images[i]!.person);
  return {
    train,
    validation,
    loss: lossOf(targets, train, settings.loss),
    score: (outputs) => scoreOf({ targets, indices: validation, persons }, outputs),
  };
}

/** What draws first weights lies on the CPU, what drops on the device. */
function withPredictor<T>(
  { settings, targets, device, loaded }: TrainingContext,
  rng: Random,
  use: (predictor: ReturnType<typeof buildPredictor>) => Promise<T>,
): Promise<T> {
  const init = Generator.seeded(rng.fork("weights").bits32());
  const drop = Generator.seeded(rng.fork("dropout").bits32(), device);
  const options = { dropout: settings.dropout, init, drop };
  const predictor = buildPredictor(loaded.backbone.features, outputsOf(targets), options).to({ device });
  return use(predictor).finally(() => {
    for (const part of [init, drop, predictor]) part.dispose();
  });
}

function learnFrozen(context: TrainingContext, data: FitData, rng: Random, onStep: OnStep): Promise<Learned> {
  const { features, plan } = context;
  return withPredictor(context, rng, (predictor) =>
    fitAndTest(context, frozenLearner(predictor, features!, plan.images.length), data, rng, onStep),
  );
}

/** Leaves the backbone as it found it. */
async function learnFineTuned(
  context: TrainingContext,
  data: FitData,
  rng: Random,
  onStep: OnStep,
): Promise<Learned> {
  const { loaded, store, plan, view, device, targets, yieldTurn } = context;
  const before = copyState(loaded.backbone);
  const options = { stored: store.manifest.options.size, size: loaded.size, device };
  const keys = plan.images.map(({ key }) => key);
  try {
    return await withPredictor(context, rng, (predictor) => {
      const network = new FineTuned(loaded.backbone, predictor, outputsOf(targets));
      const learner = fineTuneLearner(network, { store, keys, view, options }, yieldTurn);
      return fitAndTest(context, learner, data, rng, onStep);
    });
  } finally {
    loaded.backbone.loadStateDict(before);
    loaded.backbone.eval();
    for (const tensor of before.values()) tensor.dispose();
  }
}

/** Names as a fine-tuned network has them. */
function joined(backbone: nn.AnyModule, predictor: nn.AnyModule): Map<string, Tensor> {
  const named = (prefix: string, network: nn.AnyModule) =>
    [...network.stateDict()].map(([name, tensor]) => [`${prefix}.${name}`, tensor] as const);
  return new Map([...named("backbone", backbone), ...named("predictor", predictor)]);
}

async function fitAndTest(
  { settings, plan, yieldTurn, loaded, onBest }: TrainingContext,
  learner: TrainablePredictor,
  data: FitData,
  rng: Random,
  onStep: OnStep,
): Promise<Learned> {
  const schedule = fitSchedule(settings, data.train.length);
  const { batch, epochs, weightDecay } = settings;
  const fitted = await fit(
    learner,
    data,
    { batch, epochs, weightDecay, ...schedule },
    rng,
    yieldTurn,
    onStep,
  );
  const last = await learner.outputs(plan.splits.test);
  fitted.useBest();
  const best = await learner.outputs(plan.splits.test);
  onBest?.(
    learner.network instanceof FineTuned
      ? learner.network.stateDict()
      : joined(loaded.backbone, learner.network),
  );
  fitted.dispose();
  const { bestStep, history } = fitted;
  return { best, last, bestStep, steps: schedule.steps, history };
}

async function learnLinear(
  context: TrainingContext,
  data: FitData,
  _rng: Random,
  onStep: OnStep,
): Promise<Learned> {
  const { features, targets, plan, yieldTurn, loaded, onBest } = context;
  const { test } = plan.splits;
  const { outputs, steps, loss, score, layer } = await linearOutputs(
    features!,
    outputsOf(targets),
    data,
    test,
    yieldTurn,
    onStep,
  );
  onBest?.(joined(loaded.backbone, layer));
  layer.dispose();
  return { best: outputs, last: outputs, bestStep: steps, steps, history: [{ step: steps, loss, score }] };
}

async function learnNeighbours(
  { features, targets, plan, settings }: TrainingContext,
  { train }: FitData,
): Promise<Learned> {
  const outputs = knnOutputs(features!, targets, train, plan.splits.test, settings.neighbours);
  return { best: outputs, last: outputs, bestStep: 0, steps: 0, history: [] };
}
