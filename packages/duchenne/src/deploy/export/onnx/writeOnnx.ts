import { EMBEDDING, HEADS, type Head, INPUT } from "@duchenne/predict";
import type { nn } from "@duchenne/torch";
import type { Backbone } from "../../../ssl/backbones/index.ts";
import { ExportError } from "./errors.ts";
import { Graph } from "./graph.ts";
import { writeChain } from "./modules.ts";
import type { Precision } from "./proto.ts";

/** A backbone with the predictors of its features. */
export interface Network {
  readonly backbone: Backbone;
  readonly heads: readonly NetworkHead[];
  /** Whether outputs are means over the image and its mirror image. Default no. */
  readonly mirrored?: boolean;
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
 * @throws ExportError for a kind of module that has no ONNX form here, or for a backbone without `layers`
 */
export function writeOnnx(
  { backbone, heads, mirrored = false }: Network,
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
  const seen = mirrored ? withMirrorImage(graph, image, size) : image;
  const averaged = (value: string, width: number) => (mirrored ? meanOfBoth(graph, value, width) : value);
  const features = graph.node("Flatten", [writeChain(layersOf(backbone), seen, target)], { axis: 1 });
  graph.output(EMBEDDING, averaged(features, backbone.features), ["batch", backbone.features]);
  for (const { head, predictor, outputs } of heads) {
    const value = averaged(writeChain([predictor], features, target), outputs);
    graph.output(HEADS[head], value, ["batch", outputs]);
  }
  return graph.encode("duchenne", metadata);
}

/** @throws ExportError for a backbone whose `embed` alone is known */
function layersOf(backbone: Backbone): readonly nn.Module[] {
  if (backbone.layers) return backbone.layers;
  throw new ExportError(
    "network",
    "a backbone with `layers`, the modules that `embed` applies one after the other",
    `a ${backbone.constructor.name} without them`,
    "Give its class a field `layers`, or make it with `SequentialBackbone`.",
  );
}

/** Puts the mirror images of a batch after it: [batch, 3, h, w] to [2 · batch, 3, h, w]. */
function withMirrorImage(graph: Graph, image: string, size: number): string {
  const columns = graph.integers(
    "mirrored_columns",
    Array.from({ length: size }, (_, x) => size - 1 - x),
  );
  return graph.node("Concat", [image, graph.node("Gather", [image, columns], { axis: 3 })], { axis: 0 });
}

/** The mean over images and their mirror images: [2 · batch, width] to [batch, width]. */
function meanOfBoth(graph: Graph, value: string, width: number): string {
  const shape = graph.integers(`${value}_pairs`, [2, -1, width]);
  const axis = graph.integers(`${value}_axis`, [0]);
  return graph.node("ReduceMean", [graph.node("Reshape", [value, shape]), axis], { keepdims: 0 });
}
