import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { liveTensors } from "@duchenne/torch";

setFlagsFromString("--expose-gc");
/** Frees the tensors that nothing holds any more, so that a count before and after an action can be equal. */
export const collectGarbage = runInNewContext("gc") as () => void;

/** How many more tensors there are after an action. Those forgotten before it are collected first, so as not to count. */
export function tensorsLeftBy(action: () => unknown): number {
  collectGarbage();
  const before = liveTensors();
  action();
  return liveTensors() - before;
}
