// A thread computes before the one that called configure does. Prints what holds in each.
import { once } from "node:events";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { configure, memoryUse, tensor } from "../../dist/index.js";

const state = () => ({
  denormal: tensor(Float32Array.of(1e-40)).mul(1).item(),
  keeps: memoryUse().reservedBytes > 0,
});

if (isMainThread) {
  configure({ allocator: "keep", flushDenormals: true });
  const [worker] = await once(new Worker(new URL(import.meta.url)), "message");
  console.log(JSON.stringify({ worker, main: state() }));
} else parentPort.postMessage(state());
