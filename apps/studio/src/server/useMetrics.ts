import type { MetricsPart, MetricsPoint } from "duchenne/studio";
import { fetchJson } from "./fetchJson.ts";
import { useRepeated } from "./useRepeated.ts";

/** A run's log as far as it is known here. */
interface Log {
  readonly lines: readonly MetricsPoint[];
  readonly log: string;
  readonly next: number;
}

export type Logs = ReadonlyMap<string, Log>;

const EMPTY: Log = { lines: [], log: "", next: 0 };
const LOOK_AGAIN_MS = 1000;

/** Logs of runs by id; only what is new is asked for. */
export function useMetrics(ids: readonly string[]): { logs: Logs; error: Error | undefined } {
  const { value, error } = useRepeated<Logs>(
    async (before, signal) => {
      const parts = ids.map(async (id) => [id, await readOn(id, before?.get(id) ?? EMPTY, signal)] as const);
      return new Map(await Promise.all(parts));
    },
    () => LOOK_AGAIN_MS,
    ids.join(),
  );
  return { logs: value ?? new Map(), error };
}

async function readOn(id: string, known: Log, signal: AbortSignal): Promise<Log> {
  const query = new URLSearchParams({ log: known.log, from: String(known.next) });
  const part = await fetchJson<MetricsPart>(`/api/runs/${id}/metrics?${query}`, { signal });
  if (part.lines.length === 0 && !part.isAnew) return known;
  return { ...part, lines: part.isAnew ? part.lines : [...known.lines, ...part.lines] };
}
