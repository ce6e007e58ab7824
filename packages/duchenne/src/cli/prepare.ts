import { availableParallelism } from "node:os";
import { landmarkModelNotice } from "@duchenne/face";
import { Command, Option } from "commander";
import { describeLeftOut } from "../data/datasets/leftOut.ts";
import { DATASET_NAMES, layouts } from "../data/datasets/registry.ts";
import { type Feature, LANDMARK_FEATURE } from "../data/prepare/features.ts";
import { PrepareOptionError } from "../data/prepare/optionError.ts";
import { type PrepareSummary, prepare } from "../data/prepare/prepare.ts";
import type { Progress } from "../data/prepare/progress.ts";
import { PREPARE_DEFAULTS, type PrepareOptions } from "../data/prepare/settings.ts";
import { CODECS, FEATURE_KINDS, type FeatureKind } from "../data/store/manifest.ts";
import { formatDuration } from "../lib/duration.ts";
import { resnetFeature } from "../ssl/features/resnetFeature.ts";
import { integerArgument, numberArgument } from "./arguments.ts";
import { Interrupted } from "./errors.ts";
import { withInterrupt } from "./interrupt.ts";
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
Killed or stopped, the same command goes on where it stopped.

${landmarkModelNotice}`;

/** `duchenne prepare <source> --out <store>` */
export function prepareCommand(): Command {
  return new Command("prepare")
    .description(
      "find, follow and crop the faces of a data set, and store them with their landmarks and labels",
    )
    .argument("<source>", "a folder or file in one of the layouts below")
    .requiredOption("--out <store>", "folder of the store; gone on with where it exists")
    .addOption(
      new Option("--dataset <name>", "layout of the source")
        .choices(["auto", ...DATASET_NAMES])
        .default("auto"),
    )
    .option(
      "--fps <rate>",
      "frames sampled a second",
      numberArgument(0.01, 1000),
      PREPARE_DEFAULTS.frameRateHz,
    )
    .option("--size <pixels>", "side of the crops", integerArgument(16, 1024), PREPARE_DEFAULTS.size)
    .addOption(
      new Option("--codec <name>", "how crops are stored").choices(CODECS).default(PREPARE_DEFAULTS.codec),
    )
    .option("--detect", "look for faces even where the data set's images are face crops")
    .option("--no-detect", "every image is a face crop already: the whole image is the box")
    .option(
      "--crop-scale <factor>",
      "side of the crops in longer sides of the landmarks' box (1.2: little more than the face)",
      numberArgument(1, 4),
      PREPARE_DEFAULTS.cropScale,
    )
    .option("--align-eyes", "turn crops so that the eyes are level")
    .option(
      "--person-level <n>",
      "folders between a clip and its person's (default: the layout's)",
      integerArgument(0, 99),
    )
    .addOption(
      new Option("--feature <name>", "eye+mouth feature")
        .choices(FEATURE_KINDS)
        .default(PREPARE_DEFAULTS.feature.kind),
    )
    .option(
      "--feature-weights <file>",
      "ImageNet ResNet-18 weights (.pth, .safetensors), for --feature resnet18",
    )
    .option("--landmark-model <file>", "another dlib 68-point model")
    .option(
      "--workers <n>",
      "threads (0: none besides the first)",
      integerArgument(0, 512),
      availableParallelism(),
    )
    .option("--strict", "stop at the first thing that cannot be read")
    .option("--json", "end with one line of JSON on stdout")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(source: string, { out, fps, json, ...flags }: Flags): Promise<void> {
  const { feature: kind, featureWeights, ...options } = flags;
  const feature = featureOf(kind, featureWeights);
  const line = new ProgressLine();
  const problems = new ProblemPrinter(line);
  line.note(landmarkModelNotice);
  try {
    const summary = await withInterrupt(
      () => line.note("stopping …"),
      (signal) =>
        prepare(
          source,
          out,
          { ...options, feature, frameRateHz: fps },
          {
            onProgress: (progress) => line.update(describe(progress)),
            onProblem: (message, reason) => problems.print(message, reason),
            signal,
          },
        ),
    );
    line.clear();
    problems.finish();
    print(summary, out, json ?? false);
  } catch (error) {
    line.clear();
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    throw new Interrupted(`stopped; what was read is in ${out}. To go on, run the same command again.`);
  }
}

/** @throws PrepareOptionError if the feature needs weights and has none, or the other way round */
function featureOf(kind: FeatureKind, weights: string | undefined): Feature {
  if (kind === "landmarks" && weights === undefined) return LANDMARK_FEATURE;
  if (kind === "resnet18" && weights !== undefined) return resnetFeature(weights);
  const expected = weights === undefined ? "a weights file" : "no weights file";
  throw new PrepareOptionError("--feature-weights", `${expected} for the feature ${kind}`, weights ?? "none");
}

function describe({ sourcesDone, sourcesTotal, frames, framesPerSecond, secondsLeft }: Progress): string {
  const left = secondsLeft === undefined ? "" : `, ${formatDuration(secondsLeft)} left`;
  return `${sourcesDone} of ${sourcesTotal} sources, ${frames} faces, ${framesPerSecond.toFixed(0)} a second${left}`;
}

function print(summary: PrepareSummary, out: string, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    return;
  }
  const { clips, tracks, persons, frames, framesSampled, framesPerSecond } = summary;
  const kept = `${frames} frames of ${tracks} tracks in ${clips} clips of ${persons} people`;
  process.stdout.write(
    `${out}: ${kept}; ${framesSampled} frames sampled, ${framesPerSecond.toFixed(0)} a second\n`,
  );
  for (const [title, tally] of [
    ["frames left out", summary.skipped],
    ["sources with problems", summary.problems],
    ["label rows left out", summary.badRows],
  ] as const) {
    const reasons = Object.entries(tally).map(([reason, count]) => `${count} ${reason}`);
    if (reasons.length > 0) process.stdout.write(`${title}: ${reasons.join(", ")}\n`);
  }
  const others = describeLeftOut(summary.leftOut);
  if (others !== "") process.stdout.write(`files that the layout does not read: ${others}\n`);
}

/** Names the first problems of each kind on stderr, and says how many more there were. */
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
