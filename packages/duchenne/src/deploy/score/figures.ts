import { bootstrapIntervals, groupsOf, type Interval } from "../../evaluate/metrics/bootstrap.ts";
import {
  accuracy as accuracyOf,
  confusionMatrix,
  macroF1 as macroF1Of,
  recalls as recallsOf,
} from "../../evaluate/metrics/classification.ts";
import { concordance, rootMeanSquareError } from "../../evaluate/metrics/regression.ts";
import { Random } from "../../lib/random.ts";

/** A 95 % interval, by bootstrap over people, or over faces whose person is unknown. Null: not a number. */
export interface ScoredInterval {
  readonly low: number | null;
  readonly high: number | null;
}

/** A figure with its 95 % interval. Null: not a number. */
export interface ScoredFigure extends ScoredInterval {
  readonly value: number | null;
}

/** How well expressions are classified. */
export interface ExpressionScore {
  readonly images: number;
  /** The classes that both model and store have, in the model's order. */
  readonly classes: readonly string[];
  readonly accuracy: ScoredFigure;
  readonly macroF1: ScoredFigure;
  /** Share of each class's faces that were found. */
  readonly recall: Readonly<Record<string, number>>;
  readonly recallIntervals: Readonly<Record<string, ScoredInterval>>;
  /** Faces by [true class][predicted class], in the order of `classes`. */
  readonly confusion: readonly (readonly number[])[];
  /** Expected calibration error over 15 bins of equal width, in [0, 1]. @see Guo et al. 2017, arXiv:1706.04599 */
  readonly calibrationError: number;
  /** Corrected for bias: a resample shows some faces twice, and so a greater error. The mean excess over the error is subtracted. */
  readonly calibrationInterval: ScoredInterval;
}

/** How well valence and arousal are predicted. */
export interface AffectScore {
  readonly images: number;
  readonly valenceCcc: ScoredFigure;
  readonly arousalCcc: ScoredFigure;
  readonly valenceRmse: ScoredFigure;
  readonly arousalRmse: ScoredFigure;
}

const RESAMPLES = 1000;
const CALIBRATION_BINS = 15;

/**
 * Scores predicted classes.
 * @param labels [n] class numbers   @param probabilities [n][classes]   @param persons [n] null if unknown
 */
export function scoreExpressions(
  classes: readonly string[],
  labels: readonly number[],
  probabilities: readonly (readonly number[])[],
  persons: readonly (string | null)[],
): ExpressionScore {
  const predicted = probabilities.map((row) => row.indexOf(Math.max(...row)));
  const confusion = confusionMatrix(labels, predicted, classes.length);
  const confidences = probabilities.map(
    (row) => Math.max(...row) / row.reduce((sum, value) => sum + value, 0),
  );
  const correct = predicted.map((c, i) => c === labels[i]);
  const statistics = (chosen: readonly number[]) => {
    const counts = confusionMatrix(
      chosen.map((i) => labels[i]!),
      chosen.map((i) => predicted[i]!),
      classes.length,
    );
    return {
      accuracy: accuracyOf(counts),
      macroF1: macroF1Of(counts),
      calibrationError: expectedCalibrationError(
        chosen.map((i) => confidences[i]!),
        chosen.map((i) => correct[i]!),
      ),
      ...Object.fromEntries(recallsOf(counts).map((share, c) => [recallName(c), share])),
    } as Record<FigureName, number>;
  };
  const { accuracy, macroF1, calibrationError, ...recallFigures } = withIntervals<FigureName>(
    persons,
    statistics,
    ["calibrationError"],
  );
  return {
    ...{ images: labels.length, classes, accuracy, macroF1, confusion },
    recall: byClass(recallsOf(confusion), classes),
    recallIntervals: byClass(
      classes.map((_, c) => intervalOf(recallFigures[recallName(c)]!)),
      classes,
    ),
    calibrationError: expectedCalibrationError(confidences, correct),
    calibrationInterval: intervalOf(calibrationError),
  };
}

/** Names of a class's recall among the figures: a class may be called accuracy. */
type RecallName = `recall ${number}`;
type FigureName = "accuracy" | "macroF1" | "calibrationError" | RecallName;
const recallName = (c: number): RecallName => `recall ${c}`;

