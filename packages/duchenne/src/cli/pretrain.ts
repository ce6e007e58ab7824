import { Command } from "commander";
import { formatDuration } from "../lib/duration.ts";
import { progressText } from "../lib/progressText.ts";
import { shellCommand } from "../lib/shellCommand.ts";
import { requireDivisible } from "../ssl/config/checkBatch.ts";
import { builtInConfig, type PretrainConfig } from "../ssl/config/config.ts";
import { PRESETS } from "../ssl/config/presets.ts";
import {
  checkSettings,
  readConfigFile,
  resolveConfig,
  type Settings,
  settingsSchema,
} from "../ssl/config/resolveConfig.ts";
import { readRunRecord } from "../ssl/run/runRecord.ts";
import type { PretrainSummary } from "../ssl/train/pretrain.ts";
import type { PretrainProgress } from "../ssl/train/trainer.ts";
import { INTERRUPTED, Interrupted, UsageError } from "./errors.ts";
import { withInterrupt } from "./interrupt.ts";
import { OUTLINE } from "./outline.ts";
import { checkFolder } from "./place.ts";
import { isFirstRank, type RankFlags, rankOptions, rankProgressLine, runByRanks } from "./ranks.ts";
import { settingFlags } from "./settingFlags.ts";

type Flags = Settings &
  RankFlags & {
    out: string;
    config?: string;
    resume?: boolean;
    json?: boolean;
  };

const HELP = `
Settings come from the preset, then from --config, then from flags; later ones override earlier ones. The default preset is
paper. --method ssl-fer switches its four components on (--time-aug --hard-neg --face-swap --mask-fn); --no-time-aug and so on
switch one off. The other methods start without components.

Examples:
  duchenne pretrain films.store --preset tiny --out runs/first
  duchenne pretrain films.store --method ssl-fer --arch resnet50 --device cuda --out runs/paper
  duchenne pretrain films.store --out runs/first --resume
  duchenne pretrain films.store --preset tiny --out runs/first --nproc 2
  torchrun --nproc-per-node 8 --no-python duchenne pretrain films.store --device cuda --out runs/paper

Several processes: each trains on its part of every batch, and what is learned does not depend on their number. --nproc starts them on
this machine; torchrun, Slurm, Kubernetes or mpirun start them on many (docs/scale.md). --threads and --workers count per process.

Output: config.json, metrics.jsonl, TensorBoard events and checkpoints/<step>/. The run keeps the newest --keep-last
checkpoints and the one with the lowest running mean of the loss. Ctrl-C saves a checkpoint before it stops.`;

/** `duchenne pretrain <store> --out <run>` */
export function pretrainCommand(): Command {
  const command = new Command("pretrain")
    .description(OUTLINE.pretrain.about)
    .argument("[store]", "folder of a prepared store; with --resume, the default is the store of the run")
    .requiredOption("--out <folder>", "folder of the run")
    .option(
      "--config <file>",
      'JSON file of settings, with the names of the flags in camelCase: { "batch": 64, "timeAug": false }',
    )
    .option("--resume", "continue the run in --out, with its settings")
    .option("--json", "print the summary as one line of JSON");
  for (const option of rankOptions("its part of every batch")) command.addOption(option);
  for (const option of settingFlags(settingsSchema.shape, PRESETS.paper.settings)) command.addOption(option);
  return command.addHelpText("after", HELP).action(run);
}

async function run(store: string | undefined, flags: Flags): Promise<void> {
  const { out, config: file, resume = false, json = false, nproc = 1, rankTimeout, ...given } = flags;
  checkFolder("--out", out);
  const { config, storePath } = resolveCommand(store, out, resume, given, file);
  if (await runByRanks({ nproc }, (processes) => requireDivisible(config.batch, processes))) return;
  const line = rankProgressLine();
  const summary = await withInterrupt(
    () => line.note("finishing the step, then saving …"),
    async (signal) => {
      // Only a training needs libtorch.
      const { pretrain, valuesFromConfig } = await import("../ssl/index.ts");
      return pretrain({
        ...valuesFromConfig(config),
        ...{ store: storePath, out, resume, signal, command: commandLine() },
        ...(rankTimeout !== undefined && { rankTimeoutSeconds: rankTimeout }),
        onNotice: (notice) => line.note(notice),
        onProgress: (progress) => line.update(describe(progress)),
      });
    },
  );
  line.clear();
  if (!isFirstRank()) {
    if (summary.step < summary.totalSteps) process.exitCode = INTERRUPTED;
    return;
  }
  if (summary.step < summary.totalSteps)
    throw new Interrupted(
      `stopped after step ${summary.step} of ${summary.totalSteps}; saved in ${summary.checkpoint || out}. ` +
        "Run the same command with --resume to continue.",
    );
  process.stdout.write(json ? `${JSON.stringify(summary)}\n` : report(summary));
}

/** The config and the store: from the command line, the config file and, with --resume, the run's folder. */
function resolveCommand(
  store: string | undefined,
  out: string,
  resume: boolean,
  given: unknown,
  file: string | undefined,
): { config: PretrainConfig; storePath: string } {
  const layers = [...(file === undefined ? [] : [readConfigFile(file)]), checkSettings(given)];
  const earlier = resume ? readRunRecord(out) : undefined;
  const storePath = store ?? earlier?.store.path;
  if (storePath === undefined)
    throw new UsageError(
      "pretrain: expected a store, received none. Name one, for example: duchenne pretrain films.store --out runs/first",
    );
  // A command that names a preset sets everything; other commands start from the settings of the run.
  const isWhole = layers.some(({ preset }) => preset !== undefined);
  const base: Settings[] = earlier && !isWhole ? [builtInConfig(earlier.config)] : [];
  return { config: resolveConfig(...base, ...layers), storePath };
}

const commandLine = (): string => shellCommand(["duchenne", ...process.argv.slice(2)]);

function describe(progress: PretrainProgress): string {
  const { step, totalSteps, epoch, totalEpochs, figures, imagesPerSecond, waitShare, secondsLeft } = progress;
  const { loss = Number.NaN, top1 } = figures;
  return progressText({
    share: step / totalSteps,
    rate: `${imagesPerSecond.toFixed(0)} images/s`,
    secondsLeft,
    details: [
      `step ${step}/${totalSteps}`,
      `loss ${loss.toFixed(3)}`,
      ...(top1 === undefined ? [] : [`top-1 ${(100 * top1).toFixed(0)} %`]),
      `epoch ${epoch.toFixed(1)}/${Number(totalEpochs.toFixed(1))}`,
      `wait ${(100 * waitShare).toFixed(1)} %`,
    ],
  });
}

function report({
  runFolder,
  checkpoint,
  totalSteps,
  loss,
  imagesPerSecond,
  seconds,
}: PretrainSummary): string {
  const speed = seconds > 0 ? `, ${imagesPerSecond.toFixed(0)} images/s over ${formatDuration(seconds)}` : "";
  const end = loss === null ? "" : `, loss ${loss.toFixed(3)}`;
  return `${runFolder}: ${totalSteps} steps done${end}${speed}; the last checkpoint is ${checkpoint}\n`;
}
