// Workers ended in the middle of their work, at ever other moments: while loading, in an operator, in a backward pass, in
// an error. Then this thread must still compute. Its end comes while a worker is at work.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { liveTensors, ones, scope } from "../../dist/index.js";

const start = () =>
  new Worker(new URL("trainer.mjs", import.meta.url), { workerData: { seed: 1, steps: 1, endless: true } });

let ended = 0;
for (let i = 0; i < 24; i++) {
  const workers = [start(), start()];
  await sleep(i * 12);
  ended += (await Promise.all(workers.map((worker) => worker.terminate()))).length;
}
const last = start();
await once(last, "message");
const sum = scope(() => ones([3]).sum().item());
console.log(JSON.stringify({ ended, sum, live: liveTensors() }));
process.exit(0);
