/** `duchenne report`: one page of runs and probes. */

import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { Command, Option } from "commander";
import type { EmbeddingSource } from "../report/page/collect/embedding.ts";
import { type FoundInputs, readInputs } from "../report/page/collect/inputs.ts";
import type { Picture } from "../report/page/data/reportData.ts";
import { ARCHITECTURES, type BackboneName } from "../ssl/config/config.ts";
import { integerArgument } from "./arguments.ts";
import { UsageError } from "./errors.ts";
import { withInterrupt } from "./interrupt.ts";
import { OUTLINE } from "./outline.ts";
import { checkPlace } from "./place.ts";
import { ProgressLine } from "./progressLine.ts";

interface Flags {
  readonly out: string;
  readonly title: string;
  readonly data?: string;
  readonly weights?: string;
  readonly arch?: BackboneName;
  readonly size?: number;
  readonly views?: readonly string[];
}

const HELP = `
Examples:
  duchenne report runs/first results.json --out report.html
  duchenne report runs/ --data labelled.store --views sheet.png --out report.html
The page is one HTML file with embedded plots and pictures; it loads nothing from the network. It shows faces: share it only
with people who may see them.`;

const PICTURE_TYPES: Readonly<Record<string, string>> = { ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg" };

/** `duchenne report <path…> --out report.html` */
export function reportCommand(): Command {
  return new Command("report")
    .description(OUTLINE.report.about)
    .argument(
      "<paths...>",
      "run folders, results of `duchenne probe`, folders of them, or a folder of `duchenne reproduce`",
    )
    .requiredOption("--out <file>", "HTML file to write")
    .option("--title <text>", "heading of the page", "Expression from unlabeled video")
    .option("--data <store>", "labelled store whose faces are shown as a map of each run's embedding")
    .option("--weights <file>", "also map the embedding of a weights file; requires --arch and --size")
    .addOption(new Option("--arch <name>", "architecture of --weights").choices(ARCHITECTURES))
    .option("--size <pixels>", "input size of --weights, pixels", integerArgument(16, 512))
    .option("--views <pictures...>", "pictures of `duchenne views` to show (PNG, JPEG)")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(paths: string[], flags: Flags): Promise<void> {
  checkPlace("--out", flags.out);
  const line = new ProgressLine();
  const inputs = readInputs(paths);
  const views = (flags.views ?? []).map(readPicture);
  const embeddings = embeddingSources(inputs, flags);
  await withInterrupt(
    () => line.note("stopping …"),
    async (signal) => {
      const { collectReport } = await import("../report/page/collect/collect.ts");
      const { writeReport } = await import("../report/page/writeReport.ts");
      const { title } = flags;
      const summary = `Pre-training runs: ${inputs.runs.length}. Probes: ${inputs.results.length}.`;
      const rest = {
        stores: flags.data ? { [flags.data]: "labelled faces" } : {},
        highlights: [],
        notes: [],
      };
      const data = await collectReport(
        { title, summary, views, embeddings, ...inputs, ...rest },
        new Date(),
        signal,
      );
      writeReport(flags.out, data);
    },
  );
  process.stdout.write(`${flags.out}\n`);
}

function embeddingSources({ runs }: FoundInputs, { data, weights, arch, size }: Flags): EmbeddingSource[] {
  if (weights !== undefined && (data === undefined || arch === undefined || size === undefined))
    throw new UsageError(
      "--weights: expected --data, --arch and --size as well, received only some of them. Add the missing options.",
    );
  if (data === undefined) return [];
  const ofRuns = runs.map(({ name, folder }) => ({ name, from: folder, store: data }));
  if (weights === undefined) return ofRuns;
  return [...ofRuns, { name: weights, from: weights, store: data, backbone: { arch: arch!, size: size! } }];
}

function readPicture(file: string): Picture {
  const type = PICTURE_TYPES[extname(file).toLowerCase()];
  if (type === undefined)
    throw new UsageError(`--views: expected a .png or .jpg file, received ${file}. Convert the picture.`);
  const image = `data:image/${type};base64,${readFileSync(file).toString("base64")}`;
  return { title: file, caption: "Frames of some batches as the network sees them.", image };
}
