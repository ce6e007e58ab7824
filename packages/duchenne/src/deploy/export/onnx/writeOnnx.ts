import { EMBEDDING, HEADS, type Head, INPUT } from "@duchenne/predict";
import type { nn } from "@duchenne/torch";
import type { Backbone } from "../../../ssl/backbones/index.ts";
import { Graph } from "./graph.ts";
import { writeChain } from "./modules.ts";
import type { Precision } from "./proto.ts";

/** A backbone with the predictors of its features. */
export interface Network {
  readonly backbone: Backbone;
  readonly heads: readonly NetworkHead[];
}

/** A predictor of a model. */
export interface NetworkHead {
  readonly head: Head;
  /** [n, features] to [n, outputs] */
  readonly predictor: nn.Module;
  readonly outputs: number;
}

/**
 * Writes a network as ONNX: `pixel_values` [batch, 3, size, size] to `embedding` [batch, features] and an output per head.
 * @param size side of the input, pixels   @param precision of the weights; inputs and outputs are always float32
 * @returns content of the file
 * @throws ExportError for a kind of module that has no ONNX form here
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
