/** Within this time a launcher's signal and the terminal's are one request: both reach a process on Ctrl-C under torchrun. */
const ONE_REQUEST_MS = 1000;

const isLaunched = (): boolean => process.env.WORLD_SIZE !== undefined;

/**
 * Runs `work` with a signal that Ctrl-C (SIGINT) or SIGTERM aborts. A second one ends the process at once; under a launcher only one that
 * comes a second later.
 * @param onStop called when the first signal arrives
 */
export async function withInterrupt<T>(
  onStop: () => void,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let begun = 0;
  const stop = () => {
    if (controller.signal.aborted) {
      if (isLaunched() && performance.now() - begun < ONE_REQUEST_MS) return;
      process.exit(130);
    }
    begun = performance.now();
    onStop();
    controller.abort(new DOMException("interrupted", "AbortError"));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}
