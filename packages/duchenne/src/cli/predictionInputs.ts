/** What `predict` and `embed` have in common: their inputs and how they tell of progress. */
import { Command } from "commander";
import type { Input } from "../deploy/predict/inputs.ts";
import type { Watched, WatchOptions, WatchProgress } from "../deploy/predict/watch.ts";
import { formatDuration } from "../lib/duration.ts";
import { numberArgument } from "./arguments.ts";
import { Interrupted, UsageError } from "./errors.ts";
import { withInterrupt } from "./interrupt.ts";
import type { ProgressLine } from "./progressLine.ts";

/** Flags of every command that looks at faces with a model. */
export interface PredictionFlags {
  readonly model: string;
  readonly fps?: number;
  readonly raw?: string;
  readonly landmarkModel?: string;
}

/** Adds these flags to a command. */
export function predictionCommand(name: string): Command {
  return new Command(name)
    .argument("<inputs...>", "pictures, films, folders of them, or - for raw frames on standard input")
    .requiredOption("--model <folder>", "a model that `duchenne export` wrote")
    .option("--fps <rate>", "frames looked at per second of film (default: all)", numberArgument(0.01, 1000))
    .option("--raw <format>", "of standard input: WIDTHxHEIGHT@FPS, 8-bit RGB")
    .option("--landmark-model <file>", "another dlib 68-point model");
}

/** @throws UsageError where standard input and its format do not go together; MediaError */
export async function inputsOf(
  paths: readonly string[],
  { raw, fps }: Pick<PredictionFlags, "raw" | "fps">,
  line: ProgressLine,
): Promise<Input[]> {
  const [{ listInputs }, { parseRawFormat }] = await Promise.all([
    import("../deploy/predict/inputs.ts"),
    import("../deploy/predict/rawFrames.ts"),
  ]);
  if (!paths.includes("-")) {
    if (raw !== undefined) throw new UsageError("--raw: expected the input -, standard input, with it");
    return listInputs(paths, (message) => line.note(`warning: ${message}`));
  }
  const format = parseRawFormat(raw ?? "");
  if (paths.length > 1 || format === undefined)
    throw new UsageError(
      `-: expected no other input, and --raw WIDTHxHEIGHT@FPS, received ${paths.join(" ")} ${raw ?? ""}`.trim(),
    );
  if (fps !== undefined)
    throw new UsageError(`--fps: expected films or pictures, received raw frames: ${raw} says their rate`);
  return [{ kind: "pipe", path: "-", format, pipe: process.stdin }];
}

/** The options that flags give. */
export const predictionOptions = ({ fps, landmarkModel }: PredictionFlags): WatchOptions => ({
  ...(fps !== undefined && { fps }),
  ...(landmarkModel !== undefined && { landmarkModel }),
});

/** Says how far the work is, and how long it may take. */
export class PredictionClock {
  readonly #startMs = performance.now();
  #frames = 0;

  describe({ input, inputs, path, seconds, totalSeconds }: WatchProgress): string {
    this.#frames += 1;
    const elapsed = (performance.now() - this.#startMs) / 1000;
    const within = totalSeconds > 0 ? Math.min(1, seconds / totalSeconds) : 0;
    const done = (input + within) / inputs;
    const left = done > 0 ? `, ${formatDuration((elapsed * (1 - done)) / done)} left` : "";
    const place =
      totalSeconds > 0 ? `${seconds.toFixed(1)} of ${totalSeconds.toFixed(1)} s` : `${seconds.toFixed(1)} s`;
    const which = inputs > 1 ? `${input + 1} of ${inputs}: ` : "";
    return `${which}${path}: ${place}, ${(this.#frames / elapsed).toFixed(0)} frames a second${left}`;
  }
}

/** "1200 frames, 1187 faces; no face in 2 files, 1 unreadable" */
export function summaryOf({ frames, faces, faceless, unreadable }: Watched): string {
  const problems = [
    ...(faceless > 0 ? [`no face in ${faceless} ${faceless === 1 ? "file" : "files"}`] : []),
    ...(unreadable > 0 ? [`${unreadable} unreadable`] : []),
  ];
  return `${frames} frames, ${faces} faces${problems.length > 0 ? `; ${problems.join(", ")}` : ""}`;
}

/** Runs `work` until it ends or is interrupted. @param kept said of an interrupted one: what of it remains */
export async function untilInterrupted(
  line: ProgressLine,
  kept: string,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  try {
    await withInterrupt(() => line.note("stopping …"), work);
    line.clear();
  } catch (error) {
    line.clear();
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    throw new Interrupted(`stopped; ${kept}.`);
  }
}
