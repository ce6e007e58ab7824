import { Command } from "commander";
import { ConfigError } from "../lib/errors.ts";
import { writeFileAtomically } from "../lib/files/atomicFolder.ts";
import type { ViewsSheet } from "../report/preview/sheet.ts";
import { PRESETS } from "../ssl/config/presets.ts";
import {
  checkSettings,
  readConfigFile,
  resolveConfig,
  type Settings,
  settingsSchema,
} from "../ssl/config/resolveConfig.ts";
import { SamplingError } from "../ssl/sampling/errors.ts";
import { integerArgument } from "./arguments.ts";
import { withFlags } from "./flagText.ts";
import { OUTLINE } from "./outline.ts";
import { checkPlace } from "./place.ts";
import { settingFlags } from "./settingFlags.ts";

type Flags = Settings & { out: string; config?: string; batches: number; clips: number };

/** Settings of a run that change what the network sees. */
const SHOWN = settingsSchema.pick({
  ...{ preset: true, method: true, splits: true, batch: true, seed: true, size: true },
  ...{
    timeAug: true,
    timeAugSeconds: true,
    timeAugWeighting: true,
    hardNeg: true,
    hardNegSeconds: true,
    hardNegWarp: true,
  },
  ...{ faceSwap: true, faceSwapProbability: true, maskFn: true },
  ...{ maskFnProbability: true, maskFnCount: true, maskFnRule: true },
  ...{ cutMix: true, cutMixAlpha: true, landmarkMaskProbability: true, flipProbability: true },
  ...{ brightness: true, contrast: true, saturation: true, hue: true, jitterProbability: true },
  ...{ blurProbability: true, grayscaleProbability: true },
});

const HELP = `
Settings and --config are those of pretrain: with the same settings and seed, the picture shows the first batches of the run,
with every probability at its final value. If the store has fewer clips than the default --batch, a batch has all of them.

Example:
  duchenne views films.store --preset tiny --clips 6 --out sheet.png`;

/** `duchenne views <store> --out <png>` */
export function viewsCommand(): Command {
  const command = new Command("views")
    .description(OUTLINE.views.about)
    .argument("<store>", "folder of a prepared store")
    .requiredOption("--out <png>", "PNG file to write")
    .option("--batches <n>", "number of batches, from the first of the run", integerArgument(1, 16), 1)
    .option("--clips <n>", "number of clips shown of each batch", integerArgument(1, 64), 8)
    .option("--config <file>", "JSON file of settings, as for pretrain");
  for (const option of settingFlags(SHOWN.shape, PRESETS.paper.settings)) command.addOption(option);
  return command.addHelpText("after", HELP).action(run);
}

async function run(store: string, flags: Flags): Promise<void> {
  const { out, config: file, batches, clips, ...given } = flags;
  checkPlace("--out", out);
  const layers = [...(file === undefined ? [] : [readConfigFile(file)]), checkSettings(given)];
  const config = resolveConfig(...layers);
  // Only drawing needs libtorch and the canvas.
  const { drawViewsSheet } = await import("../report/preview/sheet.ts");
  const draw = (batch: number) => drawViewsSheet(store, { ...config, batch }, { batches, clips });
  const isBatchGiven = layers.some(({ batch }) => batch !== undefined);
  const { png, notices } = await (isBatchGiven ? draw(config.batch) : drawFitting(config.batch, draw));
  for (const notice of notices) process.stderr.write(`${withFlags(notice)}\n`);
  write(out, png);
  process.stdout.write(`${out}\n`);
}

/** Draws with the default batch, or with the largest batch that the store can fill. */
async function drawFitting(usual: number, draw: (batch: number) => Promise<ViewsSheet>): Promise<ViewsSheet> {
  try {
    return await draw(usual);
  } catch (error) {
    if (!(error instanceof SamplingError) || error.usable < 2) throw error;
    return draw(error.usable);
  }
}

/** Whole or not at all. */
function write(path: string, bytes: Buffer): void {
  try {
    writeFileAtomically(path, bytes);
  } catch (error) {
    throw new ConfigError(
      "--out",
      "a file that can be written",
      `${path} (${(error as Error).message})`,
      "Choose another path, or free the disk.",
    );
  }
}
