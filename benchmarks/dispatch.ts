/** What one call costs: a one-element add whose result is forgotten, so with the freeing of forgotten tensors at work. */
import { median, print } from "./line.ts";
import { ours, pythonWithTorch, reference } from "./peer.ts";

const CALLS = 300_000;
const ROUNDS = 11;

const python = pythonWithTorch();
const us = ours("dispatch.peer.ts");
const them = python ? reference(python, "dispatch.py") : undefined;
const [mine, theirs]: [number[], number[]] = [[], []];
for (let round = -2; round < ROUNDS; round++) {
  const times = [await us.ask(String(CALLS)), them ? await them.ask(String(CALLS)) : Number.NaN];
  if (round < 0) continue; // the first rounds warm up
  mine.push(times[0]! * 1e6);
  theirs.push(times[1]! * 1e6);
}
us.end();
them?.end();
print(
  {
    bench: "dispatch",
    case: "one-element add",
    unit: "us",
    ours: median(mine),
    reference: them ? median(theirs) : null,
    referenceName: "python",
  },
  "less",
);
