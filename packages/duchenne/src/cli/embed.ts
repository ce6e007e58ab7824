/** `duchenne embed`: embeddings of faces with an exported model, without libtorch. */

import type { Command } from "commander";
import { OUTLINE } from "./outline.ts";
import { checkFolder } from "./place.ts";
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
  readonly out: string;
}

const HELP = `
Output: embeddings.npy, float32 [faces, embedding size], and faces.csv with path, frame, time, track and box of each row.

Example:
  duchenne embed films/ --model model/ --fps 2 --out embeddings/
  python3 -c 'import numpy; print(numpy.load("embeddings/embeddings.npy").shape)'`;

/** `duchenne embed <inputs…> --out <folder> [--model <folder>]` */
export function embedCommand(): Command {
  return predictionCommand("embed")
    .description(OUTLINE.embed.about)
    .requiredOption("--out <folder>", "folder to write; replaces earlier embeddings in it")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(paths: string[], flags: Flags): Promise<void> {
  const line = new ProgressLine();
  checkFolder("--out", flags.out);
  const inputs = await inputsOf(paths, flags, line);
  const { openModel } = await import("../deploy/predict/openModel.ts");
  const { EmbeddingFolder } = await import("../deploy/predict/embeddingFolder.ts");
  const { predictVideos } = await import("../deploy/predict/predictVideos.ts");
  const model = await openModel(flags.model, undefined, flags.provider);
  const folder = new EmbeddingFolder(flags.out, model.info.embeddingSize);
  const clock = new PredictionClock();
  await untilInterrupted(line, "nothing was written", async (signal) => {
    try {
      const summary = await predictVideos(
        model,
        inputs,
        { ...predictionOptions(flags), signal },
        {
          onFrame: (path, frame) => folder.add(path, frame),
          onProgress: (progress) => line.update(clock.describe(progress)),
          onProblem: (message) => line.note(`warning: ${message}`),
        },
      );
      await folder.commit();
      line.note(summaryOf(summary));
    } catch (error) {
      folder.abandon();
      throw error;
    }
  });
  await model.dispose();
  process.stdout.write(`${flags.out}\n`);
}
