// One rank that reduces without end, until one of them fails; prints the error as JSON. Arguments: fault, who has it, timeout,
// after how many reductions.
import { once } from "node:events";
import { distributed as d, ones, setThreads } from "@duchenne/torch";

const [fault, who, timeout, reductions = "50"] = process.argv.slice(2);
setThreads(1);
ones([1]); // loads libtorch
process.send?.("ready");
if (process.send) await once(process, "message");
process.disconnect?.();
try {
  const { rank } = d.initProcessGroup({ timeoutSeconds: Number(timeout) });
  const x = ones([100_000]);
  console.error("joined");
  for (let n = 0; ; n++) {
    if (rank === Number(who) && n === Number(reductions)) {
      if (fault === "kill") process.kill(process.pid, "SIGKILL");
      if (fault === "stop") process.kill(process.pid, "SIGSTOP");
      if (fault === "error") {
        d.destroyProcessGroup("StoreError: clip 7 is damaged");
        break;
      }
    }
    d.allReduce(x, "max");
  }
} catch (error) {
  const { name, message, peers, rank, masterPort, timeoutSeconds } = error as d.ProcessGroupError;
  console.log(
    JSON.stringify({ name, message, peers, rank, masterPort, timeoutSeconds, left: !d.isInitialized() }),
  );
  process.exitCode = 1;
}
