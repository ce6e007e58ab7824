/** Figures of predictions, with intervals. */
import type { Random } from "../../lib/random.ts";
import type { Targets } from "../data/targets.ts";
import { bootstrapIntervals, groupsOf, type Interval } from "../metrics/bootstrap.ts";
import { accuracy, confusionMatrix, macroF1, recalls } from "../metrics/classification.ts";
import { concordance, rootMeanSquareError } from "../metrics/regression.ts";
import type { ProbeFigure, ProbeOutcome } from "../schema/result.ts";

/** The labels of the images that predictions are compared with. */
export interface Truth {
  readonly targets: Targets;
  /** [n] the images, as indices into the targets, in the order of the predictions. */
  readonly indices: readonly number[];
  /** [n] null if unknown. */
  readonly persons: readonly (string | null)[];
}

/** Computes figures of some predictions. @param chosen places in the list of predictions */
type Statistics = (chosen: readonly number[]) => Record<string, number>;

/** JSON has no NaN: null in its place. */
export const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Predictions from outputs: [n] class numbers of [n · classes]; valence and arousal [n · 2] as they are. */
export function predictionsOf(outputs: Float32Array, targets: Targets): number[] {
  if (targets.kind === "affect") return Array.from(outputs);
  const width = targets.classes.length;
  return Array.from({ length: outputs.length / width }, (_, i) => {
    const row = outputs.subarray(i * width, (i + 1) * width);
    return row.indexOf(row.reduce((a, b) => Math.max(a, b)));
  });
}

/** [n] softmax probability of the predicted class, rounded to three digits. */
function confidenceOf(outputs: Float32Array, width: number): number[] {
  return Array.from({ length: outputs.length / width }, (_, i) => {
    const row = outputs.subarray(i * width, (i + 1) * width);
    const highest = row.reduce((a, b) => Math.max(a, b));
    const total = row.reduce((sum, value) => sum + Math.exp(value - highest), 0);
    return Number((1 / total).toFixed(3));
  });
}

function statisticsOf({ targets, indices }: Truth, predictions: readonly number[]): Statistics {
  if (targets.kind === "classes") {
    const { values, classes } = targets;
    return (chosen) => {
      const labels = chosen.map((i) => values[indices[i]!]!);
      const confusion = confusionMatrix(
        labels,
        chosen.map((i) => predictions[i]!),
        classes.length,
      );
      return { macroF1: macroF1(confusion), accuracy: accuracy(confusion) };
    };
  }
  return (chosen) => {
    const [valence, arousal] = [0, 1].map((dimension) => ({
      prediction: chosen.map((i) => predictions[2 * i + dimension]!),
      target: chosen.map((i) => targets.values[2 * indices[i]! + dimension]!),
    }));
    return {
      valenceCcc: concordance(valence!.prediction, valence!.target),
      valenceRmse: rootMeanSquareError(valence!.prediction, valence!.target),
      arousalCcc: concordance(arousal!.prediction, arousal!.target),
      arousalRmse: rootMeanSquareError(arousal!.prediction, arousal!.target),
    };
  };
}

/** The score that chooses weights: macro F1, or the mean of both CCCs. @param outputs [n · outputs] */
export function scoreOf(truth: Truth, outputs: Float32Array): number {
  const predictions = predictionsOf(outputs, truth.targets);
  const figures = statisticsOf(truth, predictions)([...truth.indices.keys()]);
  return truth.targets.kind === "classes"
    ? figures.macroF1!
    : (figures.valenceCcc! + figures.arousalCcc!) / 2;
}

const rounded = (value: number): number => Number(value.toFixed(4));

/** Figures, confusion matrix and predictions of outputs. @param outputs [n · outputs] for the images of `truth` */
export function outcomeOf(truth: Truth, outputs: Float32Array, resamples: number, rng: Random): ProbeOutcome {
  const { targets, indices } = truth;
  const predictions = predictionsOf(outputs, targets);
  const figures = withIntervals(statisticsOf(truth, predictions), truth.persons, resamples, rng);
  if (targets.kind === "affect")
    return {
      figures,
      confusion: null,
      recall: null,
      predictions: predictions.map(rounded),
      confidence: null,
    };
  const labels = indices.map((i) => targets.values[i]!);
  const confusion = confusionMatrix(labels, predictions, targets.classes.length);
  const confidence = confidenceOf(outputs, targets.classes.length);
  return { figures, confusion, recall: recalls(confusion).map(orNull), predictions, confidence };
}

/** Figures of all predictions, each with its 95 % bootstrap interval by person. @param persons [n] null if unknown */
export function withIntervals(
  statistics: Statistics,
  persons: readonly (string | null)[],
  resamples: number,
  rng: Random,
): Record<string, ProbeFigure> {
  const all = statistics([...persons.keys()]);
  const intervals = bootstrapIntervals(groupsOf(persons), statistics, rng, { resamples });
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, { value: orNull(value), ...bounds(intervals[name]!) }]),
  );
}

const bounds = ({ low, high }: Interval) => ({ low: orNull(low), high: orNull(high) });

/** Computes the mean of each figure over several trainings with the same test images. */
export function meanStatistics(truth: Truth, outcomes: readonly ProbeOutcome[]): Statistics {
  const each = outcomes.map(({ predictions }) => statisticsOf(truth, predictions));
  return (chosen) => {
    const figures = each.map((statistics) => statistics(chosen));
    const names = Object.keys(figures[0]!);
    return Object.fromEntries(
      names.map((name) => [name, figures.reduce((sum, own) => sum + own[name]!, 0) / figures.length]),
    );
  };
}
