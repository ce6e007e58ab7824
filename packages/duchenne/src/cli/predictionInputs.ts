/** What `predict` and `embed` share: input flags and progress. */
import { PROVIDERS, type Provider } from "@duchenne/predict/node";
import { Command, Option } from "commander";
import type { Input } from "../deploy/predict/inputs.ts";
import type { PredictOptions, PredictProgress, PredictSummary } from "../deploy/predict/predictVideos.ts";
import { progressText, secondsLeftOf } from "../lib/progressText.ts";
import { numberArgument } from "./arguments.ts";
import { Interrupted, UsageError } from "./errors.ts";
import { withInterrupt } from "./interrupt.ts";
import type { ProgressLine } from "./progressLine.ts";

/** Flags of every command that runs an exported model on faces. */
export interface PredictionFlags {
  readonly model?: string;
  readonly fps?: number;
  readonly raw?: string;
  readonly landmarkModel?: string;
  readonly provider?: Provider;
}

/** Adds these flags to a command. */
export function predictionCommand(name: string): Command {
  return new Command(name)
    .argument("<inputs...>", "pictures, videos, folders of them, or - for raw frames on standard input")
    .option(
      "--model <folder>",
      "model folder written by `duchenne export` (default: the installed package @duchenne/model-fer)",
    )
    .option(
      "--fps <rate>",
      "frames per second of video to process (default: all)",
      numberArgument(0.01, 1000),
    )
    .option("--raw <format>", "format of standard input: WIDTHxHEIGHT@FPS, 8-bit RGB")
    .option(
      "--landmark-model <file>",
      "dlib 68-point landmark model (default: DUCHENNE_LANDMARK_MODEL, or the installed model)",
    )
    .addOption(
      new Option("--provider <name>", "what onnxruntime computes with (default: cpu)").choices(PROVIDERS),
    );
}

/** @throws UsageError if standard input and --raw do not go together; MediaError */
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
    if (raw !== undefined)
      throw new UsageError(
        `--raw: expected the input - (standard input), received ${paths.join(" ")}. Omit --raw, or pipe frames to -.`,
      );
    return listInputs(paths, (message) => line.note(`warning: ${message}`));
  }
  const format = parseRawFormat(raw ?? "");
  if (paths.length > 1 || format === undefined)
    throw new UsageError(
      `-: expected no other input, and --raw WIDTHxHEIGHT@FPS, received ${[...paths, raw ?? "no --raw"].join(" ")}. Give, for example: - --raw 640x480@15`,
    );
  if (fps !== undefined)
    throw new UsageError(
      `--fps: expected videos or pictures, received raw frames, whose rate --raw ${raw} sets. Omit --fps.`,
    );
  return [{ kind: "pipe", path: "-", format, pipe: process.stdin }];
}

/** The options of `predictVideos` that the flags set. */
export const predictionOptions = ({ fps, landmarkModel }: PredictionFlags): PredictOptions => ({
  ...(fps !== undefined && { fps }),
  ...(landmarkModel !== undefined && { landmarkModel }),
});

/** Describes progress and the time left. */
export class PredictionClock {
  readonly #startMs = performance.now();
  #frames = 0;

  describe({ input, inputs, path, seconds, totalSeconds }: PredictProgress): string {
    this.#frames += 1;
    const elapsed = (performance.now() - this.#startMs) / 1000;
    const within = totalSeconds > 0 ? Math.min(1, seconds / totalSeconds) : 0;
    const done = (input + within) / inputs;
    const place =
      totalSeconds > 0 ? `${seconds.toFixed(1)} of ${totalSeconds.toFixed(1)} s` : `${seconds.toFixed(1)} s`;
    return progressText({
      // A pipe's length is not known.
      share: totalSeconds > 0 || inputs > 1 ? done : undefined,
      rate: `${(this.#frames / elapsed).toFixed(0)} frames/s`,
      secondsLeft: secondsLeftOf(done, this.#startMs),
      details: [...(inputs > 1 ? [`${input + 1} of ${inputs}`] : []), path, place],
    });
  }
}

/** "1200 frames, 1187 faces; no face in 2 files, 1 unreadable" */
export function summaryOf({ frames, faces, faceless, unreadable }: PredictSummary): string {
  const problems = [
    ...(faceless > 0 ? [`no face in ${faceless} ${faceless === 1 ? "file" : "files"}`] : []),
    ...(unreadable > 0 ? [`${unreadable} unreadable`] : []),
  ];
  return `${frames} frames, ${faces} faces${problems.length > 0 ? `; ${problems.join(", ")}` : ""}`;
}

/** Runs `work` until it ends or is interrupted. @param kept what remains of interrupted work, for the message */
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
