/** `duchenne export`: a model for Node and the browser. */
import { Command, Option } from "commander";
import type { Exported } from "../deploy/export/exportModel.ts";
import { ARCHITECTURES, type BackboneName } from "../ssl/config/config.ts";
import { integerArgument, numberArgument } from "./arguments.ts";
import { UsageError } from "./errors.ts";
import { checkFolder } from "./place.ts";

interface Flags {
  readonly out: string;
  readonly arch?: BackboneName;
  readonly size?: number;
  readonly which?: "last" | "best";
  readonly cropScale?: number;
  readonly json?: boolean;
}

const HELP = `
Examples:
  duchenne probe runs/first --data films.store --save happy.probe
  duchenne probe runs/first --data films.store --task va --save va.probe
  duchenne export happy.probe va.probe --out model/      expressions, valence and arousal, and the embedding
  duchenne export runs/first --out model/                the embedding alone
Probes share a model where they stand on the same frozen backbone. The folder has config.json, preprocessor_config.json,
model.safetensors, onnx/model.onnx, onnx/model_fp16.onnx and a model card, README.md, to be read and completed before the
model is given to anybody. onnxruntime must give what libtorch gives before anything is written.`;

/** `duchenne export <source…> --out <folder>` */
export function exportCommand(): Command {
  return new Command("export")
    .description("make a model for Node and the browser of saved probes, or of a backbone")
    .argument("<sources...>", "folders of `duchenne probe --save`; or a run, a checkpoint or a weights file")
    .requiredOption("--out <folder>", "the model's folder; a model of ours that is there is replaced")
    .addOption(new Option("--arch <name>", "architecture of a weights file").choices(ARCHITECTURES))
    .option("--size <pixels>", "side of the input of a weights file", integerArgument(16, 512))
    .addOption(new Option("--which <name>", "checkpoint of a run").choices(["last", "best"]))
    .option(
      "--crop-scale <factor>",
      "side of a face's square in longer sides of its landmarks' box (default: the store's)",
      numberArgument(1, 4),
    )
    .option("--json", "end with one line of JSON on stdout")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(sources: string[], { out, cropScale, json, ...rest }: Flags): Promise<void> {
  checkFolder("--out", out);
  const { exportModel, loadPart } = await import("../deploy/export/index.ts");
  const parts = [];
  for (const source of sources) parts.push(await loadPart(source, rest));
  const [said] = Object.keys(rest);
  if (said && parts.every(({ trained }) => trained))
    throw new UsageError(`--${said}: expected nothing beside saved probes, which say it themselves`);
  const exported = await exportModel(parts, out, cropScale === undefined ? {} : { cropScale });
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
    ...heads.map((head) => `  says ${head.replace("_", " and ")}`),
    ...Object.entries(bytes).map(([file, count]) => {
      const megabytes = (count / 1e6).toFixed(1);
      return `  ${file}: ${megabytes} MB, within ${differences[file]!.toExponential(1)} of libtorch's outputs`;
    }),
    "  README.md: read it, and say under which terms it is given",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
