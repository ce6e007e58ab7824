/** What each mode trains on the labels. */
import { Generator, type nn, type Tensor } from "@duchenne/torch";
import { setting } from "../../lib/errors.ts";
import type { Random } from "../../lib/random.ts";
import { outputsOf } from "../data/targets.ts";
import { unlabelledKeys } from "../data/unlabelled.ts";
import { ProbeError } from "../schema/errors.ts";
import type { Mode } from "../schema/options.ts";
import { copyState } from "./copyState.ts";
import { FineTuned, type FineTunedPredictor, fineTunedPredictor } from "./finetune.ts";
import { type FitData, fit, type TrainablePredictor } from "./fit.ts";
import { frozenPredictor } from "./frozen.ts";
import { knnOutputs } from "./knn.ts";
import { linearOutputs } from "./linear.ts";
import { balancingShift, changeOutputs, type OutputChange, temperatureOf } from "./outputChange.ts";
import { buildPredictor } from "./predictor.ts";
import { fitSchedule } from "./schedule.ts";
import type { TrainedOutputs, TrainingContext, TrainingHooks } from "./trainingContext.ts";

type Train = (
  context: TrainingContext,
  data: FitData,
  rng: Random,
  hooks: TrainingHooks,
) => Promise<TrainedOutputs>;

/** Trains by the mode of the settings, and predicts the test split. */
export const TRAIN_BY_MODE: Readonly<Record<Mode, Train>> = {
  frozen: trainFrozen,
  finetune: fineTune,
  linear: trainLinear,
  knn: voteByNeighbours,
};

function trainFrozen(
  context: TrainingContext,
  data: FitData,
  rng: Random,
  hooks: TrainingHooks,
): Promise<TrainedOutputs> {
  const { features, images } = context;
  return withPredictor(context, rng, (predictor, random) =>
    fitAndTest(context, frozenPredictor(predictor, random, features!, images.length), data, rng, hooks),
  );
}

/** Restores the backbone's weights afterwards. */
async function fineTune(
  context: TrainingContext,
  data: FitData,
  rng: Random,
  hooks: TrainingHooks,
): Promise<TrainedOutputs> {
  const { loaded, store, images, splits, view, device, targets, settings, yieldTurn } = context;
  const before = copyState(loaded.backbone);
  const options = { stored: store.manifest.options.size, size: loaded.size, device };
  const keys = images.map(({ key }) => key);
  const unlabelled = settings.semi ? unlabelledKeys(store, images, splits, settings) : [];
  try {
    return await withPredictor(context, rng, (predictor, random) => {
      const network = new FineTuned(loaded.backbone, predictor, outputsOf(targets));
      const trainable = fineTunedPredictor(
        network,
        { store, keys, view, options, settings, random, unlabelled },
        yieldTurn,
      );
      return fitAndTest(context, trainable, data, rng, hooks);
    });
  } finally {
    loaded.backbone.loadStateDict(before);
    loaded.backbone.eval();
    for (const tensor of before.values()) tensor.dispose();
  }
}

/** Builds a predictor for a training, and disposes it afterwards. */
function withPredictor<T>(
  { settings, targets, device, loaded }: TrainingContext,
  rng: Random,
  use: (predictor: nn.Module, random: Generator) => Promise<T>,
): Promise<T> {
  // First weights are drawn on the CPU, so that they do not depend on the device; dropout is drawn on the device.
  const init = Generator.seeded(rng.fork("weights").bits32());
  const drop = Generator.seeded(rng.fork("dropout").bits32(), device);
  const options = { dropout: settings.dropout, init, drop };
  const predictor = buildPredictor(loaded.backbone.features, outputsOf(targets), options).to({ device });
  return use(predictor, drop).finally(() => {
    for (const part of [init, drop, predictor]) part.dispose();
  });
}

async function fitAndTest(
  { settings, splits, yieldTurn, loaded }: TrainingContext,
  trainable: TrainablePredictor | FineTunedPredictor,
  data: FitData,
  rng: Random,
  { onStep, onBest, folder }: TrainingHooks,
): Promise<TrainedOutputs> {
  const schedule = fitSchedule(settings, data.train.length);
  if (settings.warmupSteps >= schedule.steps)
    throw new ProbeError(
      setting("warmupSteps"),
      `fewer than the ${schedule.steps} updates of this training`,
      String(settings.warmupSteps),
      "Lower it, or train for more epochs.",
    );
  const fitted = await fit(trainable, data, { ...settings, ...schedule }, rng, { yieldTurn, onStep, folder });
  const outputsFor = (indices: readonly number[]) =>
    "testOutputs" in trainable ? trainable.testOutputs(indices) : trainable.outputs(indices);
  const last = await outputsFor(splits.test);
  fitted.useBest();
  const best = await outputsFor(splits.test);
  const { network } = trainable;
  const change = await outputChange(settings, data, outputsFor);
  const weights = network instanceof FineTuned ? network.stateDict() : namedWeights(loaded.backbone, network);
  onBest?.(weights, change);
  fitted.dispose();
  const { bestStep, history } = fitted;
  const changed = (outputs: Float32Array) => (change ? changeOutputs(outputs, change) : outputs);
  return { best: changed(best), last: changed(last), bestStep, steps: schedule.steps, history };
}

/** Balances and calibrates classes, as the settings ask; undefined if they ask for neither. */
async function outputChange(
  { balance, calibrate }: TrainingContext["settings"],
  { classes, classCounts, validation }: FitData,
  outputsFor: (indices: readonly number[]) => Promise<Float32Array>,
): Promise<OutputChange | undefined> {
  if (!classes || !classCounts || (balance === 0 && !calibrate)) return undefined;
  const shift = balancingShift(classCounts, balance);
  if (!calibrate) return { shift, temperature: 1 };
  const balanced = changeOutputs(await outputsFor(validation), { shift, temperature: 1 });
  return { shift, temperature: temperatureOf(balanced, classes) };
}

/** The weights of both networks, by the names they have in a fine-tuned network. */
function namedWeights(backbone: nn.AnyModule, predictor: nn.AnyModule): Map<string, Tensor> {
  const named = (prefix: string, network: nn.AnyModule) =>
    [...network.stateDict()].map(([name, tensor]) => [`${prefix}.${name}`, tensor] as const);
  return new Map([...named("backbone", backbone), ...named("predictor", predictor)]);
}

async function trainLinear(
  { features, targets, splits, yieldTurn, loaded }: TrainingContext,
  data: FitData,
  _rng: Random,
  { onStep, onBest }: TrainingHooks,
): Promise<TrainedOutputs> {
  const { outputs, steps, loss, score, layer } = await linearOutputs(
    features!,
    outputsOf(targets),
    data,
    splits.test,
    yieldTurn,
    onStep,
  );
  onBest?.(namedWeights(loaded.backbone, layer));
  layer.dispose();
  return { best: outputs, last: outputs, bestStep: steps, steps, history: [{ step: steps, loss, score }] };
}

async function voteByNeighbours(
  { features, targets, splits, settings }: TrainingContext,
  { train }: FitData,
): Promise<TrainedOutputs> {
  const outputs = knnOutputs(features!, targets, train, splits.test, settings.neighbours);
  return { best: outputs, last: outputs, bestStep: 0, steps: 0, history: [] };
}
