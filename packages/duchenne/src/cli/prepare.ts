import { availableParallelism } from "node:os";
import { landmarkModelNotice } from "@duchenne/face";
import { Command, Option } from "commander";
import { describeLeftOutFiles } from "../data/datasets/leftOut.ts";
import { DATASET_NAMES, layouts } from "../data/datasets/registry.ts";
import { type Feature, LANDMARK_FEATURE } from "../data/prepare/features.ts";
import { PrepareOptionError } from "../data/prepare/optionError.ts";
import type { PrepareSummary } from "../data/prepare/prepare.ts";
import type { Progress } from "../data/prepare/progress.ts";
import { PREPARE_DEFAULTS, type PrepareOptions } from "../data/prepare/settings.ts";
import { CODECS, FEATURE_KINDS, type FeatureKind } from "../data/store/manifest.ts";
import { EXPRESSION_ORDER_NAMES } from "../lib/expressions.ts";
import { printableLine } from "../lib/printable.ts";
import { progressText } from "../lib/progressText.ts";
import { resnetFeature } from "../ssl/features/resnetFeature.ts";
import { integerArgument, numberArgument, shardArgument } from "./arguments.ts";
import { Interrupted } from "./errors.ts";
import { withInterrupt } from "./interrupt.ts";
import { OUTLINE } from "./outline.ts";
import { checkFolder } from "./place.ts";
import { ProgressLine } from "./progressLine.ts";

type Flags = Omit<PrepareOptions, "frameRateHz" | "feature"> & {
  out: string;
  fps: number;
  json?: boolean;
  feature: FeatureKind;
  featureWeights?: string;
};

/** Problems of one kind that are named one by one; the rest is counted. */
const NAMED_PER_REASON = 20;

const HELP = `
Layouts:
${layouts()}

Example:
  duchenne prepare films/ --out films.store
  films/ann/holiday.mp4 and films/bob/1.webm become the clips of two people, ann and bob.
If the command is interrupted, the same command continues it.

${landmarkModelNotice}`;