const intervalOf = ({ low, high }: ScoredFigure): ScoredInterval => ({ low, high });
const byClass = <T>(values: readonly T[], classes: readonly string[]): Record<string, T> =>
  Object.fromEntries(values.map((value, c) => [classes[c]!, value]));

/** Share of faces whose expression was found. @param correct [n]   @param persons [n] null if unknown */
export const scoreAccuracy = (
  correct: readonly boolean[],
  persons: readonly (string | null)[],
): ScoredFigure =>
  withIntervals(persons, (chosen) => ({
    accuracy: chosen.filter((i) => correct[i]).length / chosen.length,
  })).accuracy;

/** @param truth [n][valence, arousal]   @param predicted the same   @param persons [n] null if unknown */
export function scoreAffect(
  truth: readonly (readonly [number, number])[],
  predicted: readonly (readonly [number, number])[],
  persons: readonly (string | null)[],
): AffectScore {
  const column = (rows: readonly (readonly [number, number])[], chosen: readonly number[], d: 0 | 1) =>
    chosen.map((i) => rows[i]![d]);
  const figures = withIntervals(persons, (chosen) => {
    const [valence, arousal] = ([0, 1] as const).map((d) => [
      column(predicted, chosen, d),
      column(truth, chosen, d),
    ]) as [[number[], number[]], [number[], number[]]];
    return {
      valenceCcc: concordance(...valence),
      arousalCcc: concordance(...arousal),
      valenceRmse: rootMeanSquareError(...valence),
      arousalRmse: rootMeanSquareError(...arousal),
    };
  });
  return { images: truth.length, ...figures };
}

/**
 * Mean difference of confidence and accuracy over bins of confidence, weighted by the faces in them.
 * @param confidences [n] in [0, 1]   @param correct [n]
 * @see Guo et al. 2017, arXiv:1706.04599, equation 3
 */
export function expectedCalibrationError(
  confidences: readonly number[],
  correct: readonly boolean[],
): number {
  const bins = Array.from({ length: CALIBRATION_BINS }, () => ({ confidence: 0, correct: 0 }));
  for (const [i, confidence] of confidences.entries()) {
    const bin = bins[Math.min(CALIBRATION_BINS - 1, Math.floor(confidence * CALIBRATION_BINS))]!;
    bin.confidence += confidence;
    bin.correct += correct[i] ? 1 : 0;
  }
  const gaps = bins.map((bin) => Math.abs(bin.confidence - bin.correct));
  return gaps.reduce((sum, gap) => sum + gap, 0) / confidences.length;
}

type Statistics<K extends string> = (chosen: readonly number[]) => Readonly<Record<K, number>>;

/** @param biased figures that resampling itself makes greater: their intervals are moved by the mean excess */
function withIntervals<K extends string>(
  persons: readonly (string | null)[],
  statistics: Statistics<K>,
  biased: readonly K[] = [],
): Record<K, ScoredFigure> {
  const all = statistics([...persons.keys()]);
  const drawn: Readonly<Record<K, number>>[] = [];
  const resample: Statistics<K> = (chosen) => {
    const figures = statistics(chosen);
    drawn.push(figures);
    return figures;
  };
  const intervals = bootstrapIntervals(groupsOf(persons), resample, Random.fromSeed(0), {
    resamples: RESAMPLES,
  });
  const figures = (Object.keys(all) as K[]).map((name) => {
    const values = biased.includes(name) ? drawn.map((one) => one[name]) : [];
    const { low, high } = moved(intervals[name], all[name], values);
    return [name, { value: orNull(all[name]), low: orNull(low), high: orNull(high) }];
  });
  return Object.fromEntries(figures) as Record<K, ScoredFigure>;
}

/** An interval less the mean excess of the resamples over the value, which is then in it; not below 0. @param drawn none: as it is */
function moved({ low, high }: Interval, value: number, drawn: readonly number[]): Interval {
  if (drawn.length === 0) return { low, high };
  const excess = drawn.reduce((sum, one) => sum + one, 0) / drawn.length - value;
  return { low: Math.max(0, Math.min(value, low - excess)), high: Math.max(value, high - excess) };
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
