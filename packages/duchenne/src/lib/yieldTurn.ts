/** How long work runs before it yields to signals and timers, milliseconds. */
const INTERVAL_MS = 100;

/** Called often within synchronous work; now and then it lets Ctrl-C in. Once aborted, it throws the signal's reason at once. */
export type YieldTurn = () => Promise<void> | undefined;

export function makeYieldTurn(signal?: AbortSignal): YieldTurn {
  let last = performance.now();
  return () => {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
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
