/** Figures of a reader on the test images. */
import {
  accuracy,
  type ConfusionMatrix,
  confusionMatrix,
  macroF1,
} from "../../packages/duchenne/src/evaluate/metrics/classification.ts";
import {
  EXPRESSION_ORDERS,
  EXPRESSIONS,
  type Expression,
  parseExpressionWord,
} from "../../packages/duchenne/src/lib/expressions.ts";
import type { LabelKind, TestFace } from "./faces.ts";

/** What a reader said of every face, and how long it took. */
export interface Readings {
  readonly labels: readonly string[];
  /** [faces][labels] */
  readonly probabilities: readonly (readonly number[])[];
  /** Median of one face's time. */
  readonly milliseconds: number;
}

/** How right a reader is. */
export interface Figures {
  readonly images: number;
  /** Both in percent. */
  readonly accuracy: number;
  readonly macroF1: number;
  /** Over the seven classes that FER2013 names, which every network compared knows. */
  readonly macroF1OfSeven: number;
}

const SEVEN: readonly Expression[] = EXPRESSION_ORDERS.fer2013;

/** Scores the faces that have such a label; expressions that no label names are never predicted. */
export function score(
  { labels, probabilities }: Readings,
  faces: readonly TestFace[],
  kind: LabelKind,
): Figures {
  const classes = EXPRESSIONS.filter((name) => faces.some((face) => face[kind] === name));
  const words = labels.map((word) => parseExpressionWord(word));
  const labelled = faces.flatMap((face, i) =>
    face[kind] ? [{ truth: face[kind], row: probabilities[i]! }] : [],
  );
  const counts = confusionMatrix(
    labelled.map(({ truth }) => classes.indexOf(truth)),
    labelled.map(({ row }) => classes.indexOf(mostProbable(row, words, classes))),
    classes.length,
  );
  const seven = classes.flatMap((name, c) => (SEVEN.includes(name) ? [f1(counts, c)] : []));
  return {
    images: labelled.length,
    accuracy: 100 * accuracy(counts),
    macroF1: 100 * macroF1(counts),
    macroF1OfSeven: (100 * seven.reduce((sum, value) => sum + value, 0)) / seven.length,
  };
}

/** 2·precision·recall / (precision + recall) of a class that labels name. */
function f1(counts: ConfusionMatrix, c: number): number {
  const inRow = counts[c]!.reduce((sum, count) => sum + count, 0);
  const inColumn = counts.reduce((sum, row) => sum + row[c]!, 0);
  return (2 * counts[c]![c]!) / (inRow + inColumn);
}

function mostProbable(
  row: readonly number[],
  words: readonly (Expression | undefined)[],
  classes: readonly Expression[],
): Expression {
  const allowed = words.flatMap((word, i) =>
    word && classes.includes(word) ? [{ word, share: row[i]! }] : [],
  );
  return allowed.reduce((best, one) => (one.share > best.share ? one : best)).word;
}
