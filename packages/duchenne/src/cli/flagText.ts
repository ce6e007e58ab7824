/** Writes the library's messages as the command line speaks: names of settings become flags of the running command. */
import type { Command } from "commander";
import { ExplainedError } from "../lib/errors.ts";
import { flagOf, settingWords, shellCommand } from "../lib/shellCommand.ts";

/** Settings whose flag has another name. */
const FLAG_KEYS: Readonly<Record<string, string>> = {
  frameRateHz: "fps",
  rankTimeoutSeconds: "rankTimeout",
  weights: "featureWeights",
};

/** Keys of the running command's flags. */
let known: ReadonlySet<string> = new Set();

/** From now on, messages name the flags of this command. */
export function speakFlagsOf(command: Command): void {
  known = new Set(command.options.map((option) => option.attributeName()));
}

/** `out`, or `mode: "frozen"`, between backticks. */
const MENTION = /`([a-z][A-Za-z]*)(?:: ([^`]+))?`/g;

/** A message or notice with flags for the settings that stand between backticks; those without a flag stay. */
export function withFlags(text: string): string {
  return text.replace(MENTION, (mention, setting: string, value: string | undefined) => {
    const key = flagKeyOf(setting);
    if (key === undefined) return mention;
    return value === undefined ? flagOf(key) : shellCommand(settingWords({ [key]: parse(value) }));
  });
}

/** The message of an error with flags for the settings it names. */
export function messageWithFlags(error: Error): string {
  const text = withFlags(error.message);
  if (!(error instanceof ExplainedError) || error.setting === undefined) return text;
  const key = flagKeyOf(error.setting);
  return key === undefined ? text : `${flagOf(key)}${text.slice(error.setting.length)}`;
}

/** @returns undefined for a setting that has no flag here */
function flagKeyOf(setting: string): string | undefined {
  const key = FLAG_KEYS[setting] ?? setting;
  return known.has(key) || setting in FLAG_KEYS ? key : undefined;
}

/** JSON, or a word. */
function parse(value: string): string | number | boolean | string[] {
  try {
    return JSON.parse(value) as string | number | boolean | string[];
  } catch {
    return value;
  }
}
