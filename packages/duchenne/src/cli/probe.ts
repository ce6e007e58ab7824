import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import type { ProbeProgress } from "../evaluate/probe.ts";
import { trainingFolderOf } from "../evaluate/results/resultFile.ts";
import { formatResult } from "../evaluate/results/table.ts";
import { ProbeError } from "../evaluate/schema/errors.ts";
import {
  type ProbeOptions,
  type ProbeSettings,
  probeSettings,
  probeSettingsSchema,
  requireFeaturePass,
} from "../evaluate/schema/options.ts";
import type { ProbeResult } from "../evaluate/schema/result.ts";
import { progressText, secondsLeftOf } from "../lib/progressText.ts";
import { shellCommand } from "../lib/shellCommand.ts";
import { ARCHITECTURES, type BackboneName } from "../ssl/config/config.ts";
import type { LoadBackboneOptions } from "../ssl/run/loadBackbone.ts";
import { integerArgument } from "./arguments.ts";
import { INTERRUPTED, Interrupted, UsageError } from "./errors.ts";
import { messageWithFlags } from "./flagText.ts";
import { withInterrupt } from "./interrupt.ts";
import { OUTLINE } from "./outline.ts";
import { checkFolder, checkPlace } from "./place.ts";
import type { ProgressLine } from "./progressLine.ts";
import { isFirstRank, type RankFlags, rankOptions, rankProgressLine, runByRanks } from "./ranks.ts";
import { settingFlags } from "./settingFlags.ts";

type Flags = Partial<Omit<ProbeSettings, "labels" | "classes">> &
  RankFlags & {
    data: string;
    labels?: string;
    classes?: string;
    arch?: BackboneName;
    size?: number;
    which?: "last" | "best";
    device: string;
    cache?: string;
    pairs?: string;
    save?: string;
    out?: string;
    json?: boolean;
  };

const HELP = `
Modes: frozen trains the paper's 3-layer predictor on the features of a frozen backbone; finetune also trains the backbone;
linear trains one layer on standardised features; knn classifies by vote of the nearest training images. The task identity
measures how often the nearest image shows the same person, and with --pairs follows LFW's verification protocol; for an
expression model, lower is better.
Results are means over seeds with 95 % bootstrap intervals, resampled by person if people are known. The validation split
selects the best weights; the test split is only used to evaluate. If labels are few, --min-steps overrides --epochs.

Examples:
  duchenne probe runs/first --data films.store --labels 100,400,all --seeds 3 --out first.json
  duchenne probe runs/first --data affectnet.store --mode finetune --device cuda --out affectnet.json
  duchenne probe runs/first --data films.store --save happy.probe
  duchenne probe runs/first --data lfw.store --task identity --pairs pairs.txt
  duchenne probe runs/first --data films.store --nproc 2
  duchenne probe untrained --arch resnet18 --size 64 --data fer.store --labels "1%,10%,100%"
Several processes, started by --nproc or by a launcher such as torchrun, compute the features together (docs/scale.md).
If the command is interrupted, the same command continues from the result in --out; a fine-tuning, from its last update.`;

/** `duchenne probe <backbone> --data <store>` */
export function probeCommand(): Command {
  const { labels: _labels, classes: _classes, ...plain } = probeSettingsSchema.shape;
  const command = new Command("probe")
    .description(OUTLINE.probe.about)
    .argument("<backbone>", "folder of a run or of a checkpoint, a weights file, or the word untrained")
    .requiredOption("--data <store>", "folder of a prepared store with labels")
    .option("--labels <list>", "numbers of training labels, for example 1%,10%,100 (default: all)")
    .option("--classes <list>", "expressions to classify (default: all in the store)")
    .addOption(
      new Option("--arch <name>", "architecture, if the weights file does not record it").choices(
        ARCHITECTURES,
      ),
    )
    .option("--size <pixels>", "input size, pixels (default: as in pre-training)", integerArgument(16, 512))
    .addOption(new Option("--which <name>", "which checkpoint of a run").choices(["last", "best"]))
    .option("--device <name>", "cpu, cuda or cuda:<index>", "cpu")
    .option("--cache <folder>", "folder that keeps features between commands (default: none)")
    .option("--pairs <file>", "LFW's pairs.txt, for the task identity")
    .option(
      "--save <folder>",
      "folder for the predictor of the first seed and the most labels, for duchenne export",
    )
    .option("--out <file>", "JSON file for the result; an interrupted result in it is continued")
    .option("--json", "print the result as one line of JSON");
  for (const option of rankOptions("its part of the features")) command.addOption(option);
  for (const option of settingFlags(plain, probeSettings({}))) command.addOption(option);
  return command.addHelpText("after", HELP).action(run);
}

