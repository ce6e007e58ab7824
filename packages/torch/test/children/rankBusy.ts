// One rank that ends with the others, and computes without end instead of calling a collective. Arguments: what rank `who` does, who.
// kill: it is killed. error: it leaves because of one. leave: it leaves as it should, and the others go on until they are told to end.
import { once } from "node:events";
import { distributed as d } from "@duchenne/torch";

const [fate, who] = process.argv.slice(2);
const { rank } = d.initProcessGroup({ timeoutSeconds: 300, endsWithOthers: true });
d.barrier();
if (rank === Number(who)) {
  if (fate === "kill") process.kill(process.pid, "SIGKILL");
  d.destroyProcessGroup(fate === "error" ? "StoreError: clip 7 is damaged" : "");
} else if (fate === "leave") {
  await once(process.stdin, "data");
  d.destroyProcessGroup();
  process.stdin.destroy();
} else {
  // Never wakes: only another thread can end this process.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
