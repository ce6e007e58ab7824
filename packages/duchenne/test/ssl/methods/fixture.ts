import { Generator, ones, ops, randn, scope, type Tensor } from "@duchenne/torch";
import type { MethodName, PretrainConfig } from "../../../src/ssl/config/config.ts";
import { PRESETS } from "../../../src/ssl/config/presets.ts";
import { GEOMETRY_LENGTH } from "../../../src/ssl/features/expressionGeometry.ts";
import { l2Normalize } from "../../../src/ssl/losses/embeddings.ts";
import { buildMethod, type Method, type MethodContext } from "../../../src/ssl/methods/index.ts";
import { type Layout, rowCount } from "../../../src/ssl/sampling/batch.ts";
import { methodFromConfig } from "../../../src/ssl/valuesFromConfig.ts";
import type { ViewBatch } from "../../../src/ssl/views/viewBatch.ts";

export const METHOD_NAMES: readonly MethodName[] = ["ssl-fer", "simclr", "moco-v2", "byol"];

export const FEATURE_LENGTH = 6;

const QUIET = { swapped: 0, swapSkipped: 0, maskSkipped: 0 };

/** What the tests build a method from. */
export type BuildSettings = PretrainConfig & MethodContext;

/** The method that settings name, on the CPU. */
export function build({ featureLength, people = 0, ...config }: BuildSettings): Method {
  return buildMethod(methodFromConfig(config), { seed: config.seed, featureLength, people }, "cpu");
}

/** The tiny backbone with small heads; components off. */
export function settings(method: MethodName, changed: Partial<BuildSettings> = {}): BuildSettings {
  return {
    ...PRESETS.paper.settings,
    method,
    arch: "tiny",
    temperature: 0.2,
    decoupled: false,
    projectionSize: 8,
    queueSize: 20,
    mocoMomentum: 0.9,
    byolMomentum: 0.9,
    byolHiddenSize: 16,
    maskFn: false,
    maskFnCount: 1,
    maskFnWeight: 0.8,
    maskFnRule: "paper",
    hardNeg: false,
    hardNegWeight: 1,
    cutMix: false,
    featureLength: FEATURE_LENGTH,
    people: 9,
    seed: 5,
    ...changed,
  };
}

/** Everything that SSL-FER can learn beside the contrast of embeddings. */
export const FURTHER_HEADS = { maskFnFeature: "both", geometryWeight: 1, adversaryWeight: 0.5 } as const;

/** A batch of noise, the same for the same seed. */
export function noiseViews(clips: number, layout: Layout, seed = 1, size = 16): ViewBatch {
  const generator = Generator.seeded(seed);
  const rows = rowCount({ clips, layout });
  return {
    images: randn([rows, 3, size, size], { generator }).contiguous("channelsLast"),
    clips,
    layout,
    features: l2Normalize(randn([rows, FEATURE_LENGTH], { generator })),
    hasFeature: ones([rows], { dtype: "bool" }),
    geometry: {
      values: randn([rows, GEOMETRY_LENGTH], { generator }),
      has: ones([rows], { dtype: "bool" }),
    },
    counts: QUIET,
  };
}

/** Copies of a network's tensors by name. */
export function snapshot(state: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  return new Map([...state].map(([name, tensor]) => [name, tensor.detach().clone()]));
}

/** Names whose tensors differ in any bit. */
export function differing(a: ReadonlyMap<string, Tensor>, b: ReadonlyMap<string, Tensor>): string[] {
  return [...a].filter(([name, tensor]) => !ops.equal(tensor, b.get(name)!)).map(([name]) => name);
}

/** The largest difference between two tensors, relative to the second's largest entry; on the tensors' device, they are large. */
export function relativeDifference(received: Tensor, expected: Tensor): number {
  return scope(() => {
    const largest = Math.max(expected.abs().max().item(), Number.MIN_VALUE);
    return received.sub(expected).abs().max().item() / largest;
  });
}

/** The parameters' gradients by name, which are none afterwards. */
export function gradients({ network }: Method): Map<string, Tensor> {
  const found = new Map<string, Tensor>();
  for (const [name, parameter] of network.namedParameters())
    if (parameter.grad) found.set(name, parameter.grad.clone());
  network.zeroGrad();
  return found;
}
