// One rank of several: SyncBatchNorm over its rows against BatchNorm over all rows, in float64; largest relative L2 errors.
import {
  distributed as d,
  Generator,
  grad,
  nn,
  ops,
  randn,
  setThreads,
  type Tensor,
  tensor,
} from "@duchenne/torch";

setThreads(1);
const { rank, worldSize } = d.initProcessGroup({ timeoutSeconds: 100 });
const parts = Array.from({ length: worldSize }, (_, r) => r + 2); // rows of each rank
const start = parts.slice(0, rank).reduce((a, b) => a + b, 0);
const rows = parts.reduce((a, b) => a + b, 0);
const random = Generator.seeded(3);
const errors: Record<string, number> = {};

const length = (t: Tensor): number => Math.sqrt(Number(t.mul(t).sum().item()));
const relative = (a: Tensor, b: Tensor): number => length(a.sub(b)) / Math.max(length(b), 1e-300);

function compare(name: string, shape: number[], make: () => nn.BatchNorm2d, channelsLast = false): void {
  const draw = (size: number[]) => randn(size, { generator: random }).to({ dtype: "float64" });
  const [x, weights] = [
    draw([rows, ...shape])
      .mul(3)
      .add(1),
    draw([rows, ...shape]),
  ];
  const [gamma, beta] = [draw([shape[0]!]), draw([shape[0]!])];
  const run = (norm: nn.BatchNorm2d, input: Tensor, by: Tensor) => {
    norm.to({ dtype: "float64" });
    norm.loadStateDict(new Map([...norm.stateDict(), ["weight", gamma], ["bias", beta]]));
    const leaf = (channelsLast ? input.contiguous("channelsLast") : input.contiguous())
      .detach()
      .requiresGrad_();
    const y = norm.call(leaf) as Tensor;
    return { y, gradients: grad([y.mul(by).sum()], [leaf, norm.weight, norm.bias]) as Tensor[] };
  };
  const own = (all: Tensor) => all.at([start, start + parts[rank]!]);
  const whole = make();
  const part = nn.synchronizeBatchNorm(make());
  const expected = run(whole, x, weights);
  const received = run(part, own(x), own(weights));
  d.allReduce(received.gradients[1]!);
  d.allReduce(received.gradients[2]!);
  errors[name] = Math.max(
    relative(received.y, own(expected.y)),
    relative(received.gradients[0]!, own(expected.gradients[0]!)),
    relative(received.gradients[1]!, expected.gradients[1]!),
    relative(received.gradients[2]!, expected.gradients[2]!),
    relative(part.runningMean, whole.runningMean),
    relative(part.runningVar, whole.runningVar),
    Math.abs(Number(part.numBatchesTracked.item()) - 1),
  );
}
compare("2d", [3, 4, 5], () => new nn.BatchNorm2d(3));
compare("channels last", [3, 4, 5], () => new nn.BatchNorm2d(3), true);
compare("1d", [6], () => new nn.BatchNorm1d(6) as never);
compare("sequence", [6, 3], () => new nn.BatchNorm1d(6) as never);
const evaluated = nn.synchronizeBatchNorm(new nn.BatchNorm2d(3)).eval();
const same = evaluated.call(ops.ones([1, 3, 1, 1])) as Tensor;
errors.evaluation = relative(
  same.to({ dtype: "float64" }),
  tensor([1 / Math.sqrt(1 + 1e-5)], { dtype: "float64" }).expand([1, 3, 1, 1]),
);
console.log(JSON.stringify(errors));
d.destroyProcessGroup();
