/** From nothing to a table: films a cast, prepares it, pre-trains, probes. Each stage goes on where it was stopped. */
import { join } from "node:path";
import { castOptions, produceCast } from "../cast/index.ts";
import { prepare } from "../prepare/prepare.ts";
import { parsePlan, resolvePaths } from "../reproduce/plan.ts";
import { type FinishedTable, reproduceTable } from "../reproduce/reproduceTable.ts";
import { DEMO_CROPS, DEMO_SIZES, type DemoSize, type DemoSizeName, demoPlan } from "./sizes.ts";

export interface DemoHooks {
  readonly onProgress?: (stage: string, doing: string) => void;
  readonly onNotice?: (notice: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs the demo.
 * @param out folder of cast, store, runs and table; gone on with where it exists
 * @throws CastError where the folder holds another cast; DOMException (AbortError) when stopped; as `reproduce`
 */
export async function runDemo(
  out: string,
  sizeName: DemoSizeName,
  hooks: DemoHooks = {},
): Promise<FinishedTable> {
  const size = DEMO_SIZES[sizeName];
  const films = join(out, "cast");
  const store = join(out, "cast.store");
  await film(films, size.cast, hooks);
  hooks.signal?.throwIfAborted();
  await prepare(films, store, DEMO_CROPS, {
    onProgress: ({ sourcesDone, sourcesTotal, frames }) =>
      hooks.onProgress?.("preparing", `${sourcesDone} of ${sourcesTotal} films, ${frames} faces`),
    ...(hooks.signal ? { signal: hooks.signal } : {}),
  });
  const plan = resolvePaths(parsePlan(demoPlan(size, store), "the demo's plan"), process.cwd());
  const call = { name: "demo", command: `duchenne demo --size ${sizeName} --out ${out}` };
  return reproduceTable(plan, join(out, "table"), call, hooks, {
    summary:
      "Actors that do not exist, filmed and then learned from without a label; tested on actors never seen. " +
      "Every figure is what this run measured.",
  });
}

/** Ctrl-C ends the cast's processes, too, which it takes for a failure. */
async function film(out: string, cast: DemoSize["cast"], { onProgress, signal }: DemoHooks): Promise<void> {
  try {
    await produceCast(castOptions({ out, ...cast }), ({ actors, totalActors, frames }) =>
      onProgress?.("filming", `${actors} of ${totalActors} actors, ${frames} frames`),
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
