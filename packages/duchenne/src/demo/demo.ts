/** From nothing to a table: films synthetic actors, prepares the films, pre-trains, probes. An interrupted stage is continued. */

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { prepare } from "../data/prepare/prepare.ts";
import { progressText } from "../lib/progressText.ts";
import { shellCommand } from "../lib/shellCommand.ts";
import { parsePlan, resolvePaths } from "../report/reproduce/plan.ts";
import { openFolder } from "../report/reproduce/reproduce.ts";
import { type FinishedTable, reproduceTable } from "../report/reproduce/reproduceTable.ts";
import { type SynthProgress, synthesize, synthOptions } from "../synth/index.ts";
import { estimateSeconds } from "./estimate.ts";
import { DEMO_CROPS, DEMO_SIZES, type DemoFilms, type DemoSizeName, demoPlan } from "./sizes.ts";

/** Callbacks and the stop signal of the demo. */
export interface DemoHooks {
  /** Called with lines that describe the progress. */
  readonly onProgress?: (lines: readonly string[]) => void;
  readonly onNotice?: (notice: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs the demo.
 * @param out folder of films, stores, runs and table; an interrupted demo in it is continued
 * @throws SynthError if the folder holds another data set; DOMException (AbortError) when stopped; as `reproduce`
 */
export async function runDemo(
  out: string,
  sizeName: DemoSizeName,
  hooks: DemoHooks = {},
): Promise<FinishedTable> {
  const size = DEMO_SIZES[sizeName];
  // Folders begun before `duchenne cast` became `duchenne synth` keep their name.
  const films = join(out, existsSync(join(out, "cast")) ? "cast" : "synth");
  const stills = join(out, "people");
  const table = join(out, "table");
  const people = { store: storeOf(stills), pairs: join(stills, "pairs.txt") };
  const plan = resolvePaths(
    parsePlan(demoPlan(size, storeOf(films), people), "the demo's plan"),
    process.cwd(),
  );
  // Before minutes of filming.
  openFolder(plan, table);
  // Two processes with one thread each are faster than one with two.
  const jobs = Math.min(plan.rows.length, availableParallelism());
  if (!existsSync(films))
    hooks.onNotice?.(
      `about ${Math.max(1, Math.round(estimateSeconds(size, jobs) / 60))} min on this machine, by the speed at which it draws and trains`,
    );
  await filmAndPrepare(films, size.films, hooks, 1);
  await filmAndPrepare(stills, size.people, hooks, 3);
  const call = {
    name: "demo",
    command: shellCommand(["duchenne", "demo", "--size", sizeName, "--out", out]),
  };
  return reproduceTable(
    plan,
    table,
    call,
    { ...hooks, jobs, onProgress: (lines) => hooks.onProgress?.(lines.map(inTable)) },
    {
      summary:
        "Pre-training on films of synthetic actors without labels, evaluated on other actors. " +
        "This run measured every figure.",
    },
  );
}

const storeOf = (films: string): string => `${films}.store`;

/** Filming and preparing twice, the rows of the table, and its report. */
const STAGES = 6;
const staged = (stage: number, text: string): string => `${stage} of ${STAGES}  ${text}`;
const inTable = (text: string): string => staged(text.startsWith("report") ? 6 : 5, text);

/** @param stage number of the filming; the preparing is the next */
async function filmAndPrepare(
  films: string,
  size: DemoFilms,
  hooks: DemoHooks,
  stage: number,
): Promise<void> {
  const { onProgress, signal } = hooks;
  await film(films, size, hooks, stage);
  signal?.throwIfAborted();
  await prepare(films, storeOf(films), DEMO_CROPS, {
    onProgress: ({ sourcesDone, sourcesTotal, frames, framesPerSecond, secondsLeft }) =>
      onProgress?.([
        staged(
          stage + 1,
          progressText({
            share: sourcesDone / sourcesTotal,
            rate: `${framesPerSecond.toFixed(0)} frames/s`,
            secondsLeft,
            details: [`preparing: ${sourcesDone} of ${sourcesTotal} sources`, `${frames} faces`],
          }),
        ),
      ]),
    ...(signal ? { signal } : {}),
  });
}

/** Ctrl-C also ends the worker processes; their failure then counts as the interruption. */
async function film(
  out: string,
  size: DemoFilms,
  { onProgress, signal }: DemoHooks,
  stage: number,
): Promise<void> {
  const report = ({ actors, totalActors, frames, seconds }: SynthProgress) =>
    onProgress?.([
      staged(
        stage,
        progressText({
          share: actors / totalActors,
          rate: `${(seconds > 0 ? frames / seconds : 0).toFixed(0)} frames/s`,
          secondsLeft: (seconds / actors) * (totalActors - actors),
          details: [`filming: ${actors} of ${totalActors} actors`],
        }),
      ),
    ]);
  try {
    await synthesize(synthOptions({ ...size, out }), report, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
