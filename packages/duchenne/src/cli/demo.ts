/** `duchenne demo`: from nothing to a table. */
import { Command, Option } from "commander";
import { DEMO_SIZES, type DemoSizeName } from "../demo/sizes.ts";
import { formatDuration } from "../lib/duration.ts";
import { Interrupted } from "./errors.ts";
import { withInterrupt } from "./interrupt.ts";
import { ProgressLine } from "./progressLine.ts";

interface Flags {
  readonly out: string;
  readonly size: DemoSizeName;
}

const HELP = `
Example:
  duchenne demo --out demo/
Films synthetic actors, finds their faces, pre-trains SimCLR and the whole method without labels,
and measures what each learned about expression, valence and arousal on actors never seen, and how well it tells 62 others apart.
Stopped or killed, the same command goes on where it stopped.`;

/** `duchenne demo` */
export function demoCommand(): Command {
  return new Command("demo")
    .description(
      "film synthetic actors, pre-train on them without labels, and evaluate (6 minutes on 2 cores)",
    )
    .option("--out <folder>", "folder to work in", "demo")
    .addOption(new Option("--size <name>", "how much").choices(Object.keys(DEMO_SIZES)).default("full"))
    .addHelpText("after", HELP)
    .action(run);
}

async function run({ out, size }: Flags): Promise<void> {
  const line = new ProgressLine();
  const started = performance.now();
  try {
    const { markdown, report } = await withInterrupt(
      () => line.note("finishing what is at hand, then stopping …"),
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
    throw new Interrupted(`stopped; what is done is in ${out}. To go on, run the same command again.`);
  }
}
