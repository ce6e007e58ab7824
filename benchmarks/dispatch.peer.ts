// Seconds per `a.add(b)` of one-element tensors, forgetting the result: the collector frees them.
import { configure, FAST, ones } from "@duchenne/torch";
import { answer } from "./answer.ts";

configure({ ...FAST, threads: 2 });
const a = ones([1]);
const b = ones([1]);

await answer((request) => {
  const start = performance.now();
  for (let i = 0; i < Number(request); i++) a.add(b);
  return (performance.now() - start) / 1000 / Number(request);
});
