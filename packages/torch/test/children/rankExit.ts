// Rank 1 ends without leaving its group; rank 0 hears why, or leaves after it. Arguments: how rank 1 ends (throws, exits), and what rank 0 does
// then (reduces; leaves: because of an error of its own, once it is told to, and prints the seconds that this took).
import { once } from "node:events";
import { distributed as d, ones } from "@duchenne/torch";

const [end, then] = process.argv.slice(2);
const { rank } = d.initProcessGroup({ timeoutSeconds: 300 });
d.barrier();
if (rank === 1) {
  if (end === "throws") throw new RangeError("clip 7 is damaged");
  process.exit(0);
}
if (then === "leaves") {
  await once(process.stdin, "data");
  process.stdin.destroy();
  const begun = performance.now();
  d.destroyProcessGroup("StoreError: clip 8 is damaged");
  console.log((performance.now() - begun) / 1000);
} else {
  try {
    for (;;) d.allReduce(ones([1000]));
  } catch (error) {
    console.log(JSON.stringify((error as Error).message));
  }
}
