/** The commands that are killed, what they start from, and what must be equal afterwards. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump } from "../../packages/duchenne/test/data/prepare/support.ts";

type Input = "synth" | "store" | "parts" | "run" | "plan";

/** One command of the campaign. */
export interface Command {
  readonly name: string;
  /** What it starts from. */
  readonly inputs: readonly Input[];
  /** Inputs that it changes, and gets a copy of in its folder. */
  readonly copies?: readonly string[];
  /** @param out an absolute folder   @returns the command line; its inputs stand in the working folder */
  readonly args: (out: string) => string[];
  /** The command that continues it, if it is another one. */
  readonly again?: (out: string) => string[];
  /** What it says if the run that was killed had already done everything. */
  readonly isDone?: RegExp;
  /** What two runs must have in common. */
  readonly result: (out: string) => Promise<string>;
  /** What should not be there when it is done. */
  readonly leftovers: (out: string) => string[];
}

/** Makes what some commands start from. @param run runs a command line in that folder */
export async function makeInputs(
  folder: string,
  commands: readonly Command[],
  run: (args: string[]) => void,
): Promise<void> {
  const needs = new Set(commands.flatMap(({ inputs }) => inputs));
  run(["synth", "--actors", "4", "--clips", "2", "--seconds", "2", "--out", "synth"]);
  if (needs.has("store") || needs.has("run")) run(["prepare", "synth", "--out", "store"]);
  if (needs.has("parts"))
    for (const part of ["1", "2"]) run(["prepare", "synth", "--shard", `${part}/2`, "--out", `part${part}`]);
  const [store, shape] = ["store", ["--preset", "tiny", "--no-hard-neg", "--batch", "4"]];
  if (needs.has("run")) run(["pretrain", store, ...shape, "--steps", "2", "--out", "run"]);
  const settings = { preset: "tiny", batch: 4 };
  const evaluations = [{ store, task: "expression", epochs: 1, minSteps: 1, resamples: 10 }];
  const plan = { name: "plan", store, arch: "tiny", size: 48, settings, budget: { steps: 2 }, evaluations };
  writeFileSync(join(folder, "plan.json"), JSON.stringify({ ...plan, rows: ["untrained", "SimCLR"] }));
}

const TINY = ["--preset", "tiny", "--no-hard-neg", "--batch", "4", "--steps", "2", "--checkpoint-every", "1"];

/** Two epochs without the least number of updates, and few resamples: a run takes a second of the processor. */
const SHORT = ["--epochs", "2", "--min-steps", "1", "--resamples", "10"];

/** All commands that write more than one file. */
export const commands: readonly Command[] = [
  {
    name: "prepare",
    inputs: ["synth"],
    args: (out) => ["prepare", "synth", "--workers", "0", "--out", join(out, "store")],
    result: async (out) => JSON.stringify(await dump(join(out, "store"))),
    leftovers: temporaries,
  },
  {
    name: "pretrain",
    inputs: ["store"],
    args: (out) => ["pretrain", "store", ...TINY, "--out", join(out, "run")],
    again: (out) => [
      ...["pretrain", "store", ...TINY, "--out", join(out, "run")],
      ...(existsSync(join(out, "run", "config.json")) ? ["--resume"] : []),
    ],
    result: async (out) =>
      hashes(join(out, "run", "checkpoints", "2"), ["model.safetensors", "optimizer.safetensors"]),
    leftovers: temporaries,
  },
  {
    name: "probe",
    inputs: ["store", "run"],
    args: (out) => [
      ...["probe", "run", "--data", "store", ...SHORT, "--seeds", "2", "--cache", join(out, "cache")],
      ...["--save", join(out, "saved"), "--out", join(out, "result.json")],
    ],
    result: async (out) => withoutTimes(join(out, "result.json")),
    leftovers: temporaries,
  },
  {
    name: "finetune",
    inputs: ["store", "run"],
    args: (out) => [
      ...["probe", "run", "--data", "store", "--mode", "finetune", ...SHORT, "--seeds", "1"],
      ...["--batch", "4", "--save", join(out, "saved"), "--out", join(out, "result.json")],
    ],
    result: async (out) =>
      `${withoutTimes(join(out, "result.json"))}\n${hashes(join(out, "saved"), ["model.safetensors"])}`,
    // The state of the training goes when it is done.
    leftovers: (out) => [
      ...temporaries(out),
      ...readdirSync(out).filter((name) => name.endsWith(".training")),
    ],
  },
  {
    name: "export",
    inputs: ["run"],
    args: (out) => ["export", "run", "--out", join(out, "model")],
    result: async (out) =>
      hashes(join(out, "model"), [
        ...["config.json", "preprocessor_config.json", "model.safetensors"],
        ...["onnx/model.onnx", "onnx/model_fp16.onnx"],
      ]),
    leftovers: temporaries,
  },
  {
    name: "remove",
    inputs: ["store"],
    copies: ["store"],
    args: (out) => ["store", "remove", "--person", "actor0000", join(out, "store")],
    // Killed after its last rename, it is done, and the person is not there any more.
    isDone: /expected the name of one of 3 people/,
    result: async (out) => JSON.stringify(await dump(join(out, "store"))),
    leftovers: temporaries,
  },
  {
    name: "merge",
    inputs: ["parts"],
    args: (out) => ["store", "merge", "part1", "part2", "--out", join(out, "store")],
    // Killed after its last rename, it is done, and does not write over a store.
    isDone: /expected a folder without a store/,
    result: async (out) => JSON.stringify(await dump(join(out, "store"))),
    leftovers: temporaries,
  },
  {
    name: "reproduce",
    inputs: ["store", "plan"],
    args: (out) => ["reproduce", "--plan", "plan.json", "--out", join(out, "table")],
    result: async (out) => {
      const folder = join(out, "table", "results");
      const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
      return files
        .sort()
        .map((name) => withoutTimes(join(folder, name)))
        .join("\n");
    },
    leftovers: temporaries,
  },
];

function hashes(folder: string, names: readonly string[]): string {
  const hash = (name: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return names.map((name) => `${name} ${hash(name)}`).join("\n");
}

/** A result file without how long it took, and without paths, which differ from folder to folder. */
function withoutTimes(file: string): string {
  return JSON.stringify(JSON.parse(readFileSync(file, "utf8")), (key, value: unknown) =>
    /seconds|description|^from$/i.test(key) ? undefined : value,
  );
}

/** Temporary files and folders anywhere below a folder. */
function temporaries(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.tmp$|-next$/.test(name) && statSync(join(folder, name)) !== undefined,
  );
}
