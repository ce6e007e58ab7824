import { readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigError, type SettingName, setting } from "../../lib/errors.ts";
import { expectation, type PretrainConfig, pretrainSchema, renameSettings, showValue } from "./config.ts";
import { METHOD_COMPONENTS, PRESET_NAMES, PRESETS } from "./presets.ts";

const KNOWN = Object.keys(pretrainSchema.shape);

/** Settings from one source; another source supplies those that are absent. */
export const settingsSchema = z.strictObject({
  preset: z
    .enum(PRESET_NAMES)
    .optional()
    .describe("preset that supplies the default of every setting (default: paper)"),
  ...pretrainSchema.partial().shape,
});
/** Settings from one source: a config file, flags, or a call. A setting that is absent is left to the other sources. */
export type Settings = { [K in keyof z.infer<typeof settingsSchema>]?: z.infer<typeof settingsSchema>[K] };

/** Settings of which one replaces the other: a source that gives one removes the other from the sources below it. */
const ALTERNATIVES = [
  ["epochs", "steps"],
  ["warmupEpochs", "warmupSteps"],
] as const;

/**
 * The settings of a run: a preset's (the paper's unless one is named), with those of the method, the config file and the
 * flags over them, in this order.
 * @param layers the most important last
 * @throws ConfigError for an unknown key, preset, method or architecture, with the list of the known ones; for a value out of
 * range, or two settings that exclude each other
 */
export function resolveConfig(...layers: readonly Settings[]): PretrainConfig {
  const given = layers.map((layer) => checkSettings(layer)).reduce<Settings>(overlay, {});
  const { settings, ofMethod } = PRESETS[given.preset ?? "paper"];
  const method = given.method ?? settings.method;
  const own: Partial<Record<string, Settings>> = ofMethod;
  const { preset: _, ...config } = [METHOD_COMPONENTS[method], own[method] ?? {}, given].reduce<Settings>(
    overlay,
    settings,
  );
  return pretrainSchema.parse(config);
}

function overlay(below: Settings, above: Settings): Settings {
  const result: Settings = { ...below };
  for (const [a, b] of ALTERNATIVES) {
    if (above[a] != null) result[b] = null;
    if (above[b] != null) result[a] = null;
  }
  return Object.assign(result, withoutAbsent(above));
}

function withoutAbsent(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/**
 * Checks settings from one place.
 * @param place names a setting there, e.g. `(key) => "tiny.json: " + key`; absent for a call or flags
 * @throws ConfigError for an unknown key, a value out of range, or two settings that exclude each other
 */
export function checkSettings(
  values: unknown,
  place: (key: string) => string | SettingName = setting,
): Settings {
  const { data, error } = settingsSchema.safeParse(isRecord(values) ? renameSettings(values) : values);
  if (error) throw configError(error.issues[0]!, values, place);
  for (const [a, b] of ALTERNATIVES) {
    if (data[a] == null || data[b] == null) continue;
    const other = place(a);
    const expected = `to be alone, or ${typeof other === "string" ? other : `\`${a}\``}`;
    throw new ConfigError(place(b), expected, "both", "Leave one out.");
  }
  return data as Settings;
}

const isRecord = (values: unknown): values is Record<string, unknown> =>
  typeof values === "object" && values !== null && !Array.isArray(values);

function configError(
  issue: z.core.$ZodIssue,
  values: unknown,
  place: (key: string) => string | SettingName,
): ConfigError {
  if (issue.code === "unrecognized_keys")
    return new ConfigError(
      place(issue.keys[0]!),
      `one of preset, ${KNOWN.join(", ")}`,
      "an unknown setting",
      "Correct its name.",
    );
  const key = String(issue.path[0] ?? "");
  const value = key === "" ? values : (values as Record<string, unknown>)[key];
  return new ConfigError(place(key), expectation(issue), showValue(value));
}

/**
 * Settings from a JSON file: one object, keys as in `PretrainConfig`, and `preset`.
 * @throws ConfigError naming file and key
 */
export function readConfigFile(path: string): Settings {
  let values: unknown;
  try {
    values = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new ConfigError(path, "a JSON file", (error as Error).message, "Correct the file.");
  }
  if (typeof values !== "object" || values === null || Array.isArray(values))
    throw new ConfigError(path, "one JSON object", JSON.stringify(values), "Correct the file.");
  return checkSettings(values, (key) => `${path}: ${key}`);
}
