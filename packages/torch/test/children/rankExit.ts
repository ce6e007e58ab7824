// One rank ends without leaving its group; the other, told to, goes on after it. Arguments: which rank ends, how (throws, exits, survives: an
// error that its own handler takes, then exits), and what the other does (reduces: prints the error; fails, leaves: because of an error of
// its own, or without one).
import { once } from "node:events";
import { distributed as d, ones } from "@duchenne/torch";

const [who, end, then] = process.argv.slice(2);
const { rank } = d.initProcessGroup({ timeoutSeconds: 300 });
d.barrier();
if (rank === Number(who)) {
  if (end === "throws") throw new RangeError("clip 7 is damaged");
  if (end === "survives") {
    process.once("uncaughtException", () => setImmediate(() => process.exit(0)));
    throw new RangeError("handled");
  }
  process.exit(0);
}
await once(process.stdin, "data");
process.stdin.destroy();
try {
  while (then === "reduces") d.allReduce(ones([1000]));
  d.destroyProcessGroup(then === "fails" ? "StoreError: clip 8 is damaged" : "");
} catch (error) {
  console.log(JSON.stringify((error as Error).message));
}
