// 20,000 tensors of 1 MB, none disposed, in a loop that never yields. Prints by how many bytes the process grew at most.
import { liveTensors, ones } from "@duchenne/torch";

ones([1 << 18]).dispose();
const before = process.memoryUsage().rss;
let most = 0;
for (let i = 0; i < 20_000; i++) {
  ones([1 << 18]);
  if (i % 50 === 0) most = Math.max(most, process.memoryUsage().rss - before);
}
console.log(JSON.stringify({ growth: most, live: liveTensors() }));
