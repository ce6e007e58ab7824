/** `duchenne reproduce`: a table of methods, pre-trained and evaluated alike. */
import { Command } from "commander";
import { PlanError } from "../report/reproduce/errors.ts";
import { parsePlan, readPlan, resolvePaths } from "../report/reproduce/plan.ts";
import { PLANS } from "../report/reproduce/plans.ts";
import { ROW_NAMES } from "../report/reproduce/rows.ts";
import { integerArgument } from "./arguments.ts";
import { Interrupted, UsageError } from "./errors.ts";
import { withInterrupt } from "./interrupt.ts";
import { checkFolder } from "./place.ts";
import { ProgressLine } from "./progressLine.ts";

interface Flags {
  readonly plan: string;
  readonly out?: string;
  readonly print?: boolean;
  readonly jobs: number;
}

const HELP = `
Rows: ${ROW_NAMES.join("; ")}.

Examples:
  duchenne reproduce --plan tiny --print > plan.json     a ready plan, to be changed
  duchenne reproduce --plan plan.json --out table/
  duchenne reproduce --plan tiny --jobs 2 --out table/     two rows at a time: faster where the network is small
The plan's paths are relative to its folder, a ready plan's to this one. The table stands in table.md, table.json and
report.html. Stopped or killed, the same command goes on where it stopped.`;

/** `duchenne reproduce --plan <name or file> --out <folder>` */
export function reproduceCommand(): Command {
  return new Command("reproduce")
    .description("pre-train and evaluate the rows of the paper's table, or your own")
    .requiredOption("--plan <plan>", `a ready one (${Object.keys(PLANS).join(", ")}), or a JSON file`)
    .option("--out <folder>", "folder of runs, results and table")
    .option(
      "-j, --jobs <n>",
      "rows worked on at a time, each in a process of its own",
      integerArgument(1, 64),
      1,
    )
    .option("--print", "write the plan to standard output, and do nothing")
    .addHelpText("after", HELP)
    .action(run);
}

function choosePlan(name: string) {
  try {
    const ready = Object.hasOwn(PLANS, name) ? PLANS[name] : undefined;
    return ready ? resolvePaths(parsePlan(ready, `plan ${name}`), process.cwd()) : readPlan(name);
  } catch (error) {
    if (error instanceof PlanError) throw new UsageError(error.message);
    throw error;
  }
}

async function run({ plan: name, out, print, jobs }: Flags): Promise<void> {
  const plan = choosePlan(name);
  if (print) {
    process.stdout.write(`${JSON.stringify(PLANS[name] ?? plan, null, 2)}\n`);
    return;
  }
  if (out === undefined)
    throw new UsageError("reproduce: expected --out, the folder of runs, results and table");
  checkFolder("--out", out);
  const line = new ProgressLine();
  const made = {
    name: plan.name,
    command: `duchenne reproduce --plan ${name}${jobs === 1 ? "" : ` --jobs ${jobs}`} --out ${out}`,
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
    throw new Interrupted(`stopped; what is done is in ${out}. To go on, run the same command again.`);
  }
}
