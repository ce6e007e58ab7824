import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { liveTensors } from "@duchenne/torch";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** How many more tensors there are after an action. Those forgotten before it are collected first, so as not to count. */
export function tensorsLeftBy(action: () => unknown): number {
  collect();
  const before = liveTensors();
  action();
  return liveTensors() - before;
}
