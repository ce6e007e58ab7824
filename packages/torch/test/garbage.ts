import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { liveTensors } from "@duchenne/torch";

setFlagsFromString("--expose-gc");
/** Frees the tensors that nothing holds any more, so that a count before and after an action can be equal. */
export const collectGarbage = runInNewContext("gc") as () => void;

/**
 * How many tensors there are once those that earlier tests forgot are freed. Take a count to compare with by this: V8 frees
 * forgotten tensors at any later moment, and a plain `liveTensors()` before an action would count them.
 */
export function settledTensors(): number {
  // What a collection frees may have held more.
  for (let before = Number.NaN; ; ) {
    collectGarbage();
    const now = liveTensors();
    if (now === before) return now;
    before = now;
  }
}

/** How many more tensors there are after an action. */
export function tensorsLeftBy(action: () => unknown): number {
  const before = settledTensors();
  action();
  return liveTensors() - before;
}
