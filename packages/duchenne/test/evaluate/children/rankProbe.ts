/**
 * A rank of probes that end early. Arguments: store, and a free port for each. In the first rank 1 is stopped, in the second it has another
 * seed, in the third it lacks the store. Prints the errors as JSON.
 */
import { probe } from "../../../src/evaluate/probe.ts";
import { QUICK, untrained } from "../support.ts";

const [store, ...ports] = process.argv.slice(2) as [string, ...string[]];
const isOdd = process.env.RANK === "1";
const stopped = AbortSignal.abort(new DOMException("interrupted", "AbortError"));
const running = new AbortController().signal;
const cases = [
  { store, seed: 0, signal: isOdd ? stopped : running },
  { store, seed: isOdd ? 1 : 0, signal: running },
  { store: isOdd ? `${store}.lost` : store, seed: 0, signal: running },
];
const errors: { name: string; message: string }[] = [];
for (const [i, { store, seed, signal }] of cases.entries()) {
  process.env.MASTER_PORT = ports[i]!;
  try {
    await probe(untrained(), store, { ...QUICK, seed }, { signal, rankTimeoutSeconds: 100 });
    errors.push({ name: "none", message: "" });
  } catch (error) {
    const { name, message } = error as Error;
    errors.push({ name, message });
  }
}
console.log(JSON.stringify(errors));
