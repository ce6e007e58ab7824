/** A process that carries out one row, and ends when that is done or its parent is gone. */
import { type JobReply, type JobTask, STOP } from "./jobs.ts";

const controller = new AbortController();
// A parent that is gone hears nothing, and the next turn of the event loop ends this process.
const tell = (reply: JobReply): unknown => process.send?.(reply, () => undefined);

/** Some steps take a millisecond. */
const PROGRESS_INTERVAL_MS = 50;
let toldMs = Number.NEGATIVE_INFINITY;

function tellProgress(progress: string): void {
  if (performance.now() - toldMs < PROGRESS_INTERVAL_MS) return;
  toldMs = performance.now();
  tell({ progress });
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
    const { configure, FAST } = await import("@duchenne/torch");
    configure(FAST);
    const { carryOutRow } = await import("./carryOut.ts");
    const results = await carryOutRow(plan, row, out, {
      signal,
      onProgress: tellProgress,
      onNotice: (notice) => tell({ notice }),
    });
    tell({ results });
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    tell(signal.aborted && known.name === "AbortError" ? { stopped: true } : { error: known });
  }
}
