// A group of one process, a second copy of the package beside it, and a worker thread.
import { Worker } from "node:worker_threads";
import { distributed as d, tensor } from "@duchenne/torch";

const built = new URL("../../dist/index.js", import.meta.url).href;
const { distributed: copy } = (await import(built)) as typeof import("@duchenne/torch");
const message = (call: () => unknown): string => {
  try {
    call();
    return "nothing thrown";
  } catch (error) {
    return (error as Error).message;
  }
};
d.initProcessGroup({ timeoutSeconds: 100 });
const program = `
  const { parentPort } = require("node:worker_threads");
  import(${JSON.stringify(built)}).then(({ dispatch }) => {
    try { dispatch("duchenne::barrier"); parentPort.postMessage("nothing thrown"); }
    catch (error) { parentPort.postMessage(error.message); }
  });`;
const worker = new Worker(program, { eval: true });
const inWorker = await new Promise((done) => worker.once("message", done));
await worker.terminate();
const second = message(() => copy.initProcessGroup({ timeoutSeconds: 100 }));
console.log(JSON.stringify({ second, inWorker, sum: d.allReduce(tensor([3])).item() }));
d.destroyProcessGroup();
