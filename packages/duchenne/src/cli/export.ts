/** `duchenne export`: a model for Node and the browser. */

import { Command, Option } from "commander";
import type { ExportPrecision } from "../deploy/export/precision.ts";
import type { Exported } from "../deploy/export/writeModel.ts";
import { ARCHITECTURES, type BackboneName } from "../ssl/config/config.ts";
import { integerArgument, numberArgument } from "./arguments.ts";
import { UsageError } from "./errors.ts";
import { OUTLINE } from "./outline.ts";
import { checkFolder } from "./place.ts";

interface Flags {
  readonly out: string;
  readonly arch?: BackboneName;
  readonly size?: number;
  readonly which?: "last" | "best";
  readonly cropScale?: number;
  readonly precision: ExportPrecision;
  readonly json?: boolean;
}

const HELP = `
Examples:
  duchenne probe runs/first --data films.store --save happy.probe
  duchenne probe runs/first --data films.store --task va --save va.probe
  duchenne export happy.probe va.probe --out model/      expression, valence and arousal, and the embedding
  duchenne export runs/first --out model/                only the embedding
Several probes can share one model if they were trained on the same frozen backbone.
Output: config.json, preprocessor_config.json, model.safetensors, onnx/model.onnx, onnx/model_fp16.onnx and a model card,
README.md. With --precision half, onnx/model.onnx itself has half-precision weights, and there is no second file. Complete the model card before you share the model. Before it writes, export checks that onnxruntime and libtorch
give the same outputs.`;

/** `duchenne export <source…> --out <folder>` */
export function exportCommand(): Command {
  return new Command("export")
    .description(OUTLINE.export.about)
    .argument(
      "<sources...>",
      "folders written by `duchenne probe --save`; or a run, a checkpoint or a weights file",
    )
    .requiredOption("--out <folder>", "folder of the model; replaces an earlier export in it")
    .addOption(new Option("--arch <name>", "architecture of a weights file").choices(ARCHITECTURES))
    .option("--size <pixels>", "input size of a weights file, pixels", integerArgument(16, 512))
    .addOption(new Option("--which <name>", "which checkpoint of a run").choices(["last", "best"]))
    .option(
      "--crop-scale <factor>",
      "side of the face crop, as a multiple of the longer side of the landmarks' box (default: as in the store)",
      numberArgument(1, 4),
    )
    .addOption(
      new Option(
        "--precision <name>",
        "precision of the weights in onnx/model.onnx; half is half the size and computes in float32",
      )
        .choices(["float", "half"] satisfies ExportPrecision[])
        .default("float"),
    )
    .option("--json", "print the summary as one line of JSON")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(sources: string[], { out, cropScale, precision, json, ...rest }: Flags): Promise<void> {
  checkFolder("--out", out);
  const { exportModel, loadPart } = await import("../deploy/export/index.ts");
  const parts = [];
  for (const source of sources) parts.push(await loadPart(source, rest));
  const [given] = Object.keys(rest);
  if (given && parts.every(({ trained }) => trained))
    throw new UsageError(
      `--${given}: expected a run, a checkpoint or a weights file as source, received saved probes, which record it. Omit --${given}.`,
    );
  const exported = await exportModel(parts, out, {
    precision,
    ...(cropScale !== undefined && { cropScale }),
  });
  if (json) process.stdout.write(`${JSON.stringify({ out, ...describe(exported) })}\n`);
  else print(out, exported);
}

function describe({ assembly: { config, description }, differences, bytes }: Exported) {
  return { backbone: description, heads: config.heads, classes: config.classes, differences, bytes };
}

function print(out: string, { assembly: { config, description }, differences, bytes }: Exported): void {
  const heads = config.heads.map((head) => (head === "expression" ? config.classes.join(", ") : head));
  const lines = [
    `${out}: ${description}, ${config.imageSize} px; embedding of ${config.embeddingSize}`,
    ...heads.map((head) => `  predicts ${head.replace("_", " and ")}`),
    ...Object.entries(bytes).map(([file, count]) => {
      const megabytes = (count / 1e6).toFixed(1);
      return `  ${file}: ${megabytes} MB, within ${differences[file]!.toExponential(1)} of libtorch's outputs`;
    }),
    "  README.md: complete it and state the licence before you share the model",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
