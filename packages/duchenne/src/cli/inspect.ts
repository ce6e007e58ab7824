import { Command } from "commander";
import { FrameStore } from "../data/store/frameStore.ts";
import { inspectStore, type StoreReport } from "../data/store/inspect.ts";
import { describeOrder } from "../lib/expressions.ts";
import { printableLine } from "../lib/printable.ts";
import { OUTLINE } from "./outline.ts";
import { checkPlace } from "./place.ts";

const HELP = `
Example:
  duchenne inspect films.store --sheet faces.png`;
/** People and problems listed in the text, which fits a screen; --json has all of them. */
const LISTED = 5;

/** `duchenne inspect <store>` */
export function inspectCommand(): Command {
  return new Command("inspect")
    .description(OUTLINE.inspect.about)
    .argument("<store>", "folder of the store")
    .option("--sheet <png>", "also draw a contact sheet of faces with their landmarks")
    .option("--json", "print the report as one line of JSON")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(path: string, { sheet, json }: { sheet?: string; json?: boolean }): Promise<void> {
  const store = FrameStore.open(path, { allowIncomplete: true });
  try {
    const report = inspectStore(store);
    if (sheet !== undefined) {
      checkPlace("--sheet", sheet);
      // Only a sheet needs the canvas.
      const { drawSheet } = await import("../data/store/contactSheet.ts");
      await drawSheet(store, sheet);
    }
    process.stdout.write(json ? `${JSON.stringify(report)}\n` : describe(path, report));
  } finally {
    await store.close();
  }
}

function describe(path: string, report: StoreReport): string {
  const { counts, options } = report;
  const megabytes = (report.fileBytes / 1e6).toFixed(1);
  const persons = Object.entries(report.facesPerPerson).slice(0, LISTED);
  const more = Object.keys(report.facesPerPerson).length - persons.length;
  const lines = [
    `${path}${report.complete ? "" : " (incomplete: run the same `duchenne prepare` again)"}`,
    `  from      ${options.source} (${options.dataset})`,
    `  frames    ${counts.frames} of ${options.size} x ${options.size}, ${options.codec}, ${megabytes} MB`,
    `  sampled   ${counts.framesSampled} at ${Number(options.frameRateHz.toFixed(3))} a second`,
    `  clips     ${counts.clips}, with ${counts.tracks} tracks of ${report.framesPerTrack} frames (least, median, most)`,
    `  people    ${counts.persons}`,
    ...persons.map(([person, faces]) => `              ${person}: ${faces} faces`),
    ...(more > 0 ? [`              … and ${more} more (--json lists all)`] : []),
    ...tally("labels", report.labels),
    ...tally("votes", rounded(report.votes), ` on ${report.votedFrames} frames`),
    ...tally("splits", report.splits),
    ...(options.labelNumbers ? [`  numbers   as labels: ${describeOrder(options.labelNumbers)}`] : []),
    ...tally("left out", counts.skipped),
    ...tally("problems", counts.problems),
    ...tally("bad rows", report.badRows),
    ...report.problems.slice(0, LISTED).map((message) => `              ${message}`),
    ...(report.problems.length > LISTED
      ? [`              … and ${report.problems.length - LISTED} more (--json lists all)`]
      : []),
    `${counts.frames} faces of ${counts.persons} people in ${counts.clips} clips, ${megabytes} MB${report.complete ? "" : ", incomplete"}`,
  ];
  return `${lines.map(printableLine).join("\n")}\n`;
}

/** Shares of votes add up to numbers with many digits. */
const rounded = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Number(count.toFixed(2))]));

function tally(title: string, counts: Readonly<Record<string, number>>, where = ""): string[] {
  const entries = Object.entries(counts);
  if (entries.length === 0) return [];
  return [`  ${title.padEnd(9)} ${entries.map(([name, count]) => `${count} ${name}`).join(", ")}${where}`];
}
