// One rank of several: the share's gradient, summed over all, against the whole batch's in one process. Prints the largest relative
// L2 differences by case, as JSON.
import {
  type Dtype,
  distributed,
  Generator,
  nn,
  noGrad,
  ops,
  randn,
  setThreads,
  type Tensor,
  tensor,
} from "@duchenne/torch";
import type { MethodName } from "../../../../src/ssl/config/config.ts";
import { resolveConfig } from "../../../../src/ssl/config/resolveConfig.ts";
import { GEOMETRY_LENGTH } from "../../../../src/ssl/features/expressionGeometry.ts";
import type { Method } from "../../../../src/ssl/methods/index.ts";
import { type BatchShare, type Layout, rowCount, rowsOfShare } from "../../../../src/ssl/sampling/batch.ts";
import { ProgressCurriculum } from "../../../../src/ssl/train/curriculum.ts";
import { contrastiveBackward, sumGradients } from "../../../../src/ssl/train/gradient.ts";
import { Learner } from "../../../../src/ssl/train/learner.ts";
import { Ranks } from "../../../../src/ssl/train/ranks.ts";
import { valuesFromConfig } from "../../../../src/ssl/valuesFromConfig.ts";
import type { ViewBatch } from "../../../../src/ssl/views/viewBatch.ts";
import {
  type BuildSettings,
  build,
  FEATURE_LENGTH,
  FURTHER_HEADS,
  METHOD_NAMES,
  settings,
} from "../../methods/fixture.ts";

setThreads(1);
const { rank, worldSize } = distributed.initProcessGroup({ timeoutSeconds: 300 });
const share: BatchShare = { rank, worldSize };
const CLIPS = 8;

/** A batch of noise with features and CutMix; row order as in a run. */
function views(layout: Layout, seed: number, dtype: Dtype): ViewBatch {
  const generator = Generator.seeded(seed);
  const rows = rowCount({ clips: CLIPS, layout });
  const half = rows / 2;
  const features = randn([rows, FEATURE_LENGTH], { generator }).to({ dtype });
  return {
    images: randn([rows, 3, 16, 16], { generator }).to({ dtype }).contiguous("channelsLast"),
    features: features.div(features.mul(features).sum(1, true).sqrt()),
    hasFeature: ops.ge(randn([rows], { generator }), -1),
    geometry: {
      values: randn([rows, GEOMETRY_LENGTH], { generator }).to({ dtype }),
      has: ops.ge(randn([rows], { generator }), -1),
    },
    mix: {
      partner: ops.remainder(ops.arange(0, half, 1, { dtype: "int64" }).add(3), half),
      kept: ops.rand([half], { generator }).to({ dtype }),
    },
    counts: { swapped: 0, swapSkipped: 0, maskSkipped: 0 },
    ...{ clips: CLIPS, layout },
  };
}

function ownPart(whole: ViewBatch): ViewBatch {
  const rows = tensor(BigInt64Array.from(rowsOfShare(whole, share), BigInt));
  return { ...whole, share, images: ops.indexSelect(whole.images, 0, rows).contiguous("channelsLast") };
}

const length = (t: Tensor): number => Math.sqrt(Number(t.mul(t).sum().item()));

function distance(received: readonly Tensor[], expected: readonly Tensor[]): number {
  let [difference, size] = [0, 0];
  expected.forEach((one, i) => {
    difference += length(received[i]!.sub(one)) ** 2;
    size += length(one) ** 2;
  });
  return Math.sqrt(difference / Math.max(size, 1e-300));
}

const gradientsOf = ({ network }: Method) => network.parameters().flatMap(({ grad }) => grad ?? []);
const buffersOf = ({ network }: Method) =>
  [...network.stateDict()]
    .filter(([name]) => /running_|queue|neighbours/.test(name))
    .map(([, value]) => value.to({ dtype: "float64" }));

const results: Record<string, { loss: number; gradient: number; buffers: number; count: number }> = {};

