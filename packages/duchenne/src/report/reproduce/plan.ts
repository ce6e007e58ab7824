/** A plan of `duchenne reproduce`, as one JSON file. */
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { z } from "zod";
import { MODES, probeSettingsSchema } from "../../evaluate/schema/options.ts";
import { ARCHITECTURES, expectation } from "../../ssl/config/config.ts";
import { settingsSchema } from "../../ssl/config/resolveConfig.ts";
import { currentRowName, FORMER_ROW_NAMES } from "../page/data/rowNames.ts";
import { PlanError } from "./errors.ts";
import { ROW_NAMES } from "./rows.ts";

const { mode: _mode, ...probeShape } = probeSettingsSchema.shape;

/** One data set and task, in one or more modes. */
const evaluationSchema = z.strictObject({
  /** A labelled store. */
  store: z.string(),
  modes: z.array(z.enum(MODES)).min(1).default(["frozen"]),
  /** Identity: LFW's pairs.txt. */
  pairs: z.string().nullable().default(null),
  /** Keeps each row's predictor in the folder `predictors`, for `duchenne export`. */
  save: z.boolean().default(false),
  ...probeShape,
});

/** How long each row is pre-trained. HardNeg doubles the images of a step, so equal steps and equal images differ. */
const budgetSchema = z.union(
  [
    z.strictObject({ images: z.int().positive() }),
    z.strictObject({ steps: z.int().positive() }),
    z.strictObject({ epochs: z.int().positive() }),
  ],
  { error: 'one of {"images": n}, {"steps": n}, {"epochs": n}, the same for every row' },
);

/** Settings that the plan fixes for all rows are not settings of a row. */
const rowSettings = settingsSchema.omit({ arch: true, size: true, seed: true, epochs: true, steps: true });
const rowNameSchema = z
  .enum([...ROW_NAMES, ...Object.keys(FORMER_ROW_NAMES)] as [string, ...string[]])
  .transform(currentRowName);
/** A first pre-training, whose weights a row starts from. */
const startSchema = z.strictObject({
  store: z.string(),
  settings: rowSettings.default({}),
  budget: budgetSchema,
});
const customRowSchema = z.strictObject({
  name: z.string().min(1),
  settings: rowSettings,
  start: startSchema.optional(),
});

/** Schema of a plan file. */
export const planSchema = z.strictObject({
  name: z.string().min(1),
  /** Store that every row is pre-trained on; labels are not read. */
  store: z.string(),
  arch: z.enum(ARCHITECTURES).default("resnet50"),
  /** Side of the network's input, pixels. */
  size: z.int().min(16).max(512).default(112),
  /** Settings all rows share, over the preset's. */
  settings: rowSettings.default({}),
  budget: budgetSchema,
  /** Images of every row's update, so that equal images are equal updates, too; else each row's has `settings.batch` clips. */
  imagesPerStep: z.int().min(8).multipleOf(4).nullable().default(null),
  /** Seeds of pre-training: each row is done once for each. */
  seeds: z.array(z.int().min(0)).min(1).default([0]),
  /** Rows of the paper's table by name, or others with their settings. */
  rows: z
    .array(
      z.union([rowNameSchema, customRowSchema], {
        error: `rows by name (${ROW_NAMES.join(", ")}), or {"name": …, "settings": {…}}`,
      }),
    )
    .min(1)
    .default([...ROW_NAMES]),
  /** Weights file of the row ImageNet, from `duchenne weights`; without it, the row is left out. */
  imagenet: z.string().nullable().default(null),
  evaluations: z.array(evaluationSchema).min(1),
});

/** A plan with defaults filled in. */
export type ReproducePlan = z.infer<typeof planSchema>;
/** A plan as written in a file. */
export type PlanInput = z.input<typeof planSchema>;
/** One evaluation of a plan. */
export type Evaluation = ReproducePlan["evaluations"][number];

/** Parses a plan. @param values content of the JSON file @param source names the plan in errors @throws PlanError naming the key at fault */
export function parsePlan(values: unknown, source: string): ReproducePlan {
  const parsed = planSchema.safeParse(values);
  if (parsed.success) return checkBatch(parsed.data, source);
  const issue = parsed.error.issues[0]!;
  const at = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const place = [source, [...at, issue.keys[0]!].join(".")].join(": ");
    throw new PlanError(
      place,
      `only known keys${at.length === 0 ? ` (${keysOf(planSchema)})` : ""}`,
      "another",
    );
  }
  const value = at.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], values);
  throw new PlanError(
    [source, at.join(".")].join(": "),
    expectation(issue),
    JSON.stringify(value) ?? "nothing",
  );
}

/** Either imagesPerStep or batch sets the size of an update. */
function checkBatch(plan: ReproducePlan, source: string): ReproducePlan {
  const owns = plan.rows.map((row) => (typeof row === "string" ? {} : row.settings));
  const places = ["settings", ...owns.map((_, i) => `rows.${i}.settings`)];
  const at = [plan.settings, ...owns].findIndex(({ batch }) => batch !== undefined);
  if (plan.imagesPerStep !== null && at >= 0)
    throw new PlanError(`${source}: ${places[at]}.batch`, "either it or imagesPerStep", "both");
  return plan;
}

const keysOf = (schema: { shape: object }): string => Object.keys(schema.shape).join(", ");

/**
 * Reads a plan; its paths are relative to its folder.
 * @throws PlanError if it cannot be read, or a key is unknown, missing or out of range
 */
export function readPlan(file: string): ReproducePlan {
  let values: unknown;
  try {
    values = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new PlanError(
      file,
      "a JSON file",
      (error as Error).message,
      "Print one with `duchenne reproduce --print`.",
      {
        cause: error,
      },
    );
  }
  return resolvePaths(parsePlan(values, file), dirname(resolve(file)));
}

/** The plan with absolute paths. */
export function resolvePaths(plan: ReproducePlan, folder: string): ReproducePlan {
  const place = <T extends string | null>(path: T): T =>
    (path === null || isAbsolute(path) ? path : resolve(folder, path)) as T;
  const evaluations = plan.evaluations.map((one) => ({
    ...one,
    store: place(one.store),
    pairs: place(one.pairs),
  }));
  const rows = plan.rows.map((row) =>
    typeof row === "string" || row.start === undefined
      ? row
      : { ...row, start: { ...row.start, store: place(row.start.store) } },
  );
  return { ...plan, rows, store: place(plan.store), imagenet: place(plan.imagenet), evaluations };
}

/** Where and how a plan is computed. */
export type Machine = Partial<Pick<ReproducePlan["settings"], "device" | "autocast">>;

/** The plan on another machine: its pre-trainings and evaluations there, and with that machine's kind of products. */
export function onMachine(plan: ReproducePlan, { device, autocast }: Machine): ReproducePlan {
  const own = { ...(device && { device }), ...(autocast && { autocast }) };
  const evaluations = plan.evaluations.map((one) =>
    autocast && one.modes.includes("finetune") ? { ...one, autocast } : one,
  );
  return { ...plan, settings: { ...plan.settings, ...own }, evaluations };
}