/** `duchenne prepare <source> --out <store>` */
export function prepareCommand(): Command {
  return new Command("prepare")
    .description(OUTLINE.prepare.about)
    .argument("<source>", "a folder or file in one of the layouts below")
    .requiredOption("--out <store>", "folder of the store; an interrupted store in it is continued")
    .addOption(
      new Option("--dataset <name>", "layout of the source")
        .choices(["auto", ...DATASET_NAMES])
        .default("auto"),
    )
    .option(
      "--fps <rate>",
      "frames sampled per second of video",
      numberArgument(0.01, 1000),
      PREPARE_DEFAULTS.frameRateHz,
    )
    .option("--size <pixels>", "size of the crops, pixels", integerArgument(16, 1024), PREPARE_DEFAULTS.size)
    .addOption(
      new Option("--codec <name>", "encoding of the crops").choices(CODECS).default(PREPARE_DEFAULTS.codec),
    )
    .option("--detect", "detect faces even if the images of the data set are face crops")
    .option("--no-detect", "treat every image as a face crop: the whole image is the box")
    .option(
      "--crop-scale <factor>",
      "side of the crops, as a multiple of the longer side of the landmarks' box (1.2: little more than the face)",
      numberArgument(1, 4),
      PREPARE_DEFAULTS.cropScale,
    )
    .option("--align-eyes", "rotate crops so that the eyes are level")
    .option(
      "--person-level <n>",
      "number of folders between a clip and the folder of its person (default: as the layout has it)",
      integerArgument(0, 99),
    )
    .addOption(
      new Option(
        "--label-numbers <order>",
        "order of the expressions that numbers as labels mean, in a table of your own or as names of class folders " +
          "(default: affectnet in a column named expression, fer2013 in a column named emotion, none for folders)",
      ).choices(EXPRESSION_ORDER_NAMES),
    )
    .addOption(
      new Option("--feature <name>", "eye and mouth feature, which MaskFN compares")
        .choices(FEATURE_KINDS)
        .default(PREPARE_DEFAULTS.feature.kind),
    )
    .option(
      "--feature-weights <file>",
      "ImageNet weights of ResNet-18 (.pth, .safetensors) for --feature resnet18",
    )
    .option(
      "--landmark-model <file>",
      "dlib 68-point landmark model (default: DUCHENNE_LANDMARK_MODEL, or the installed model)",
    )
    .option(
      "--workers <n>",
      "number of worker threads (0: read on the main thread)",
      integerArgument(0, 512),
      availableParallelism(),
    )
    .addOption(
      new Option(
        "--shard <i/n>",
        "read part i of n only, 1 to n: one per machine, about as many bytes each; `duchenne store merge` puts the parts together",
      ).argParser(shardArgument),
    )
    .option("--strict", "stop at the first file or label that cannot be read")
    .option("--json", "print the summary as one line of JSON")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(source: string, { out, fps, json, ...flags }: Flags): Promise<void> {
  const { feature: kind, featureWeights, ...options } = flags;
  const feature = featureOf(kind, featureWeights);
  checkFolder("--out", out);
  const line = new ProgressLine();
  const problems = new ProblemPrinter(line);
  line.note(landmarkModelNotice);
  try {
    const summary = await withInterrupt(
      () => line.note("stopping …"),
      async (signal) => {
        // Only the work itself needs codecs and the store.
        const { prepare } = await import("../data/prepare/prepare.ts");
        return prepare(
          source,
          out,
          { ...options, feature, frameRateHz: fps },
          {
            onProgress: (progress) => line.update(describe(progress)),
            onNotice: (message) => line.note(`note: ${message}`),
            onProblem: (message, reason) => problems.print(message, reason),
            signal,
          },
        );
      },
    );
    line.clear();
    problems.finish();
    print(summary, out, json ?? false);
  } catch (error) {
    line.clear();
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    throw new Interrupted(`stopped; finished sources are in ${out}. Run the same command again to continue.`);
  }
}

/** @throws PrepareOptionError if the feature needs weights and has none, or the other way round */
function featureOf(kind: FeatureKind, weights: string | undefined): Feature {
  if (kind === "landmarks" && weights === undefined) return LANDMARK_FEATURE;
  if (kind === "resnet18" && weights !== undefined) return resnetFeature(weights);
  const [expected, remedy] =
    weights === undefined
      ? ["a weights file", "Fetch one with `duchenne weights resnet18`."]
      : ["no weights file", "Omit it, or use --feature resnet18."];
  throw new PrepareOptionError(
    "--feature-weights",
    `${expected} for the feature ${kind}`,
    weights ?? "none",
    remedy,
  );
}

function describe({ sourcesDone, sourcesTotal, frames, framesPerSecond, secondsLeft }: Progress): string {
  return progressText({
    share: sourcesDone / sourcesTotal,
    rate: `${framesPerSecond.toFixed(0)} frames/s`,
    secondsLeft,
    details: [`${sourcesDone} of ${sourcesTotal} sources`, `${frames} faces`],
  });
}

function print(summary: PrepareSummary, out: string, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    return;
  }
  const { clips, tracks, persons, frames, framesSampled, framesPerSecond } = summary;
  const kept = `${frames} frames of ${tracks} tracks in ${clips} clips of ${persons} people`;
  const say = (line: string) => process.stdout.write(`${printableLine(line)}\n`);
  say(`${out}: ${kept}; ${framesSampled} frames sampled, ${framesPerSecond.toFixed(0)} a second`);
  for (const [title, tally] of [
    ["frames skipped", summary.skipped],
    ["sources with problems", summary.problems],
    ["label rows skipped", summary.badRows],
  ] as const) {
    const reasons = Object.entries(tally).map(([reason, count]) => `${count} ${reason}`);
    if (reasons.length > 0) say(`${title}: ${reasons.join(", ")}`);
  }
  const others = describeLeftOutFiles(summary.leftOut);
  if (others !== "") say(`files that the layout does not read: ${others}`);
}

/** Prints the first problems of each kind on stderr, and the number of the others. */
class ProblemPrinter {
  readonly #line: ProgressLine;
  readonly #counts = new Map<string, number>();

  constructor(line: ProgressLine) {
    this.#line = line;
  }

  print(message: string, reason: string): void {
    const count = (this.#counts.get(reason) ?? 0) + 1;
    this.#counts.set(reason, count);
    if (count <= NAMED_PER_REASON) this.#line.note(`warning: ${reason}: ${message}`);
  }

  finish(): void {
    for (const [reason, count] of this.#counts) {
      if (count > NAMED_PER_REASON) this.#line.note(`warning: ${reason}: ${count - NAMED_PER_REASON} more`);
    }
  }
}
