/** A process that runs one row, and ends when the row is done or the parent process is gone. */
import type { ProgressParts } from "../../lib/progressText.ts";
import { type JobReply, type JobTask, STOP } from "./jobs.ts";

const controller = new AbortController();
// If the parent is gone, the next turn of the event loop ends this process.
const send = (reply: JobReply): unknown => process.send?.(reply, () => undefined);

/** Some steps take a millisecond. */
const PROGRESS_INTERVAL_MS = 50;
let sentMs = Number.NEGATIVE_INFINITY;

function sendProgress(progress: ProgressParts): void {
  if (performance.now() - sentMs < PROGRESS_INTERVAL_MS) return;
  sentMs = performance.now();
  send({ progress });
}

process.on("disconnect", () => process.exit());
process.on("message", (message: JobTask | typeof STOP) => {
  if (message === STOP) controller.abort(new DOMException("interrupted", "AbortError"));
  else void perform(message);
});
// Ctrl-C reaches the whole group of processes; the parent hears it, and says so.
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => undefined);

async function perform({ plan, row, out }: JobTask): Promise<void> {
  const { signal } = controller;
  try {
    // Takes a second, in which Ctrl-C is heard already.
    const { configureProcess } = await import("../../lib/configureProcess.ts");
    configureProcess();
    const { runRow } = await import("./runRow.ts");
    const results = await runRow(plan, row, out, {
      signal,
      onProgress: sendProgress,
      onNotice: (notice) => send({ notice }),
    });
    send({ results });
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    if (signal.aborted && known.name === "AbortError") {
      send({ stopped: true });
      return;
    }
    const { packError } = await import("./sentErrors.ts");
    send({ error: packError(known) });
  }
}
