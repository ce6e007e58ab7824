/** `duchenne reproduce`: a table of methods, pre-trained and evaluated alike. */

import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Command, Option } from "commander";
import { shellCommand } from "../lib/shellCommand.ts";
import { PlanError } from "../report/reproduce/errors.ts";
import {
  type Machine,
  onMachine,
  parsePlan,
  readPlanAsWritten,
  resolvePaths,
} from "../report/reproduce/plan.ts";
import { PLANS } from "../report/reproduce/plans.ts";
import { ROW_NAMES } from "../report/reproduce/rows.ts";
import { integerArgument } from "./arguments.ts";
import { Interrupted, UsageError } from "./errors.ts";
import { messageWithFlags } from "./flagText.ts";
import { withInterrupt } from "./interrupt.ts";
import { OUTLINE } from "./outline.ts";
import { checkFolder } from "./place.ts";
import { ProgressLine } from "./progressLine.ts";

interface Flags {
  readonly plan: string;
  readonly out?: string;
  readonly print?: boolean;
  readonly jobs: number;
  readonly device?: string;
  readonly autocast?: "auto" | "on" | "off";
}

const HELP = `
Rows: ${ROW_NAMES.join("; ")}.

Examples:
  duchenne reproduce --plan tiny --print > plan.json     print a built-in plan, to edit it
  duchenne reproduce --plan plan.json --out table/
  duchenne reproduce --plan fer-model --out model/       the model of @duchenne/model-fer (docs/experiments/expression-model.md)
  duchenne reproduce --plan tiny --jobs 2 --out table/     two rows at a time: faster if the network is small
Paths in a plan file are relative to the file's folder; paths in a built-in plan are relative to the current folder.
Output: table.md, table.json and report.html. If the command is interrupted, the same command continues it.`;

/** `duchenne reproduce --plan <name or file> --out <folder>` */
export function reproduceCommand(): Command {
  return new Command("reproduce")
    .description(OUTLINE.reproduce.about)
    .requiredOption(
      "--plan <plan>",
      `name of a built-in plan (${Object.keys(PLANS).join(", ")}), or a JSON file`,
    )
    .option("--out <folder>", "folder for runs, results and the table")
    .option(
      "-j, --jobs <n>",
      "number of rows that run at the same time, each in its own process",
      integerArgument(1, 64),
      1,
    )
    .option("--device <name>", "cpu, cuda or cuda:<index>, in place of the plan's")
    .addOption(
      new Option("--autocast <name>", "bfloat16 products, in place of the plan's").choices([
        "auto",
        "on",
        "off",
      ]),
    )
    .option("--print", "check the plan's settings, print it with its paths as they are, and exit")
    .addHelpText("after", HELP)
    .action(run);
}

/** The plan with its paths as they are written, and the folder that these are relative to. */
async function choosePlan(name: string, machine: Machine) {
  try {
    const ready = Object.hasOwn(PLANS, name) ? PLANS[name] : undefined;
    if (!ready && !existsSync(name))
      throw new UsageError(
        `--plan: expected ${Object.keys(PLANS).join(", ")} or a JSON file, received ${name}, which is neither. Correct the name.`,
      );
    const plan = onMachine(ready ? parsePlan(ready, `plan ${name}`) : readPlanAsWritten(name), machine);
    const { checkSettingsOf } = await import("../report/reproduce/checkPlan.ts");
    checkSettingsOf(plan);
    return { ready, plan, folder: ready ? process.cwd() : dirname(resolve(name)) };
  } catch (error) {
    if (error instanceof PlanError) throw new UsageError(messageWithFlags(error));
    throw error;
  }
}

async function run({ plan: name, out, print, jobs, ...machine }: Flags): Promise<void> {
  const chosen = await choosePlan(name, machine);
  if (print) {
    const shown = Object.keys(machine).length === 0 ? (chosen.ready ?? chosen.plan) : chosen.plan;
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return;
  }
  const plan = resolvePaths(chosen.plan, chosen.folder);
  if (out === undefined)
    throw new UsageError(
      "reproduce: expected --out <folder>, received none. Name the folder for runs, results and the table.",
    );
  checkFolder("--out", out);
  const line = new ProgressLine();
  const made = {
    name: plan.name,
    command: shellCommand([
      ...["duchenne", "reproduce", "--plan", name],
      ...(jobs === 1 ? [] : ["--jobs", String(jobs)]),
      ...Object.entries(machine).flatMap(([key, value]) => [`--${key}`, value]),
      ...["--out", out],
    ]),
  };
  try {
    const finished = await withInterrupt(
      () => line.note("finishing the step, then saving …"),
      async (signal) => {
        const { reproduceTable } = await import("../report/reproduce/reproduceTable.ts");
        return reproduceTable(plan, out, made, {
          ...{ signal, jobs },
          onNotice: (notice) => line.note(notice),
          onProgress: (lines) => line.update(...lines),
        });
      },
    );
    line.clear();
    process.stdout.write(`${finished.markdown}\n${finished.report}\n`);
  } catch (error) {
    line.clear();
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    throw new Interrupted(`stopped; finished work is in ${out}. Run the same command again to continue.`);
  }
}
