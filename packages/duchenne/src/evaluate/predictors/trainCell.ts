/** One training of an evaluation: a label budget and a seed, from drawn labels to figures. */
import { Random } from "../../lib/random.ts";
import { countClasses } from "../data/targets.ts";
import { outcomeOf, scoreOf } from "../results/outcome.ts";
import { type Budget, drawLabels, parseBudget } from "../schema/labelBudget.ts";
import type { ProbeCell } from "../schema/result.ts";
import type { FitData } from "./fit.ts";
import { lossOf } from "./lossOf.ts";
import { TRAIN_BY_MODE } from "./modes.ts";
import type { TrainingContext, TrainingHooks } from "./trainingContext.ts";

/**
 * Draws labels, trains on them, and tests.
 * @param labels the budget, as in "10%"   @param seed of the labels, the first weights and the order
 */
export async function trainCell(
  context: TrainingContext,
  labels: string,
  seed: number,
  hooks: TrainingHooks,
): Promise<ProbeCell> {
  const start = performance.now();
  const { images, splits, targets, settings } = context;
  const rng = Random.fromSeed(seed).fork("cell");
  const data = drawData(context, labels, rng.fork("labels"));
  const { best, last, bestStep, steps, history } = await TRAIN_BY_MODE[settings.mode](
    context,
    data,
    rng,
    hooks,
  );
  const persons = splits.test.map((i) => images[i]!.person);
  const truth = { targets, indices: splits.test, persons };
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
 * Draws the labels of a training. It validates on at most as many images as it trains on: a user with a hundred labels has no
 * thousands to validate on.
 */
function drawData(
  { images, splits, targets, settings }: TrainingContext,
  labels: string,
  rng: Random,
): FitData {
  const draw = (split: readonly number[], budget: Budget, name: string) => {
    const classes = split.map((i) => (targets.kind === "classes" ? targets.values[i]! : 0));
    return drawLabels(classes, budget, rng.fork(name)).map((place) => split[place]!);
  };
  const train = draw(splits.train, parseBudget(labels)!, "train");
  const validation = draw(splits.validation, { count: train.length }, "validation");
  const persons = validation.map((i) => images[i]!.person);
  return {
    train,
    validation,
    classes: targets.kind === "classes" ? validation.map((i) => targets.values[i]!) : undefined,
    classCounts: targets.kind === "classes" ? countClasses(targets, train) : undefined,
    loss: lossOf(targets, train, settings),
    score: (outputs) => scoreOf({ targets, indices: validation, persons }, outputs),
  };
}