async function run(backbone: string, { json = false, ...flags }: Flags): Promise<void> {
  const { data, labels, classes, arch, size, which, device, cache, pairs, save, out, ...more } = flags;
  const { nproc = 1, rankTimeout, ...given } = more;
  const settings = checkedSettings({ ...given, ...lists({ labels, classes }) });
  if (out !== undefined) checkPlace("--out", out);
  if (cache !== undefined) checkPlace("--cache", join(cache, "features"));
  if (save !== undefined) checkFolder("--save", save);
  if (await runByRanks({ nproc }, () => checked(() => requireFeaturePass(settings)))) return;
  const weights = { ...(arch && { arch }), ...(size && { size }), ...(which && { which }), device };
  const files = {
    ...(cache && { cache }),
    ...(pairs && { pairs }),
    ...(save !== undefined && { save }),
    ...(out && { out }),
  };
  const line = rankProgressLine();
  try {
    const result = await withInterrupt(
      () => line.note("stopping …"),
      (signal) =>
        loadAndProbe(backbone, weights, data, { ...settings, ...files }, line, { signal, rankTimeout }),
    );
    line.clear();
    if (!isFirstRank()) return;
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : formatResult(result));
  } catch (error) {
    line.clear();
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    if (!isFirstRank()) {
      process.exitCode = INTERRUPTED;
      return;
    }
    throw new Interrupted(
      out === undefined
        ? "stopped; nothing is saved. Use --out to save finished trainings."
        : stoppedText(out),
    );
  }
}

/** What is kept where, and the command that continues. */
function stoppedText(out: string): string {
  const state = trainingFolderOf(out);
  const kept = existsSync(state) ? `${out}, the one at hand in ${state}` : out;
  const command = shellCommand(["duchenne", ...process.argv.slice(2)]);
  return `stopped; finished trainings are in ${kept}. Run the same command again to continue: ${command}`;
}

async function loadAndProbe(
  from: string,
  weights: LoadBackboneOptions & { device: string },
  store: string,
  options: ProbeOptions,
  line: ProgressLine,
  { signal, rankTimeout }: { signal: AbortSignal; rankTimeout: number | undefined },
): Promise<ProbeResult> {
  // Only the work itself needs libtorch.
  const [{ loadBackbone }, { probe }, { amongRanks, deviceOfRank }] = await Promise.all([
    import("../ssl/run/loadBackbone.ts"),
    import("../evaluate/probe.ts"),
    import("../ssl/train/ranks.ts"),
  ]);
  // The group is joined before anything can fail, so that the other processes learn of a failure.
  return amongRanks(rankTimeout, async (ranks) => {
    const device = ranks ? deviceOfRank(weights.device, ranks.localRank) : weights.device;
    const loaded = loadBackbone(from, { ...weights, device, seed: options.seed ?? 0 });
    line.note(loaded.description);
    const clock = new StageClock();
    return probe(loaded, store, { ...options, device } as ProbeOptions, {
      signal,
      onNotice: (notice) => line.note(notice),
      onProgress: (progress) => line.update(clock.describe(progress)),
    });
  });
}

const split = (text: string): string[] => text.split(",").map((item) => item.trim());

function lists({ labels, classes }: { labels: string | undefined; classes: string | undefined }) {
  return {
    ...(labels !== undefined && { labels: split(labels) }),
    ...(classes !== undefined && { classes: split(classes) as NonNullable<ProbeSettings["classes"]> }),
  };
}

/** The settings, checked before anything is loaded. @throws UsageError naming the flag */
const checkedSettings = (given: Partial<ProbeSettings>): ProbeSettings => checked(() => probeSettings(given));

function checked<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    throw new UsageError(`${messageWithFlags(error)} See duchenne probe --help.`);
  }
}

/** Describes the progress of a stage and the time left. */
class StageClock {
  #stage = "";
  #startMs = 0;

  describe({ stage, done, total, score, cellsDone, cells }: ProbeProgress): string {
    const now = performance.now();
    if (stage !== this.#stage) [this.#stage, this.#startMs] = [stage, now];
    const share = done / total;
    return progressText({
      share,
      secondsLeft: secondsLeftOf(share, this.#startMs),
      details: [
        `training ${Math.min(cellsDone + 1, cells)} of ${cells}: ${stage}`,
        `${done} of ${total}`,
        ...(Number.isFinite(score) ? [`validation ${score!.toFixed(3)}`] : []),
      ],
    });
  }
}
