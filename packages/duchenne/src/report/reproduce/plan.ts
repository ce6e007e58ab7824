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
  throw planError(parsed.error.issues[0]!, [], values, source);
}

/** @param above keys that lead to the value whose schema found the issue */
function planError(
  issue: z.core.$ZodIssue,
  above: readonly PropertyKey[],
  values: unknown,
  source: string,
): PlanError {
  const at = [...above, ...issue.path].map(String);
  const value = at.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], values);
  // An object can only be a row of one's own: what is wrong in it counts.
  if (issue.code === "invalid_union" && isRowPlace(at) && typeof value === "object" && value !== null)
    return planError(customRowSchema.safeParse(value).error!.issues[0]!, at, values, source);
  if (issue.code === "unrecognized_keys")
    return new PlanError(
      `${source}: ${[...at, issue.keys[0]!].join(".")}`,
      `only known keys (${knownKeysAt(at).join(", ")})`,
      "another",
      "Correct its name.",
    );
  return new PlanError(`${source}: ${at.join(".")}`, expectation(issue), JSON.stringify(value) ?? "nothing");
}

const isRowPlace = (at: readonly string[]): boolean => at.length === 2 && at[0] === "rows";

/** Keys of the objects in a plan, by their place without numbers. */
const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    "": planSchema,
    settings: rowSettings,
    rows: customRowSchema,
    "rows.settings": rowSettings,
    "rows.start": startSchema,
    "rows.start.settings": rowSettings,
    evaluations: evaluationSchema,
  }).map(([place, { shape }]) => [place, Object.keys(shape)]),
);

const knownKeysAt = (at: readonly string[]): readonly string[] =>
  KNOWN_KEYS[at.filter((key) => !/^\d+$/.test(key)).join(".")] ?? [];

/** Either imagesPerStep or batch sets the size of an update. */
function checkBatch(plan: ReproducePlan, source: string): ReproducePlan {
  const owns = plan.rows.flatMap((row) =>
    typeof row === "string" ? [{}, {}] : [row.settings, row.start?.settings ?? {}],
  );
  const places = [
    "settings",
    ...plan.rows.flatMap((_, i) => [`rows.${i}.settings`, `rows.${i}.start.settings`]),
  ];
  const at = [plan.settings, ...owns].findIndex(({ batch }) => batch !== undefined);
  if (plan.imagesPerStep !== null && at >= 0)
    throw new PlanError(`${source}: ${places[at]}.batch`, "either it or imagesPerStep", "both");
  return plan;
}

/**
 * Reads a plan; its paths are made absolute, from its folder.
 * @throws as `readPlanAsWritten`
 */
export const readPlan = (file: string): ReproducePlan =>
  resolvePaths(readPlanAsWritten(file), dirname(resolve(file)));

/**
 * Reads a plan with its paths as they are.
 * @throws PlanError if it cannot be read, or a key is unknown, missing or out of range
 */
export function readPlanAsWritten(file: string): ReproducePlan {
  let values: unknown;
  try {
    values = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new PlanError(
      file,
      "a JSON file",
      (error as Error).message,
      "Print one with `duchenne reproduce --print`.",
      { cause: error },
    );
  }
  return parsePlan(values, file);
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
  const rows = plan.rows.map((row) => {
    if (typeof row === "string") return row;
    const { start } = row;
    return {
      ...row,
      settings: { ...row.settings, ...own },
      ...(start && { start: { ...start, settings: { ...start.settings, ...own } } }),
    };
  });
  return { ...plan, rows, settings: { ...plan.settings, ...own }, evaluations };
}
