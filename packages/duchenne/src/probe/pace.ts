/** How long work goes on before it lets signals and timers in, milliseconds. */
const INTERVAL_MS = 100;

/** Called often within synchronous work; now and then it lets Ctrl-C in, and then throws the signal's reason. */
export type Pace = () => Promise<void> | undefined;

export function makePace(signal?: AbortSignal): Pace {
  let last = performance.now();
  return () => {
    if (performance.now() - last < INTERVAL_MS) return undefined;
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        last = performance.now();
        if (signal?.aborted) reject(signal.reason as Error);
        else resolve();
      });
    });
  };
}
