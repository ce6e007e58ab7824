/** One row of a plan: its pre-training and its evaluations. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setThreads } from "@duchenne/torch";
import { probe } from "../../evaluate/probe.ts";
import { finetuneShape } from "../../evaluate/schema/finetuneSettings.ts";
import { probeSettings } from "../../evaluate/schema/options.ts";
import { makeFolder } from "../../lib/files/makeFolder.ts";
import type { ProgressParts } from "../../lib/progressText.ts";
import { settingWords, shellCommand } from "../../lib/shellCommand.ts";
import type { PretrainConfig } from "../../ssl/config/config.ts";
import { resolveConfig } from "../../ssl/config/resolveConfig.ts";
import { loadBackbone } from "../../ssl/run/loadBackbone.ts";
import { isRun } from "../../ssl/run/runRecord.ts";
import { type PretrainProgress, pretrain } from "../../ssl/train/pretrain.ts";
import { valuesFromConfig } from "../../ssl/valuesFromConfig.ts";
import type { NamedResult } from "../page/collect/tables.ts";
import type { Evaluation, ReproducePlan } from "./plan.ts";
import type { PretrainStage, WorkRow } from "./workRows.ts";

/** Callbacks and the stop signal of a row. */
export interface RowHooks {
  /** Called with how far the current stage is. */
  readonly onProgress: (progress: ProgressParts) => void;
  readonly onNotice: (notice: string) => void;
  /** Stops after the step at hand, with everything saved. */
  readonly signal: AbortSignal;
}

/** Runs one row of a plan. @param out folder of the runs, results and tables @returns results of its evaluations */
export type RunRow = (
  plan: ReproducePlan,
  row: WorkRow,
  out: string,
  hooks: RowHooks,
) => Promise<NamedResult[]>;

type Mode = Evaluation["modes"][number];

/**
 * Pre-trains and evaluates a row, or continues a row that was stopped.
 * @throws DOMException (AbortError) when stopped; what `pretrain` and `probe` throw
 */
export const runRow: RunRow = async (plan, row, out, hooks) => {
  // Also if nothing is pre-trained.
  if (plan.settings.threads) setThreads(plan.settings.threads);
  for (const stage of row.stages) await pretrainStage(stage, hooks);
  return probeRow(plan, row, out, hooks);
};

/** Folder in which rows keep the features of images while they are evaluated. */
export const featuresFolder = (out: string): string => join(out, "features");

/** The settings of one mode: those of fine-tuning belong to that mode alone. @throws ProbeError for settings that do not go together */
export function probeSettingsOf(
  { store: _, modes: __, pairs: ___, save: ____, ...settings }: Evaluation,
  mode: Mode,
) {
  const own = Object.entries(settings).filter(
    ([name]) => mode === "finetune" || !Object.hasOwn(finetuneShape, name),
  );
  return probeSettings({ ...Object.fromEntries(own), mode });
}

async function pretrainStage(
  { store, config, out }: PretrainStage,
  { onProgress, onNotice, signal }: RowHooks,
): Promise<void> {
  const summary = await pretrain({
    ...valuesFromConfig(config),
    ...{ store, out },
    resume: isRun(out),
    command: pretrainCommandOf(store, out, config),
    signal,
    onNotice,
    onProgress: (progress) => onProgress(describe(progress)),
  });
  if (summary.step < summary.totalSteps) signal.throwIfAborted();
}

/** The command that does a row's pre-training again. */
export function pretrainCommandOf(store: string, out: string, config: PretrainConfig): string {
  const { method } = config;
  const usual = { ...resolveConfig({ method }), method: null };
  return shellCommand(["duchenne", "pretrain", store, "--out", out, ...settingWords(config, usual)]);
}

function describe({
  step,
  totalSteps,
  figures,
  imagesPerSecond,
  secondsLeft,
}: PretrainProgress): ProgressParts {
  return {
    share: step / totalSteps,
    rate: `${imagesPerSecond.toFixed(0)} images/s`,
    secondsLeft,
    details: [`step ${step} of ${totalSteps}`, `loss ${(figures.loss ?? Number.NaN).toFixed(3)}`],
  };
}

async function probeRow(
  plan: ReproducePlan,
  row: WorkRow,
  out: string,
  hooks: RowHooks,
): Promise<NamedResult[]> {
  const results: NamedResult[] = [];
  const { arch, size } = plan;
  const cache = join(featuresFolder(out), row.slug);
  const loaded = loadBackbone(row.from, { arch, size, seed: row.seed, device: deviceOf(plan) });
  makeFolder(join(out, "results"));
  try {
    for (const [i, evaluation] of plan.evaluations.entries()) {
      for (const mode of evaluation.modes) {
        const name = `${row.slug}-${i}-${evaluation.task}-${mode}`;
        const options = {
          ...probeSettingsOf(evaluation, mode),
          ...(evaluation.save && { save: join(out, "predictors", name) }),
          ...(evaluation.pairs === null ? {} : { pairs: evaluation.pairs }),
          ...{ device: deviceOf(plan), cache },
          out: join(out, "results", `${name}.json`),
        };
        const result = await probe(loaded, evaluation.store, options, {
          signal: hooks.signal,
          onNotice: (notice) => hooks.onNotice(`${evaluation.task}, ${mode}: ${notice}`),
          onProgress: ({ stage, done, total }) =>
            hooks.onProgress({ share: done / total, details: [`${evaluation.task}, ${mode}: ${stage}`] }),
        });
        results.push({ name: row.name, result, ...(row.paper ? { reference: row.paper } : {}) });
      }
    }
  } finally {
    loaded.backbone.dispose();
  }
  // Features are cheap to make again, and a row's are of no use to the next.
  rmSync(cache, { recursive: true, force: true });
  return results;
}

const deviceOf = ({ settings }: ReproducePlan) => settings.device ?? "cpu";
