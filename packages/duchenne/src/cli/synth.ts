/** `duchenne synth`: draws and films synthetic actors. */

import { Command } from "commander";
import { progressText } from "../lib/progressText.ts";
import {
  DEFAULT_SYNTH,
  parseIntensity,
  STILL_LAYOUTS,
  type StillLayout,
  type SynthOptions,
  type SynthProgress,
  type SynthSummary,
  synthesize,
  synthOptions,
} from "../synth/index.ts";
import { Interrupted } from "./errors.ts";
import { withInterrupt } from "./interrupt.ts";
import { FORMER_NAMES, OUTLINE } from "./outline.ts";
import { checkFolder } from "./place.ts";
import { ProgressLine } from "./progressLine.ts";

interface Flags {
  readonly out: string;
  readonly actors: string;
  readonly clips: string;
  readonly seconds: string;
  readonly fps: string;
  readonly seed: string;
  readonly intensity: string;
  readonly stills?: string;
  readonly workers?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ duchenne synth --actors 200 --clips 2 --seconds 8 --seed 1 --out synth/
  $ duchenne synth --actors 60 --stills affectnet-csv --out affectnet-synth/
  $ duchenne synth --actors 62 --clips 10 --seed 2 --stills lfw --out lfw-synth/

Output: <out>/<actor>/<clip>.mp4 (H.264, 256 px), and <out>/labels.csv with the labels of every frame.
Stills in the layout lfw have no labels; <out>/pairs.txt lists their pairs for probe --task identity --pairs.
If a run is interrupted, the same command continues it.`;

/** The subcommand, ready to be added to the program. */
export function synthCommand(): Command {
  const { intensity } = DEFAULT_SYNTH;
  return new Command("synth")
    .alias(FORMER_NAMES.synth)
    .description(OUTLINE.synth.about)
    .requiredOption("--out <folder>", "folder to write")
    .option("--actors <n>", "number of people", String(DEFAULT_SYNTH.actors))
    .option("--clips <n>", "number of films of each person", String(DEFAULT_SYNTH.clips))
    .option("--seconds <s>", "length of a film, seconds", String(DEFAULT_SYNTH.seconds))
    .option("--fps <hz>", "frames per second", String(DEFAULT_SYNTH.frameRateHz))
    .option("--seed <n>", "random seed; the same seed gives the same films", String(DEFAULT_SYNTH.seed))
    .option(
      "--intensity <low..high>",
      "range of peak intensities, from 0.2 to 1 (below 0.2, a face is labelled neutral)",
      `${intensity.low}..${intensity.high}`,
    )
    .option(
      "--stills <layout>",
      `write stills instead of films, in one of these layouts: ${STILL_LAYOUTS.join(", ")}`,
    )
    .option("--workers <n>", "number of processes (default: one per core)")
    .option("--json", "print the summary as one line of JSON")
    .addHelpText("after", EXAMPLES)
    .action(runSynth);
}

async function runSynth(flags: Flags, command: Command): Promise<void> {
  if (command.parent?.args[0] === FORMER_NAMES.synth)
    process.stderr.write(
      "duchenne cast is now duchenne synth; the next version will not know the old name.\n",
    );
  const options = optionsOf(flags);
  checkFolder("--out", options.out);
  const summary = await produce(options);
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    return;
  }
  const what = options.stills
    ? `${summary.frames} stills`
    : `${summary.clips} clips, ${summary.frames} new frames`;
  process.stdout.write(
    `${summary.actors} actors, ${what} in ${summary.seconds.toFixed(1)} s (${summary.framesPerSecond.toFixed(0)} frames/s) in ${summary.out}\n`,
  );
}

/** @throws Interrupted if Ctrl-C or SIGTERM stopped it */
async function produce(options: SynthOptions): Promise<SynthSummary> {
  const line = new ProgressLine();
  try {
    return await withInterrupt(
      () => line.note("stopping after the actors that are being drawn …"),
      (signal) =>
        synthesize(options, (progress) => line.update(describe(progress, options.stills !== null)), signal),
    );
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    throw new Interrupted(
      `stopped; finished actors are in ${options.out}. Run the same command again to continue.`,
    );
  } finally {
    line.clear();
  }
}

function optionsOf(flags: Flags): SynthOptions {
  return synthOptions({
    out: flags.out,
    actors: Number(flags.actors),
    clips: Number(flags.clips),
    seconds: Number(flags.seconds),
    frameRateHz: Number(flags.fps),
    seed: Number(flags.seed),
    intensity: parseIntensity(flags.intensity),
    stills: (flags.stills as StillLayout | undefined) ?? null,
    ...(flags.workers === undefined ? {} : { workers: Number(flags.workers) }),
  });
}

function describe({ actors, totalActors, frames, seconds }: SynthProgress, stills: boolean): string {
  return progressText({
    share: actors / totalActors,
    rate: `${(seconds > 0 ? frames / seconds : 0).toFixed(0)} ${stills ? "stills" : "frames"}/s`,
    secondsLeft: (seconds / actors) * (totalActors - actors),
    details: [`${actors} of ${totalActors} actors`],
  });
}
