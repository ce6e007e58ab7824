/** Rows side by side, in processes of their own. */
import type { ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { startWorkerProcess } from "../../lib/workers.ts";
import type { NamedResult } from "../page/collect/tables.ts";
import type { CarryOut } from "./carryOut.ts";
import type { Plan } from "./plan.ts";
import type { WorkRow } from "./workRows.ts";

/** What a process is told first; later, perhaps, to stop. */
export interface JobTask {
  readonly plan: Plan;
  readonly row: WorkRow;
  readonly out: string;
}

export const STOP = "stop";

/** What a process tells. The last three end it. */
export type JobReply =
  | { readonly progress: string }
  | { readonly notice: string }
  | { readonly results: NamedResult[] }
  | { readonly error: Error }
  | { readonly stopped: true };

/**
 * Works on items in their order, `count` at a time. When one fails or the signal aborts, the others are stopped by theirs and
 * waited for.
 * @throws what failed first; the signal's reason where nothing did
 */
export async function sideBySide<T>(
  items: readonly T[],
  count: number,
  signal: AbortSignal | undefined,
  work: (item: T, index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const stop = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]);
  const errors: unknown[] = [];
  const queue = items.entries();
  const lane = async () => {
    try {
      for (const [i, item] of queue) {
        stop.throwIfAborted();
        await work(item, i, stop);
      }
    } catch (error) {
      errors.push(error);
      failed.abort(error);
    }
  };
  await Promise.all(Array.from({ length: count }, lane));
  if (errors.length > 0) throw errors.find((error) => error !== signal?.reason) ?? errors[0];
}

/** They end with this process, even where it does not end well. */
const children = new Set<ChildProcess>();
const endChildren = () => {
  for (const child of children) child.kill("SIGKILL");
};

/**
 * Carries out a row in a process of its own. Of what `carryOutRow` throws, the message is left.
 * @param count of processes that share the processors; OMP_NUM_THREADS, where it is set, says how many each has
 */
export const carryOutInProcess =
  (count: number): CarryOut =>
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
      if ("error" in end) throw end.error;
      if ("stopped" in end || (signal.aborted && end.killedBy !== null)) throw signal.reason;
      const how =
        end.killedBy === null ? `with code ${end.code}` : `by ${end.killedBy}; was there enough memory?`;
      throw new Error(`the process of ${row.name}, seed ${row.seed}, ended ${how}`);
    } finally {
      signal.removeEventListener("abort", stop);
      children.delete(child);
      child.kill("SIGKILL"); // nothing to one that has ended
    }
  };

type LastReply = Exclude<JobReply, { progress: string } | { notice: string }>;

/** What a process tells last, or how it ended without a word. */
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