function compare(
  name: MethodName,
  layout: Layout,
  dtype: Dtype,
  training: boolean,
  microBatch: number | null,
  changed: Partial<BuildSettings> = {},
): void {
  const masking = name === "byol" ? {} : { hardNeg: layout === "quadruples", maskFn: true };
  const components = { ...masking, ...changed };
  const make = () => {
    const method = build(settings(name, components));
    method.network.to({ dtype });
    method.network.train(training);
    return method;
  };
  const [whole, part] = [make(), make()];
  nn.synchronizeBatchNorm(part.network);
  const batch = { ...views(layout, 7, dtype), persons: Int32Array.from({ length: CLIPS }, (_, i) => i % 3) };
  const own = ownPart(batch);
  if (changed.neighbourWeight !== undefined) fillQueues(whole, part, batch);
  const expected = contrastiveBackward(whole, batch, training ? null : microBatch);
  const received = contrastiveBackward(part, own, microBatch);
  sumGradients(part.network.parameters());
  noGrad(() => {
    whole.afterStep?.(expected.targets, batch, 0.5, expected.embeddings);
    part.afterStep?.(received.targets, own, 0.5, received.embeddings);
  });
  const [a, b] = [gradientsOf(part), gradientsOf(whole)];
  const named = Object.keys(changed);
  const key = [
    name,
    ...named,
    layout,
    dtype,
    training ? "training" : "evaluation",
    microBatch ?? "whole",
  ].join(" ");
  results[key] = {
    loss: Math.abs(Number(received.loss.item()) - Number(expected.loss.item())),
    gradient: distance(a, b),
    buffers: distance(buffersOf(part), buffersOf(whole)),
    count: a.length === b.length ? a.length : -1,
  };
}

/** Gives both the same earlier embeddings to find neighbours among. */
function fillQueues(whole: Method, part: Method, batch: ViewBatch): void {
  const { dtype } = batch.images;
  const earlier = randn([rowCount(batch), 8], { generator: Generator.seeded(9) }).to({ dtype });
  noGrad(() => {
    for (const method of [whole, part]) method.afterStep!(undefined, batch, 0, earlier);
  });
}

for (const name of METHOD_NAMES) {
  const layouts: Layout[] = name === "byol" ? ["pairs"] : ["pairs", "quadruples"];
  for (const layout of layouts) {
    compare(name, layout, "float64", true, null);
    compare(name, layout, "float32", false, null);
    compare(name, layout, "float64", false, 3);
  }
}
const neighbours = { neighbourWeight: 0.5, neighbourQueue: 24 };
compare("ssl-fer", "quadruples", "float64", true, null, neighbours);
compare("ssl-fer", "quadruples", "float64", false, 3, neighbours);
compare("ssl-fer", "quadruples", "float64", true, null, FURTHER_HEADS);
compare("ssl-fer", "quadruples", "float64", false, 3, FURTHER_HEADS);

/** 30 updates of a learner, each with views of its own. @returns its weights */
function learn(part: BatchShare | undefined): Tensor[] {
  const config = resolveConfig({
    preset: "tiny",
    method: "ssl-fer",
    faceSwap: false,
    size: 16,
    projectionSize: 8,
  });
  const { method, optimizer } = valuesFromConfig(config);
  const learner = new Learner({
    ...{ method, optimizer, featureLength: FEATURE_LENGTH, seed: 3, device: "cpu" },
    ...{ autocast: false, microBatch: null, syncBatchNorm: part !== undefined },
  });
  learner.method.network.to({ dtype: "float64" });
  for (let step = 0; step < 30; step++) {
    const whole = views("quadruples", 100 + step, "float64");
    const batch = part ? ownPart(whole) : whole;
    learner.update(1e-3, learner.backward(batch), batch, step / 30);
  }
  return [...learner.method.network.stateDict().values()].map((value) => value.to({ dtype: "float64" }));
}
const run = distance(learn(share), learn(undefined));

/** Strengths of a curriculum by progress: rank 0 solves the contrast, the others do not. */
function strengths(): number[] {
  const ranks = new Ranks(distributed.processGroup()!, false);
  const settings = { curriculum: "progress", curriculumFraction: 1, curriculumTop1: 0.5 } as const;
  const agree = (value: number) => ranks.valueOfFirst(value);
  const curriculum = new ProgressCurriculum(settings, 60, 0, undefined, agree);
  return Array.from({ length: 60 }, (_, step) => {
    const strength = curriculum.strengthOf(step);
    curriculum.add(step, { top1: tensor([rank === 0 ? 0.9 : 0.1]).mean() });
    return strength;
  });
}
console.log(JSON.stringify({ results, run, strengths: strengths() }));
distributed.destroyProcessGroup();
