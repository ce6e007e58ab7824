/** Carries out a plan, row by row: each run and each probe goes on where it stopped. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { probeSettings } from "../probe/options.ts";
import { probe } from "../probe/probe.ts";
import type { NamedResult } from "../report/collect/tables.ts";
import { FrameStore } from "../store/frameStore.ts";
import { writeFileAtomically } from "../train/atomicFolder.ts";
import { loadBackbone } from "../train/loadBackbone.ts";
import { pretrain } from "../train/pretrain.ts";
import { isRun } from "../train/runRecord.ts";
import { PlanError } from "./errors.ts";
import type { Evaluation, Plan } from "./plan.ts";
import { type WorkRow, workRows } from "./workRows.ts";

export interface ReproduceHooks {
  /** Told where the work stands: the row, and what is being done. */
  readonly onProgress?: (row: string, doing: string) => void;
  readonly onNotice?: (notice: string) => void;
  /** Told after each row of all that is done so far. */
  readonly onRow?: (done: Reproduction) => void;
  /** Stops after the step at hand, with everything saved. */
  readonly signal?: AbortSignal;
}

/** What came of a plan. */
export interface Reproduction {
  readonly rows: readonly WorkRow[];
  readonly results: readonly NamedResult[];
}

/**
 * Pre-trains and evaluates every row of a plan.
 * @param plan with absolute paths   @param out folder of the runs, results and tables; gone on with where it exists
 * @throws PlanError if the folder holds another plan, or a store is missing; DOMException (AbortError) when stopped; what
 * `pretrain` and `probe` throw
 */
export async function reproduce(plan: Plan, out: string, hooks: ReproduceHooks = {}): Promise<Reproduction> {
  const rows = workRows(plan, out);
  await checkPlan(plan);
  openFolder(plan, out);
  if (plan.rows.includes("ImageNet") && plan.imagenet === null)
    hooks.onNotice?.(
      "the row ImageNet is left out: the plan names no weights (imagenet; see duchenne weights)",
    );
  const results: NamedResult[] = [];
  for (const [i, row] of rows.entries()) {
    if (row.config) await pretrainRow(plan, row, row.config, hooks);
    results.push(...(await probeRow(plan, row, out, hooks)));
    hooks.onRow?.({ rows: rows.slice(0, i + 1), results });
  }
  return { rows, results };
}

/** All that can be known to fail is to fail before the first hour of work. */
async function checkPlan(plan: Plan): Promise<void> {
  const stores = [
    ["store", plan.store],
    ...plan.evaluations.map((one, i) => [`evaluations.${i}.store`, one.store]),
  ];
  for (const [key, path] of stores as [string, string][]) {
    try {
      await FrameStore.open(path).close();
    } catch (error) {
      const { message } = error as Error;
      throw new PlanError(`${plan.name}: ${key}`, "a store made by `duchenne prepare`", message, {
        cause: error,
      });
    }
  }
  if (plan.imagenet !== null && !existsSync(plan.imagenet))
    throw new PlanError(
      `${plan.name}: imagenet`,
      "a weights file (duchenne weights)",
      `nothing at ${plan.imagenet}`,
    );
  for (const evaluation of plan.evaluations)
    for (const mode of evaluation.modes) settingsOf(evaluation, mode);
}

const settingsOf = (
  { store: _, modes: __, pairs: ___, ...settings }: Evaluation,
  mode: Evaluation["modes"][number],
) => probeSettings({ ...settings, mode });

/** Begins the folder of a table, or finds the same plan in it. @throws PlanError if it holds another */
export function openFolder(plan: Plan, out: string): void {
  mkdirSync(out, { recursive: true });
  const file = join(out, "plan.json");
  const text = `${JSON.stringify(plan, null, 1)}\n`;
  if (!existsSync(file)) writeFileAtomically(file, text);
  else if (readFileSync(file, "utf8") !== text)
    throw new PlanError(
      out,
      "the plan begun here, or another --out",
      `a plan that differs in ${difference(file, plan)}`,
    );
}

function difference(file: string, plan: Plan): string {
  const had = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const keys = Object.entries(plan).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(had[key]),
  );
  return keys.map(([key]) => key).join(", ") || "its keys";
}

const labelOf = ({ name, seed }: WorkRow): string => `${name}, seed ${seed}`;

async function pretrainRow(
  plan: Plan,
  row: WorkRow,
  config: NonNullable<WorkRow["config"]>,
  { onProgress, onNotice, signal }: ReproduceHooks,
): Promise<void> {
  const label = labelOf(row);
  const summary = await pretrain(plan.store, row.from, config, {
    resume: isRun(row.from),
    command: `duchenne pretrain ${plan.store} --config … --out ${row.from}`,
    ...(signal ? { signal } : {}),
    onNotice: (notice) => onNotice?.(`${label}: ${notice}`),
    onProgress: ({ step, totalSteps, figures, imagesPerSecond }) =>
      onProgress?.(
        label,
        `step ${step} of ${totalSteps}, loss ${(figures.loss ?? Number.NaN).toFixed(3)}, ${imagesPerSecond.toFixed(0)} images/s`,
      ),
  });
  if (summary.step < summary.totalSteps) signal?.throwIfAborted();
}

async function probeRow(
  plan: Plan,
  row: WorkRow,
  out: string,
  hooks: ReproduceHooks,
): Promise<NamedResult[]> {
  const results: NamedResult[] = [];
  const { arch, size } = plan;
  const loaded = loadBackbone(row.from, { arch, size, seed: row.seed, device: deviceOf(plan) });
  try {
    for (const [i, evaluation] of plan.evaluations.entries()) {
      for (const mode of evaluation.modes) {
        const file = join(out, "results", `${row.slug}-${i}-${evaluation.task}-${mode}.json`);
        const result = await probe(
          loaded,
          evaluation.store,
          probeOptions(plan, evaluation, mode, file, out),
          {
            onProgress: ({ stage, cellsDone, cells }) =>
              hooks.onProgress?.(
                labelOf(row),
                `${evaluation.task}, ${mode}: ${stage} (${cellsDone} of ${cells} done)`,
              ),
            ...(hooks.signal ? { signal: hooks.signal } : {}),
          },
        );
        results.push({ name: row.name, result, ...(row.paper ? { reference: row.paper } : {}) });
      }
    }
  } finally {
    loaded.backbone.dispose();
  }
  // Features are cheap to make again, and a row's are of no use to the next.
  rmSync(join(out, "features"), { recursive: true, force: true });
  return results;
}

const deviceOf = ({ settings }: Plan) => settings.device ?? "cpu";

function probeOptions(
  plan: Plan,
  evaluation: Evaluation,
  mode: Evaluation["modes"][number],
  file: string,
  out: string,
) {
  mkdirSync(join(out, "results"), { recursive: true });
  return {
    ...settingsOf(evaluation, mode),
    ...(evaluation.pairs === null ? {} : { pairs: evaluation.pairs }),
    device: deviceOf(plan),
    cache: join(out, "features"),
    out: file,
  };
}
