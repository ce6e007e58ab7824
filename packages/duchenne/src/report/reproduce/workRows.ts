/** The rows of a plan with their configs and folders. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PretrainConfig } from "../../ssl/config/config.ts";
import { resolveConfig, type Settings } from "../../ssl/config/resolveConfig.ts";
import { checkComponents } from "../../ssl/methods/index.ts";
import { FORMER_ROW_NAMES } from "../page/data/rowNames.ts";
import { PlanError } from "./errors.ts";
import type { ReproducePlan } from "./plan.ts";
import { ROWS, type Row } from "./rows.ts";

/** One pre-training of a row. */
export interface PretrainStage {
  readonly store: string;
  readonly config: PretrainConfig;
  /** Folder of the run. */
  readonly out: string;
}

/** One backbone of the table: a row and a seed. */
export interface WorkRow {
  readonly name: string;
  readonly seed: number;
  readonly paper: Row["paper"];
  /** Name of its run and its results in the output folder. */
  readonly slug: string;
  /** Its pre-trainings, each of which starts from the one before; none for a row without one. */
  readonly stages: readonly PretrainStage[];
  /** As `loadBackbone` takes it, once it is pre-trained. */
  readonly from: string;
}

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/**
 * Every row once for each seed, seeds outermost, so that the table is complete early.
 * @throws PlanError for rows whose names give the same folder; ComponentError for components that a method does not have
 */
export function workRows(plan: ReproducePlan, out: string): WorkRow[] {
  const rows = plan.rows.map((row) => (typeof row === "string" ? knownRow(row) : customRow(row)));
  const slugs = rows.map(({ name }) => slugOf(name));
  const twice = slugs.findIndex((slug, i) => slug === "" || slugs.indexOf(slug) !== i);
  if (twice >= 0)
    throw new PlanError(
      `${plan.name}: rows`,
      "names that differ in letters or digits",
      rows[twice]!.name,
      "Rename one of the rows.",
    );
  const usable = rows.filter(({ kind }) => kind !== "weights" || plan.imagenet !== null);
  return plan.seeds.flatMap((seed, s) =>
    // A weights file is the same whatever the seed.
    usable.filter(({ kind }) => kind !== "weights" || s === 0).map((row) => workRow(plan, row, seed, out)),
  );
}

const knownRow = (name: string): Row => ROWS.find((row) => row.name === name)!;

const customRow = ({ name, settings, start }: Exclude<ReproducePlan["rows"][number], string>): Row => ({
  name,
  kind: { settings: settings as Settings },
  start,
});

function workRow(plan: ReproducePlan, row: Row, seed: number, out: string): WorkRow {
  const { name, kind, paper, start } = row;
  const slug = existingSlug(name, seed, out) ?? `${slugOf(name)}-seed${seed}`;
  const work = { name, seed, paper, slug };
  if (kind === "untrained") return { ...work, stages: [], from: "untrained" };
  if (kind === "weights") return { ...work, stages: [], from: plan.imagenet! };
  const from = join(out, "runs", slug);
  const first = start && {
    store: start.store,
    config: stageConfig(plan, start.settings as Settings, seed, start.budget),
    out: `${from}-start`,
  };
  const config = stageConfig(plan, kind.settings, seed, plan.budget);
  const last = { store: plan.store, config: first ? { ...config, init: first.out } : config, out: from };
  return { ...work, stages: first ? [first, last] : [last], from };
}

function stageConfig(
  plan: ReproducePlan,
  own: Settings,
  seed: number,
  budget: ReproducePlan["budget"],
): PretrainConfig {
  const { arch, size, imagesPerStep } = plan;
  const config = resolveConfig(plan.settings as Settings, own, { arch, size, seed });
  checkComponents(config.method, config);
  return withBudget(config, { budget, imagesPerStep });
}

/** The slug of a row that an older version began in this folder, under the row's name of that time. */
function existingSlug(name: string, seed: number, out: string): string | undefined {
  return Object.entries(FORMER_ROW_NAMES)
    .filter(([, current]) => current === name)
    .map(([former]) => `${slugOf(former)}-seed${seed}`)
    .find((slug) => existsSync(join(out, "runs", slug)));
}

/** Sets the length of a run: equal images mean fewer updates if each update sees more images. */
export function withBudget(
  config: PretrainConfig,
  { budget, imagesPerStep }: Pick<ReproducePlan, "budget" | "imagesPerStep">,
): PretrainConfig {
  const imagesPerClip = config.hardNeg ? 4 : 2;
  const batch = imagesPerStep === null ? config.batch : imagesPerStep / imagesPerClip;
  if ("epochs" in budget) return { ...config, batch, epochs: budget.epochs, steps: null };
  if ("steps" in budget) return { ...config, batch, epochs: null, steps: budget.steps };
  const steps = Math.max(1, Math.round(budget.images / (batch * imagesPerClip)));
  return { ...config, batch, epochs: null, steps };
}
