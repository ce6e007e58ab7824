/** `duchenne cast`: draws and films synthetic actors. */
import { Command } from "commander";
import {
  type CastOptions,
  type CastProgress,
  castOptions,
  DEFAULT_CAST,
  parseIntensity,
  produceCast,
  STILL_LAYOUTS,
  type StillLayout,
} from "../synth/index.ts";

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
  $ duchenne cast --actors 200 --clips 2 --seconds 8 --seed 1 --out cast/
  $ duchenne cast --actors 60 --stills affectnet-csv --out affectnet-cast/
  $ duchenne cast --actors 62 --clips 10 --seed 2 --stills lfw --out lfw-cast/

Films are <out>/<actor>/<clip>.mp4 (H.264, 256 px); <out>/labels.csv says what every frame shows.
Stills in lfw's layout have no labels; with them comes pairs.txt, for probe --task identity --pairs.
A run that was interrupted goes on where it stopped when it is started again with the same options.`;

/** The subcommand, ready to be added to the program. */
export function castCommand(): Command {
  const { intensity } = DEFAULT_CAST;
  return new Command("cast")
    .description("draw synthetic actors and film them: data to start with, labelled frame by frame")
    .requiredOption("--out <folder>", "folder to write")
    .option("--actors <n>", "people to draw", String(DEFAULT_CAST.actors))
    .option("--clips <n>", "films of each", String(DEFAULT_CAST.clips))
    .option("--seconds <s>", "length of a film", String(DEFAULT_CAST.seconds))
    .option("--fps <hz>", "frames a second", String(DEFAULT_CAST.frameRateHz))
    .option("--seed <n>", "the same seed gives the same films", String(DEFAULT_CAST.seed))
    .option(
      "--intensity <low..high>",
      "range of the expressions' peak intensities; below 0.2 a face is labelled neutral",
      `${intensity.low}..${intensity.high}`,
    )
    .option("--stills <layout>", `stills instead of films: ${STILL_LAYOUTS.join(", ")}`)
    .option("--workers <n>", "processes that film at the same time (default: one per core)")
    .option("--json", "end with one line of JSON")
    .addHelpText("after", EXAMPLES)
    .action(runCast);
}

async function runCast(flags: Flags): Promise<void> {
  const options = optionsOf(flags);
  const summary = await produceCast(options, progressLine(options));
  process.stderr.write("\n");
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

function optionsOf(flags: Flags): CastOptions {
  return castOptions({
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

/** Rewrites one line on a terminal; elsewhere it says something every ten seconds. */
function progressLine(options: CastOptions): (progress: CastProgress) => void {
  let saidAt = 0;
  return (progress) => {
    const { actors, totalActors, frames, seconds } = progress;
    const left = (seconds / actors) * (totalActors - actors);
    const rate = seconds > 0 ? frames / seconds : 0;
    const line = `${actors}/${totalActors} actors, ${rate.toFixed(0)} ${options.stills ? "stills" : "frames"}/s, ${left.toFixed(0)} s left`;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
    else if (seconds - saidAt > 10 || actors === totalActors) {
      saidAt = seconds;
      process.stderr.write(`${line}\n`);
    }
  };
}
