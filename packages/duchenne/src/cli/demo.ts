/** `duchenne demo`: from nothing to a table. */

import { Command, Option } from "commander";
import { DEMO_SIZES, type DemoSizeName } from "../demo/sizes.ts";
import { formatDuration } from "../lib/duration.ts";
import { Interrupted } from "./errors.ts";
import { withInterrupt } from "./interrupt.ts";
import { OUTLINE } from "./outline.ts";
import { checkFolder } from "./place.ts";
import { ProgressLine } from "./progressLine.ts";

interface Flags {
  readonly out: string;
  readonly size: DemoSizeName;
}

const HELP = `
Example:
  duchenne demo --out demo/
The demo films synthetic actors, finds their faces and pre-trains SimCLR and SSL-FER (full) without labels. It then evaluates
expression, valence and arousal on other actors, and face identification on 62 more. If the command is interrupted, the same command continues it.`;

/** `duchenne demo` */
export function demoCommand(): Command {
  return new Command("demo")
    .description(OUTLINE.demo.about)
    .option("--out <folder>", "folder for films, stores, runs and the report", "demo")
    .addOption(
      new Option(
        "--size <name>",
        "amount of data and training; smallest takes half a minute and only shows that everything works",
      )
        .choices(Object.keys(DEMO_SIZES))
        .default("full"),
    )
    .addHelpText("after", HELP)
    .action(run);
}

async function run({ out, size }: Flags): Promise<void> {
  checkFolder("--out", out);
  const line = new ProgressLine();
  const started = performance.now();
  try {
    const { markdown, report } = await withInterrupt(
      () => line.note("finishing the current step, then stopping …"),
      async (signal) => {
        const { runDemo } = await import("../demo/demo.ts");
        return runDemo(out, size, {
          signal,
          onNotice: (notice) => line.note(notice),
          onProgress: (lines) => line.update(...lines),
        });
      },
    );
    line.clear();
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(`${markdown}\n${report}\n`);
    line.note(`done in ${formatDuration(seconds)}; the report shows the faces, maps and curves: ${report}`);
  } catch (error) {
    line.clear();
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    throw new Interrupted(`stopped; finished work is in ${out}. Run the same command again to continue.`);
  }
}
