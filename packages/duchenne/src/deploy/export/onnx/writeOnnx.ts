import { EMBEDDING, HEADS, type Head, INPUT } from "@duchenne/predict";
import type { nn } from "@duchenne/torch";
import type { Backbone } from "../../../ssl/backbones/index.ts";
import { Graph } from "./graph.ts";
import { writeChain } from "./modules.ts";
import type { Precision } from "./proto.ts";

/** A backbone with the predictors that stand on its features. */
export interface Network {
  readonly backbone: Backbone;
  readonly heads: readonly NetworkHead[];
}

export interface NetworkHead {
  readonly head: Head;
  /** [n, features] to [n, outputs] */
  readonly predictor: nn.Module;
  readonly outputs: number;
}

/**
 * A network as an ONNX file: `pixel_values` [batch, 3, size, size] to `embedding` [batch, features] and what the heads say.
 * @param size side of the input, pixels   @param precision of the weights; inputs and outputs are float32 always
 * @throws ExportError for a module that ONNX has no row for
 */
export function writeOnnx(
  { backbone, heads }: Network,
  size: number,
  precision: Precision,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const graph = new Graph(precision);
  const names = new Map<nn.AnyModule, string>();
  const remember = (prefix: string, root: nn.AnyModule) => {
    for (const [name, module] of root.namedModules(prefix)) names.set(module, name);
  };
  remember("backbone", backbone);
  for (const { head, predictor } of heads) remember(head, predictor);
  const target = { graph, nameOf: (module: nn.AnyModule) => names.get(module)! };
  const image = graph.input(INPUT, ["batch", 3, size, size]);
  const features = graph.node("Flatten", [writeChain(backbone.layers, image, target)], { axis: 1 });
  graph.output(EMBEDDING, features, ["batch", backbone.features]);
  for (const { head, predictor, outputs } of heads)
    graph.output(HEADS[head], writeChain([predictor], features, target), ["batch", outputs]);
  return graph.encode("duchenne", metadata);
}
