/** Writes modules as ONNX nodes. */
import { nn, scope, type Tensor } from "@duchenne/torch";
import { foldBatchNorm } from "../../../ssl/backbones/folded.ts";
import { Residual } from "../../../ssl/backbones/residual.ts";
import { ExportError } from "./errors.ts";
import type { Graph } from "./graph.ts";

/** The graph to write into, and the names of the weights. */
export interface Target {
  readonly graph: Graph;
  /** State-dict name of a module that has weights. */
  readonly nameOf: (module: nn.AnyModule) => string;
}

type Write<M> = (module: M, x: string, target: Target) => string;
type Row = readonly [kind: abstract new (...given: never[]) => nn.Module, write: Write<nn.Module>];

const row = <M extends nn.Module>(kind: abstract new (...given: never[]) => M, write: Write<M>): Row => [
  kind,
  write as Write<nn.Module>,
];

/** Kinds of modules that can be written; a new kind is a line here. `writeChain` writes BatchNorm2d. */
const MODULES: readonly Row[] = [
  row(nn.Conv2d, (module, x, target) => writeConvolution(module, module.weight, module.bias, x, target)),
  row(nn.Linear, writeLinear),
  row(nn.ReLU, (_, x, { graph }) => graph.node("Relu", [x])),
  row(nn.MaxPool2d, writeMaxPool),
  row(nn.AdaptiveAvgPool2d, writeMeanPool),
  // Dropout does nothing in evaluation mode.
  row(nn.Dropout, (_, x) => x),
  row(nn.Sequential, ({ layers }, x, target) => writeChain(layers, x, target)),
  row(Residual, writeResidual),
];

/**
 * Writes modules that are applied one after the other, in evaluation mode. A BatchNorm2d is folded into the convolution before it.
 * @param x name of the input   @returns name of the output
 * @throws ExportError for a kind of module that is not in the table
 */
export function writeChain(modules: readonly nn.Module[], x: string, target: Target): string {
  let value = x;
  for (let i = 0; i < modules.length; i++) {
    const [module, next] = [modules[i]!, modules[i + 1]];
    if (module instanceof nn.Conv2d && next instanceof nn.BatchNorm2d) {
      value = writeFolded(module, next, value, target);
      i += 1;
    } else value = write(module, value, target);
  }
  return value;
}

function write(module: nn.Module, x: string, target: Target): string {
  const found = MODULES.find(([kind]) => module instanceof kind);
  if (found) return found[1](module, x, target);
  const kinds = MODULES.map(([kind]) => kind.name).join(", ");
  const remedy =
    "Build the network of these kinds, with BatchNorm2d right after a Conv2d; a class that extends `Residual` of duchenne/ssl has a shortcut.";
  throw new ExportError("network", `modules of these kinds: ${kinds}`, module.constructor.name, remedy);
}

const pair = (value: nn.Pair): readonly [number, number] =>
  typeof value === "number" ? [value, value] : value;
const pads = (padding: nn.Pair): number[] => [...pair(padding), ...pair(padding)];

function writeConvolution(
  module: nn.Conv2d,
  weight: Tensor,
  bias: Tensor | null,
  x: string,
  { graph, nameOf }: Target,
): string {
  const name = nameOf(module);
  const inputs = [x, graph.weight(`${name}.weight`, weight)];
  if (bias) inputs.push(graph.weight(`${name}.bias`, bias));
  const { kernelSize, stride, padding, dilation, groups: group } = module;
  return graph.node("Conv", inputs, {
    kernel_shape: pair(kernelSize),
    strides: pair(stride),
    pads: pads(padding),
    dilations: pair(dilation),
    group,
  });
}

function writeFolded(module: nn.Conv2d, norm: nn.BatchNorm2d, x: string, target: Target): string {
  return scope(() => {
    const { weight, bias } = foldBatchNorm(module, norm);
    return writeConvolution(module, weight, bias, x, target);
  });
}

function writeLinear(module: nn.Linear, x: string, { graph, nameOf }: Target): string {
  const name = nameOf(module);
  const inputs = [x, graph.weight(`${name}.weight`, module.weight)];
  if (module.bias) inputs.push(graph.weight(`${name}.bias`, module.bias));
  return graph.node("Gemm", inputs, { transB: 1 });
}

function writeMaxPool({ kernelSize, stride, padding }: nn.MaxPool2d, x: string, { graph }: Target): string {
  const shape = { kernel_shape: pair(kernelSize), strides: pair(stride), pads: pads(padding) };
  return graph.node("MaxPool", [x], shape);
}

function writeMeanPool({ outputSize }: nn.AdaptiveAvgPool2d, x: string, { graph }: Target): string {
  const [height, width] = pair(outputSize);
  if (height === 1 && width === 1) return graph.node("GlobalAveragePool", [x]);
  const remedy = "Use AdaptiveAvgPool2d(1).";
  throw new ExportError(
    "network",
    "an average over the whole image",
    `an average to ${height} x ${width}`,
    remedy,
  );
}

function writeResidual({ steps, downsample }: Residual, x: string, target: Target): string {
  const residual = writeChain(steps, x, target);
  const shortcut = downsample ? write(downsample, x, target) : x;
  return target.graph.node("Relu", [target.graph.node("Add", [residual, shortcut])]);
}
