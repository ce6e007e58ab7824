/** Rows run concurrently, each in a process of its own. */
import type { ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import type { ProgressParts } from "../../lib/progressText.ts";
import { startWorkerProcess } from "../../lib/workers.ts";
import type { NamedResult } from "../page/collect/tables.ts";
import type { ReproducePlan } from "./plan.ts";
import type { RunRow } from "./runRow.ts";
import { type SentError, unpackError } from "./sentErrors.ts";
import type { WorkRow } from "./workRows.ts";

/** First message to a process; the second, if any, is `STOP`. */
export interface JobTask {
  readonly plan: ReproducePlan;
  readonly row: WorkRow;
  readonly out: string;
}

/** Message that stops a process after its current step. */
export const STOP = "stop";

/** Messages from a process. The last three end it. */
export type JobReply =
  | { readonly progress: ProgressParts }
  | { readonly notice: string }
  | { readonly results: NamedResult[] }
  | { readonly error: SentError }
  | { readonly stopped: true };

/**
 * Maps items in their order, at most `count` at a time. If one fails or the signal aborts, aborts the signals of the
 * others and waits for them.
 * @returns results in the order of the items
 * @throws the first failure; the signal's reason if nothing else failed
 */
export async function mapConcurrent<T, R>(
  items: readonly T[],
  count: number,
  signal: AbortSignal | undefined,
  work: (item: T, index: number, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failed = new AbortController();
  const stop = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]);
  const errors: unknown[] = [];
  const queue = items.entries();
  const lane = async () => {
    try {
      for (const [i, item] of queue) {
        stop.throwIfAborted();
        results[i] = await work(item, i, stop);
      }
    } catch (error) {
      errors.push(error);
      failed.abort(error);
    }
  };
  await Promise.all(Array.from({ length: count }, lane));
  if (errors.length > 0) throw errors.find((error) => error !== signal?.reason) ?? errors[0];
  return results;
}

/** End with this process, even if it crashes. */
const children = new Set<ChildProcess>();
const endChildren = () => {
  for (const child of children) child.kill("SIGKILL");
};

/**
 * Runs a row in a process of its own. An error of `runRow` keeps its class, message and fields.
 * @param count number of processes that share the processors; OMP_NUM_THREADS, if set, is the number of threads of each
 */
export const runRowInProcess =
  (count: number): RunRow =>
  async (plan, row, out, { onProgress, onNotice, signal }) => {
    const threads = Math.max(1, Math.floor(availableParallelism() / count));
    const env = { ...process.env, OMP_NUM_THREADS: process.env.OMP_NUM_THREADS || String(threads) };
    if (!process.listeners("exit").includes(endChildren)) process.on("exit", endChildren);
    const child = startWorkerProcess(import.meta.url, "jobProcess", { env, serialization: "advanced" });
    const stop = () => child.connected && child.send(STOP, () => undefined);
    children.add(child);
    try {
      signal.addEventListener("abort", stop, { once: true });
      child.send({ plan, row, out } satisfies JobTask);
      const end = await endOf(child, (reply) => {
        if ("progress" in reply) onProgress(reply.progress);
        if ("notice" in reply) onNotice(reply.notice);
      });
      if ("results" in end) return end.results;
      if ("error" in end) throw unpackError(end.error);
      if ("stopped" in end || (signal.aborted && end.killedBy !== null)) throw signal.reason;
      const how =
        end.killedBy === null
          ? `with code ${end.code}`
          : `by ${end.killedBy}; the memory may be too small for so many \`jobs\``;
      throw new Error(
        `expected the process of ${row.name}, seed ${row.seed}, to send its results; it ended ${how}. Run the same command again to continue.`,
      );
    } finally {
      signal.removeEventListener("abort", stop);
      children.delete(child);
      child.kill("SIGKILL"); // nothing to one that has ended
    }
  };

type LastReply = Exclude<JobReply, { progress: ProgressParts } | { notice: string }>;

/** The last message of a process, or how it ended without one. */
function endOf(
  child: ChildProcess,
  onReply: (reply: JobReply) => void,
): Promise<LastReply | { readonly code: number | null; readonly killedBy: string | null }> {
  return new Promise((resolve, reject) => {
    let last: LastReply | undefined;
    child.on("message", (reply: JobReply) => {
      onReply(reply);
      if ("progress" in reply || "notice" in reply) return;
      last = reply;
      child.disconnect();
    });
    child.on("error", reject);
    child.on("exit", (code, killedBy) => resolve(last ?? { code, killedBy }));
  });
}
