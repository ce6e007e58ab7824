// Modes, and gradients as values.
import { operatorError } from "./dispatch.ts";
import type { Dtype } from "./dtype.ts";
import { ArgumentError, disposedTensor, ShapeError, TorchError } from "./errors.ts";
import { native } from "./native.ts";
import { reserve, tape } from "./tape.ts";
import { Tensor } from "./tensor.ts";

function withGradMode<T>(where: string, enabled: boolean, closure: () => T): T {
  const previous = native.setGradEnabled(enabled);
  try {
    return synchronous(where, closure());
  } finally {
    native.setGradEnabled(previous);
  }
}

function synchronous<T>(where: string, result: T): T {
  if (result instanceof Promise)
    throw new TorchError(
      `${where}: expected a synchronous closure, received a promise. Await outside the closure, and pass the result in.`,
    );
  return result;
}

/** Runs a closure without recording: nothing in it can be differentiated, and no graph holds memory. */
export function noGrad<T>(closure: () => T): T {
  return withGradMode("noGrad", false, closure);
}

/** Records again inside a `noGrad`. */
export function enableGrad<T>(closure: () => T): T {
  return withGradMode("enableGrad", true, closure);
}

/** Whether operations are recorded at the moment. */
export function isGradEnabled(): boolean {
  return native.gradEnabled();
}

/** Where `autocast` computes in a shorter type, and in which. */
export interface AutocastOptions {
  /** `cpu` or `cuda`. */
  device: "cpu" | "cuda";
  /** Default bfloat16, the one type both devices take. */
  dtype?: Dtype;
}

/**
 * Runs a closure with matrix products and convolutions in a shorter type, the rest in float32, as libtorch's autocast
 * decides per operator.
 */
export function autocast<T>({ device, dtype = "bfloat16" }: AutocastOptions, closure: () => T): T {
  // libtorch 1.13 refuses other types; later ones would take them and cast to them.
  const code = ["bfloat16", "float16"].includes(dtype) ? native.dtypeFromName(dtype) : -1;
  if (code < 0)
    throw new ArgumentError("autocast", "dtype", "bfloat16 or float16", dtype, "Use bfloat16 on a CPU.");
  const deviceType = ["cpu", "cuda"].includes(device) ? native.deviceTypeFromName(device) : -1;
  if (deviceType < 0)
    throw new ArgumentError(
      "autocast",
      "device",
      "cpu or cuda",
      device,
      "Use the kind of the tensors' device, without its number.",
    );
  if (!native.setAutocast(deviceType, true, code)) throw operatorError("autocast", [device, dtype]);
  const [enabled, previous] = [tape[0] !== 0, tape[1]!];
  native.enterAutocast();
  try {
    return synchronous("autocast", closure());
  } finally {
    native.leaveAutocast();
    native.setAutocast(deviceType, enabled, previous);
  }
}

/** How `grad` treats the recorded graph. */
export interface GradOptions {
  /** One per output, of its shape; null or left out means ones, for a single element. */
  outputGradients?: readonly (Tensor | null)[];
  retainGraph?: boolean;
  /** Record, so that the gradients can be differentiated again. */
  createGraph?: boolean;
  /** Give null instead of failing for an input the outputs do not depend on. */
  allowUnused?: boolean;
}

/**
 * Gradients of outputs with respect to inputs, returned instead of accumulated.
 * @returns one per input, of its shape; null for unused ones where allowed
 * @throws OperatorError as libtorch does: no graph, a graph already freed, an unused input
 */
export function grad(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  const { outputGradients = [], createGraph = false, allowUnused = false } = options;
  if (outputGradients.length > 0 && outputGradients.length !== outputs.length)
    throw new ShapeError(
      "grad: outputGradients",
      `${outputs.length}, one per output`,
      String(outputGradients.length),
      "Pass one per output, null for a gradient of 1.",
    );
  const slots = [
    ...outputs.map(slotOf),
    ...outputs.map((_, i) => (outputGradients[i] ? slotOf(outputGradients[i]) : -1)),
    ...inputs.map(slotOf),
  ];
  reserve(slots.length);
  tape.set(slots);
  const retain = options.retainGraph ?? createGraph;
  if (!native.gradients(outputs.length, inputs.length, retain, createGraph, allowUnused))
    throw operatorError("grad", [outputs, inputs]);
  return Array.from(tape.subarray(0, inputs.length)).map((slot) => (slot < 0 ? null : new Tensor(slot)));
}

function slotOf(tensor: Tensor): number {
  if (tensor.isDisposed) throw disposedTensor("grad", "tensors", tensor.slot);
  return tensor.slot;
}
