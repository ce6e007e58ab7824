/** `duchenne evaluate`: what an exported model is worth on labelled faces, without libtorch. */

import { Command } from "commander";
import type { ExpressionScore, Score, ScoredFigure, ScoredInterval } from "../deploy/score/index.ts";
import { progressText, secondsLeftOf } from "../lib/progressText.ts";
import { Interrupted } from "./errors.ts";
import { withInterrupt } from "./interrupt.ts";
import { OUTLINE } from "./outline.ts";
import { ProgressLine } from "./progressLine.ts";

interface Flags {
  readonly model?: string;
  readonly split?: string;
  readonly json?: boolean;
}

const HELP = `
Every labelled face is scored. Classes that the store or the model lacks are named and left out. Intervals are 95 %, by bootstrap
over people, or over faces if people are unknown.

Examples:
  duchenne evaluate fer.store
  duchenne evaluate fer.store --model model/ --split test --json`;

/** `duchenne evaluate <store> [--model <folder>]` */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description(OUTLINE.evaluate.about)
    .argument("<store>", "folder of a prepared store with labels")
    .option(
      "--model <folder>",
      "model folder written by `duchenne export` (default: the installed package @duchenne/model-fer)",
    )
    .option("--split <name>", "score the faces of this split alone (default: every labelled face)")
    .option("--json", "print one line of JSON")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(store: string, { model: given, split, json = false }: Flags): Promise<void> {
  const line = new ProgressLine();
  const { openModel } = await import("../deploy/predict/openModel.ts");
  const { scoreModel } = await import("../deploy/score/index.ts");
  const { folder, name } = given === undefined ? await shipped() : { folder: given, name: given };
  const model = await openModel(folder);
  try {
    const started = performance.now();
    const score = await withInterrupt(
      () => line.note("stopping …"),
      (signal) =>
        scoreModel(model, store, {
          ...(split !== undefined && { split }),
          signal,
          onProgress: ({ done, total }) => line.update(describe(done, total, started)),
        }),
    );
    line.clear();
    for (const notice of score.notices) line.note(notice);
    process.stdout.write(json ? `${JSON.stringify(jsonOf(score, store, name))}\n` : tableOf(score));
  } catch (error) {
    line.clear();
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    throw new Interrupted("stopped; nothing was written.");
  } finally {
    await model.dispose();
  }
}

/** The installed model, and its name in results. */
async function shipped(): Promise<{ folder: string; name: string }> {
  const { announceShippedModel } = await import("../deploy/predict/shippedModel.ts");
  const { folder, name, version } = await announceShippedModel();
  return { folder, name: `${name}@${version}` };
}

function describe(done: number, total: number, startMs: number): string {
  const seconds = (performance.now() - startMs) / 1000;
  return progressText({
    share: done / total,
    rate: `${(done / seconds).toFixed(0)} faces/s`,
    secondsLeft: secondsLeftOf(done / total, startMs),
    details: [`${done} of ${total} faces`],
  });
}

/** Plain figures first, their intervals beside them. */
function jsonOf(
  { expression, affect, byBrightness, leftOut, absentClasses }: Score,
  store: string,
  model: string,
): object {
  type Pair = readonly [number | null, number | null];
  const pair = ({ low, high }: ScoredInterval): Pair => [low, high];
  const intervals: Record<string, Pair | Readonly<Record<string, Pair>>> = {};
  const plain = (name: string, figure: ScoredFigure) => {
    intervals[name] = pair(figure);
    return { [name]: figure.value };
  };
  if (expression) {
    const { recallIntervals, calibrationInterval } = expression;
    const recalls = Object.entries(recallIntervals).map(([name, interval]) => [name, pair(interval)]);
    intervals.recall = Object.fromEntries(recalls) as Record<string, Pair>;
    intervals.calibrationError = pair(calibrationInterval);
  }
  return {
    ...{ store, model },
    ...(expression && {
      ...plain("accuracy", expression.accuracy),
      ...plain("macroF1", expression.macroF1),
      classes: expression.classes,
      recall: expression.recall,
      images: expression.images,
      confusion: expression.confusion,
      calibrationError: expression.calibrationError,
      byBrightness: byBrightness.map(({ accuracy, ...group }) => ({
        ...{ ...group, accuracy: accuracy.value, interval: pair(accuracy) },
      })),
    }),
    ...(affect && {
      ...plain("valenceCcc", affect.valenceCcc),
      ...plain("arousalCcc", affect.arousalCcc),
      ...plain("valenceRmse", affect.valenceRmse),
      ...plain("arousalRmse", affect.arousalRmse),
      affectImages: affect.images,
    }),
    ...{ intervals, leftOut, absentClasses },
  };
}

const percent = (value: number | null): string => (value === null ? "–" : (100 * value).toFixed(1));
const rangeInPercent = ({ low, high }: ScoredInterval): string => `[${percent(low)}, ${percent(high)}]`;
const inPercent = (figure: ScoredFigure): string => `${percent(figure.value)} % ${rangeInPercent(figure)}`;
const digits = (value: number | null): string => (value === null ? "–" : value.toFixed(3));
const asNumber = ({ value, low, high }: ScoredFigure): string =>
  `${digits(value)} [${digits(low)}, ${digits(high)}]`;

function tableOf({ expression, affect, byBrightness, leftOut, absentClasses }: Score): string {
  const lines = [
    ...(expression ? expressionLines(expression) : []),
    ...byBrightness.map(
      ({ group, luma, images, accuracy }) =>
        `${group}: luma ${luma.join(" to ")}, ${images} faces, accuracy ${inPercent(accuracy)}`,
    ),
    ...(affect
      ? [
          `valence CCC      ${asNumber(affect.valenceCcc)}  RMSE ${asNumber(affect.valenceRmse)}`,
          `arousal CCC      ${asNumber(affect.arousalCcc)}  RMSE ${asNumber(affect.arousalRmse)}  (${affect.images} faces)`,
        ]
      : []),
    ...Object.entries(leftOut).map(([reason, count]) => `left out: ${count} faces, ${reason}`),
    ...(absentClasses.length > 0
      ? [`classes of the model that no scored face shows: ${absentClasses.join(", ")}`]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}

function expressionLines(score: ExpressionScore): string[] {
  const width = Math.max(...score.classes.map((name) => name.length), 6);
  const cells = score.classes.map((_, c) => score.confusion.map((row) => String(row[c])));
  const widths = cells.map((column, c) =>
    Math.max(score.classes[c]!.length, ...column.map((cell) => cell.length)),
  );
  const rows = score.confusion.map((row, t) =>
    [
      score.classes[t]!.padEnd(width),
      ...row.map((count, c) => String(count).padStart(widths[c]!)),
      `${percent(score.recall[score.classes[t]!]!)} %`.padStart(8),
      rangeInPercent(score.recallIntervals[score.classes[t]!]!),
    ].join("  "),
  );
  const head = [
    "true".padEnd(width),
    ...score.classes.map((name, c) => name.padStart(widths[c]!)),
    "  recall",
  ];
  return [
    `accuracy         ${inPercent(score.accuracy)}  (${score.images} faces)`,
    `macro F1         ${inPercent(score.macroF1)}`,
    `calibration      ${percent(score.calibrationError)} % ${rangeInPercent(score.calibrationInterval)} expected error`,
    "",
    head.join("  "),
    ...rows,
    "",
  ];
}
