/** `duchenne predict`: predictions of an exported model for faces, without libtorch. */

import { extname } from "node:path";
import type { Model } from "@duchenne/predict";
import { type Command, Option } from "commander";
import type { Input } from "../deploy/predict/inputs.ts";
import type { FilmRenderer } from "../deploy/predict/render/filmRenderer.ts";
import type { RowFormat, RowWriter, TextSink } from "../deploy/predict/rowSink.ts";
import { numberArgument } from "./arguments.ts";
import { UsageError } from "./errors.ts";
import { OUTLINE } from "./outline.ts";
import { checkOutput } from "./place.ts";
import {
  inputsOf,
  PredictionClock,
  type PredictionFlags,
  predictionCommand,
  predictionOptions,
  summaryOf,
  untilInterrupted,
} from "./predictionInputs.ts";
import { ProgressLine } from "./progressLine.ts";

interface Flags extends PredictionFlags {
  readonly out?: string;
  readonly format?: RowFormat;
  readonly smooth?: number;
  readonly render?: string;
}

const HELP = `
Output: one row per face and frame with path, frame, time, track, box, expression, the probability of each expression,
valence and arousal. Rows are JSON lines on standard output, or in --out; if --out ends with .csv, rows are CSV.

Examples:
  duchenne predict selfie.jpg
  duchenne predict film.mp4 --out film.csv
  duchenne predict photos/ --model model/ > photos.jsonl
  duchenne predict film.mp4 --provider cuda --out film.csv
  duchenne predict film.mp4 --model model/ --smooth 0.5 --render faces.mp4
  ffmpeg -i /dev/video0 -f rawvideo -pix_fmt rgb24 -s 640x480 -r 15 - | duchenne predict - --raw 640x480@15 --model model/`;

/** `duchenne predict <inputs…> [--model <folder>]` */
export function predictCommand(): Command {
  return predictionCommand("predict")
    .description(OUTLINE.predict.about)
    .option("--out <file>", "file for the rows (default: standard output)")
    .addOption(
      new Option(
        "--format <name>",
        "format of the rows (default: csv if --out ends with .csv, else jsonl)",
      ).choices(["jsonl", "csv"]),
    )
    .option(
      "--smooth <seconds>",
      "smooth each face's predictions over time, with this time constant",
      numberArgument(0.001, 60),
    )
    .option(
      "--render <file>",
      "write a video (.mp4) with boxes, probability bars and the course of valence and arousal",
    )
    .addHelpText("after", HELP)
    .action(run);
}

async function run(paths: string[], flags: Flags): Promise<void> {
  const line = new ProgressLine();
  const inputs = await inputsOf(paths, flags, line);
  checkOutputs(flags, inputs);
  const { openModel } = await import("../deploy/predict/openModel.ts");
  const model = await openModel(flags.model, undefined, flags.provider);
  if (model.info.heads.length === 0)
    throw new UsageError(
      `--model: expected a model with expression or valence and arousal, received ${flags.model ?? "@duchenne/model-fer"}, which has only an embedding. Use \`duchenne embed\`, or export a saved probe.`,
    );
  const kept = flags.out === undefined ? "the rows so far are written" : "nothing was written";
  await untilInterrupted(line, kept, (signal) => predict(model, inputs, flags, line, signal));
  await model.dispose();
}

/** Before any work is done. @throws UsageError naming the option at fault */
function checkOutputs({ out, render }: Flags, inputs: readonly Input[]): void {
  const read = inputs.flatMap((input) => (input.kind === "pipe" ? [] : [input.path]));
  if (out !== undefined) checkOutput("--out", out, read);
  if (render === undefined) return;
  checkRender(render, inputs);
  checkOutput("--render", render, out === undefined ? read : [...read, out]);
}

function checkRender(file: string, inputs: readonly Input[]): void {
  const [only, ...others] = inputs;
  if (only!.kind === "still" || others.length > 0)
    throw new UsageError(
      `--render: expected one video as input, received ${others.length > 0 ? `${inputs.length} files` : "a picture"}. Omit --render, or give one video.`,
    );
  if (extname(file).toLowerCase() !== ".mp4")
    throw new UsageError(`--render: expected a name that ends with .mp4, received ${file}. Rename the file.`);
}

async function predict(
  model: Model,
  inputs: readonly Input[],
  flags: Flags,
  line: ProgressLine,
  signal: AbortSignal,
): Promise<void> {
  const { predictVideos } = await import("../deploy/predict/predictVideos.ts");
  const { rowsOf } = await import("../deploy/predict/rows.ts");
  const renderer = await openRenderer(model, inputs, flags);
  const rows = await openRows(model, flags, line);
  const clock = new PredictionClock();
  const smoothSeconds = flags.smooth;
  const options = {
    ...predictionOptions(flags),
    ...(smoothSeconds !== undefined && { smoothSeconds }),
    signal,
  };
  try {
    const summary = await predictVideos(model, inputs, options, {
      onFrame: async (path, frame) => {
        await rows.write(rowsOf(path, frame));
        renderer?.draw(frame);
      },
      onProgress: (progress) => line.update(clock.describe(progress)),
      onProblem: (message) => line.note(`warning: ${message}`),
    });
    renderer?.finish();
    await rows.close();
    line.note(summaryOf(summary));
  } catch (error) {
    renderer?.abandon();
    rows.abandon();
    throw error;
  }
}

async function openRows(
  { info }: Model,
  { out, format: given }: Flags,
  line: ProgressLine,
): Promise<RowWriter> {
  const { fileSink, RowWriter, standardOutput } = await import("../deploy/predict/rowSink.ts");
  const { columnsOf } = await import("../deploy/predict/rows.ts");
  const isTable = out !== undefined && extname(out).toLowerCase() === ".csv";
  const format = given ?? (isTable ? "csv" : "jsonl");
  const columns = columnsOf(info.classes, info.heads.includes("valence_arousal"));
  return new RowWriter(
    out === undefined ? besideProgress(standardOutput, line) : fileSink(out),
    format,
    columns,
  );
}

/** Rows on the terminal that shows the progress stand above it. */
function besideProgress(sink: TextSink, line: ProgressLine): TextSink {
  const write = (text: string) => {
    if (process.stdout.isTTY) line.clear();
    return sink.write(text);
  };
  return { ...sink, write };
}

async function openRenderer(
  { info }: Model,
  [input]: readonly Input[],
  { render, fps }: Flags,
): Promise<FilmRenderer | undefined> {
  if (render === undefined) return undefined;
  const { FilmRenderer } = await import("../deploy/predict/render/filmRenderer.ts");
  const { samplingRate } = await import("../deploy/predict/openInput.ts");
  const { loadVideoWriter } = await import("../lib/video/videoWriter.ts");
  await loadVideoWriter();
  return new FilmRenderer(render, await samplingRate(input!, fps), info);
}
