// 50 short-lived workers after 10 to warm up. Prints by how many bytes the process grew, and what tensors hold.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { configure, memoryUse } from "../../dist/index.js";

configure({ allocator: "keep" });
memoryUse(); // loads libtorch, before any worker does

async function work(seed) {
  const worker = new Worker(new URL("trainer.mjs", import.meta.url), { workerData: { seed, steps: 5 } });
  const [[{ losses }]] = await Promise.all([once(worker, "message"), once(worker, "exit")]);
  return losses.length;
}

for (let i = 0; i < 10; i++) await work(i);
const before = process.memoryUsage().rss;
let steps = 0;
for (let i = 0; i < 50; i++) steps += await work(i);
const growth = process.memoryUsage().rss - before;
console.log(JSON.stringify({ steps, growth, allocatedBytes: memoryUse().allocatedBytes }));
