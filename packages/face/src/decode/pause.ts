import { setImmediate } from "node:timers/promises";

/** How long decoding runs before it yields to messages and signals, milliseconds. */
const INTERVAL_MS = 100;

/** A function to await often: now and then it lets a turn of the event loop pass. */
export function makePause(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < INTERVAL_MS) return undefined;
    return setImmediate().then(() => {
      last = performance.now();
    });
  };
}
