/** Runs a plan: each interrupted run and each interrupted probe is continued. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FrameStore } from "../../data/store/frameStore.ts";
import { setting } from "../../lib/errors.ts";
import { writeFileAtomically } from "../../lib/files/atomicFolder.ts";
import { makeFolder } from "../../lib/files/makeFolder.ts";
import { progressText } from "../../lib/progressText.ts";
import { checkDevice } from "../../ssl/config/checkDevice.ts";
import { SamplingError } from "../../ssl/sampling/errors.ts";
import { planRun } from "../../ssl/train/runPlan.ts";
import { valuesFromConfig } from "../../ssl/valuesFromConfig.ts";
import type { NamedResult } from "../page/collect/tables.ts";
import { checkSettingsOf } from "./checkPlan.ts";
import { PlanError } from "./errors.ts";
import { mapConcurrent, runRowInProcess } from "./jobs.ts";
import { planSchema, type ReproducePlan } from "./plan.ts";
import { featuresFolder, runRow } from "./runRow.ts";
import { type WorkRow, workRows } from "./workRows.ts";

/** Options of `reproduce`. */
export interface ReproduceOptions {
  /** Called with a line for each row in progress. */
  readonly onProgress?: (lines: readonly string[]) => void;
  readonly onNotice?: (notice: string) => void;
  /** Called after each row with everything done so far. */
  readonly onRow?: (done: Reproduction) => void;
  /** Stops after the step at hand, with everything saved. */
  readonly signal?: AbortSignal;
  /** Rows worked on at a time, each in a process of its own with its share of the processors; default: 1, in this process. */
  readonly jobs?: number;
}

/** The finished rows of a plan and their results. */
export interface Reproduction {
  readonly rows: readonly WorkRow[];
  readonly results: readonly NamedResult[];
}

/**
 * Pre-trains and evaluates every row of a plan.
 * @param plan with absolute paths   @param out folder of the runs, results and tables; an interrupted reproduction in it is continued
 * @throws PlanError if the folder holds another plan, a store is missing or `jobs` is no number of rows; DOMException
 * (AbortError) when stopped; what `pretrain` and `probe` throw
 */
export async function reproduce(
  plan: ReproducePlan,
  out: string,
  options: ReproduceOptions = {},
): Promise<Reproduction> {
  const { jobs = 1, onProgress, onNotice, onRow } = options;
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new PlanError(setting("jobs"), "an integer of at least 1", String(jobs), "Use `jobs: 1` or more.");
  const rows = workRows(plan, out);
  checkSettingsOf(plan);
  await checkPlan(plan);
  await checkRows(plan, rows);
  openFolder(plan, out);
  if (plan.rows.includes("ImageNet") && plan.imagenet === null)
    options.onNotice?.(
      "the row ImageNet is left out, because the plan names no weights file (key imagenet; see duchenne weights)",
    );
  const results: (readonly NamedResult[] | undefined)[] = rows.map(() => undefined);
  const done = (): Reproduction => ({
    rows: rows.filter((_, i) => results[i] !== undefined),
    results: results.flatMap((ofRow) => ofRow ?? []),
  });
  const activeRows = new Map<number, string>();
  const work = jobs === 1 ? runRow : runRowInProcess(Math.min(jobs, rows.length));
  await mapConcurrent(rows, jobs, options.signal, async (row, i, signal) => {
    const name = `${row.name}, seed ${row.seed}`;
    results[i] = await work(plan, row, out, {
      signal,
      onNotice: (notice) => onNotice?.(`${name}: ${notice}`),
      onProgress: (progress) => {
        activeRows.set(i, progressText({ ...progress, details: [name, ...(progress.details ?? [])] }));
        onProgress?.([...activeRows.values()]);
      },
    }).finally(() => activeRows.delete(i));
    onRow?.(done());
  });
  rmSync(featuresFolder(out), { recursive: true, force: true });
  return done();
}

/** Checks what the plan needs: stores, weights, a device. */
async function checkPlan(plan: ReproducePlan): Promise<void> {
  const stores = [
    ["store", plan.store],
    ...plan.rows.flatMap((row, i) =>
      typeof row === "string" || row.start === undefined ? [] : [[`rows.${i}.start.store`, row.start.store]],
    ),
    ...plan.evaluations.map((one, i) => [`evaluations.${i}.store`, one.store]),
  ];
  for (const [key, path] of stores as [string, string][]) {
    try {
      await FrameStore.open(path).close();
    } catch (error) {
      const { message } = error as Error;
      throw new PlanError(
        `${plan.name}: ${key}`,
        "a store made by `duchenne prepare`",
        message,
        "Check the path in the plan.",
        {
          cause: error,
        },
      );
    }
  }
  if (plan.imagenet !== null && !existsSync(plan.imagenet))
    throw new PlanError(
      `${plan.name}: imagenet`,
      "a weights file",
      `nothing at ${plan.imagenet}`,
      "Fetch one with `duchenne weights`.",
    );
  checkDevice(plan.settings.device ?? "cpu");
}

/**
 * Plans every row's pre-training, so that a row that cannot start is found before the first one is trained.
 * @throws PlanError for more images a step than the store has clips for; ConfigError as `pretrain`
 */
async function checkRows(plan: ReproducePlan, rows: readonly WorkRow[]): Promise<void> {
  // Seeds change the weights, and not whether a run can start.
  const stages = rows.flatMap(({ name, seed, stages }) =>
    seed === plan.seeds[0] ? stages.map((stage) => ({ name, ...stage })) : [],
  );
  for (const { name, store, config } of stages) {
    try {
      // The weights of an earlier stage are not there yet.
      await planRun({ ...valuesFromConfig({ ...config, init: null }), store });
    } catch (error) {
      if (!(error instanceof SamplingError)) throw error;
      const key = plan.imagesPerStep === null ? "settings.batch" : "imagesPerStep";
      throw new PlanError(
        `${plan.name}: ${key} (row ${name})`,
        `a step that the clips of ${store} can fill`,
        error.message,
        "Lower it in the plan, or prepare a store with more clips.",
        { cause: error },
      );
    }
  }
}

/** Writes the plan into the folder of a table, or checks that the folder has the same plan. @throws PlanError if it has another */
export function openFolder(plan: ReproducePlan, out: string): void {
  makeFolder(out);
  const file = join(out, "plan.json");
  const text = `${JSON.stringify(plan, null, 1)}\n`;
  if (!existsSync(file)) writeFileAtomically(file, text);
  else if (!isSamePlan(readFileSync(file, "utf8"), text))
    throw new PlanError(
      out,
      "the plan that was begun here",
      `a plan that differs in ${difference(file, plan)}`,
      "Use the same plan, or another `out`.",
    );
}

/** Plans of older versions name some rows otherwise. */
function isSamePlan(had: string, wanted: string): boolean {
  if (had === wanted) return true;
  const plan = planSchema.safeParse(JSON.parse(had));
  return plan.success && `${JSON.stringify(plan.data, null, 1)}\n` === wanted;
}

function difference(file: string, plan: ReproducePlan): string {
  const had = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const keys = Object.entries(plan).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(had[key]),
  );
  return keys.map(([key]) => key).join(", ") || "its keys";
}
