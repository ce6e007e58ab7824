// One process of several that train together, or one alone. Arguments: threads, steps. Rank 0 prints JSON on its last line.
import { configure, distributed, FAST, Generator, ops, randn, scope, tensor } from "@duchenne/torch";
import { resolveConfig } from "../packages/duchenne/src/ssl/config/resolveConfig.ts";
import { rowCount, rowsOfShare } from "../packages/duchenne/src/ssl/sampling/batch.ts";
import { contrastiveBackward, sumGradients } from "../packages/duchenne/src/ssl/train/gradient.ts";
import { Learner } from "../packages/duchenne/src/ssl/train/learner.ts";
import { valuesFromConfig } from "../packages/duchenne/src/ssl/valuesFromConfig.ts";
import type { ViewBatch } from "../packages/duchenne/src/ssl/views/viewBatch.ts";

const [threads, steps] = process.argv.slice(2).map(Number) as [number, number];
configure({ ...FAST, threads });
const group = distributed.launchedRank() ? distributed.initProcessGroup({ timeoutSeconds: 120 }) : undefined;
const share = group && { rank: group.rank, worldSize: group.worldSize };
const config = resolveConfig({ preset: "tiny", method: "simclr", arch: "resnet18", size: 64, batch: 32 });
const { method, optimizer } = valuesFromConfig(config);
const learner = new Learner({
  ...{ method, optimizer, featureLength: 6, seed: 0, device: "cpu" },
  ...{ autocast: false, microBatch: null, syncBatchNorm: true },
});
const shape = { clips: config.batch, layout: "pairs" } as const;
const rows = rowCount(shape);
const all = randn([rows, 3, 64, 64], { generator: Generator.seeded(0) });
const own = tensor(BigInt64Array.from(rowsOfShare(shape, share), BigInt));
const views: ViewBatch = {
  images: ops.indexSelect(all, 0, own).contiguous("channelsLast"),
  features: ops.zeros([rows, 6], { dtype: "float32" }),
  hasFeature: ops.zeros([rows], { dtype: "bool" }),
  counts: { swapped: 0, swapSkipped: 0, maskSkipped: 0 },
  ...shape,
  ...(share && { share }),
};
const parameters = learner.method.network.parameters().filter((parameter) => parameter.requiresGrad);

let reduceMs = 0;
function step(): void {
  scope(() => {
    learner.optimizer.zeroGrad();
    const gradient = contrastiveBackward(learner.method, views, null);
    gradient.loss.item();
    const begun = performance.now();
    if (share) sumGradients(parameters);
    reduceMs += performance.now() - begun;
    learner.update(1e-3, gradient, views, 0);
  });
}
step();
if (group) distributed.barrier();
reduceMs = 0;
const start = performance.now();
for (let i = 0; i < steps; i++) step();
const elapsedMs = performance.now() - start;

/** The gradients alone, all ranks in step: how fast the link is; and one number, how soon. */
function link(): { bytes: number; ms: number; latencyMs: number } | undefined {
  if (!group) return undefined;
  const gradients = parameters.map((parameter) => parameter.grad!);
  const bytes = 4 * gradients.reduce((sum, { numel }) => sum + numel, 0);
  const best = (work: () => void) =>
    Math.min(
      ...Array.from({ length: 8 }, () => {
        distributed.barrier();
        const begun = performance.now();
        work();
        return performance.now() - begun;
      }),
    );
  const one = tensor([0]);
  return {
    bytes,
    ms: best(() => distributed.sumInBuckets(gradients)),
    latencyMs: best(() => distributed.allReduce(one)),
  };
}
const measured = link();
if (!group || group.rank === 0)
  console.log(
    JSON.stringify({
      imagesPerSecond: (1000 * rows * steps) / elapsedMs,
      stepMs: elapsedMs / steps,
      reduceMs: reduceMs / steps,
      link: measured,
    }),
  );
distributed.destroyProcessGroup();
