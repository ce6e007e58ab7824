/** From nothing to a table: films a cast, prepares it, pre-trains, probes. Each stage goes on where it was stopped. */
import { join } from "node:path";
import { type CastOptions, castOptions, produceCast } from "../cast/index.ts";
import { prepare } from "../prepare/prepare.ts";
import { parsePlan, resolvePaths } from "../reproduce/plan.ts";
import { type FinishedTable, reproduceTable } from "../reproduce/reproduceTable.ts";
import { DEMO_CROPS, DEMO_SIZES, type DemoSizeName, demoPlan } from "./sizes.ts";

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
  const store = await stored(join(out, "cast"), size.cast, hooks);
  const people = {
    store: await stored(join(out, "people"), size.people, hooks),
    pairs: join(out, "people", "pairs.txt"),
  };
  const plan = resolvePaths(parsePlan(demoPlan(size, store, people), "the demo's plan"), process.cwd());
  const call = { name: "demo", command: `duchenne demo --size ${sizeName} --out ${out}` };
  return reproduceTable(plan, join(out, "table"), call, hooks, {
    summary:
      "Actors that do not exist, filmed and then learned from without a label; tested on actors never seen. " +
      "Every figure is what this run measured.",
  });
}

/** Films a cast and prepares it. @returns the store */
async function stored(films: string, cast: Partial<CastOptions>, hooks: DemoHooks): Promise<string> {
  const store = `${films}.store`;
  await film(films, cast, hooks);
  hooks.signal?.throwIfAborted();
  await prepare(films, store, DEMO_CROPS, {
    onProgress: ({ sourcesDone, sourcesTotal, frames }) =>
      hooks.onProgress?.("preparing", `${sourcesDone} of ${sourcesTotal} sources, ${frames} faces`),
    ...(hooks.signal ? { signal: hooks.signal } : {}),
  });
  return store;
}

/** Ctrl-C ends the cast's processes, too, which it takes for a failure. */
async function film(
  out: string,
  cast: Partial<CastOptions>,
  { onProgress, signal }: DemoHooks,
): Promise<void> {
  try {
    await produceCast(castOptions({ out, ...cast }), ({ actors, totalActors, frames }) =>
      onProgress?.("filming", `${actors} of ${totalActors} actors, ${frames} frames`),
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
