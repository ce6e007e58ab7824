// One rank of several: what each collective gives, as JSON.
import { distributed as d, grad, nn, ops, setThreads, tensor } from "@duchenne/torch";

setThreads(1);
const failures: Record<string, string> = {};
function failing(name: string, call: () => unknown): void {
  try {
    call();
  } catch (error) {
    failures[name] = `${(error as Error).name}: ${(error as Error).message}`;
  }
}
failing("before", () => d.barrier());
const group = d.initProcessGroup({ timeoutSeconds: 100 });
const { rank } = group;
failing("twice", () => d.initProcessGroup());
const matrix = tensor([
  [1 + rank, 2],
  [3, 4 + rank],
]);
const column = matrix.clone();
d.allReduce(column.at([], [0, 1])); // with gaps in memory
const later = tensor([rank, 10]);
const work = d.allReduceAsync(later, "max");
work.wait();
work.wait();
const root = tensor([rank === 1 ? 7 : 0]);
d.broadcast(root, 1);
failing("root", () => d.broadcast(root, group.worldSize));
failing("dtype", () => d.allReduce(tensor([true])));
failing("reduction", () => d.allReduce(root, "avg" as never));
failing("gaps", () => d.allReduceAsync(matrix.at([], [0, 1])));
const many = [3, 5, 700_000].map((n) => ops.full([n], rank + 1, { dtype: "float32" }));
const layout = ops.full([2, 3, 2, 2], rank, { dtype: "float32" }).contiguous("channelsLast");
d.sumInBuckets([...many, layout], 2 ** 20);
// Autograd must notice that what it saved has been overwritten.
const leaf = tensor([2], { requiresGrad: true });
const saved = leaf.mul(1);
const square = saved.mul(saved);
d.allReduce(saved);
failing("version", () => grad([square.sum()], [leaf]));
const uneven = d.allGatherRows(ops.full([rank + 1, 2], rank, { dtype: "float32" }));
d.barrier();
const one = new nn.SyncBatchNorm(2);
one.call(tensor([[rank, 2 * rank]]));
console.log(
  JSON.stringify({
    sum: d.allReduce(matrix).toArray(),
    column: column.toArray(),
    max: later.toArray(),
    root: root.item(),
    gathered: d.allGather(tensor([rank, -rank])).toArray(),
    uneven: uneven.toArray(),
    texts: d.allGatherText(`größe ${"x".repeat(rank)}`),
    buckets: [...many, layout].map((t) => [t.mean().item(), t.shape.length]),
    running: one.runningMean.toArray(),
    failures,
  }),
);
d.destroyProcessGroup();
d.destroyProcessGroup();
