// Modules: named parameters, buffers and children, PyTorch's state-dict names, and one scope per call.
import { noGrad } from "../autograd.ts";
import type { Dtype } from "../dtype.ts";
import { TorchError } from "../errors.ts";
import * as ops from "../operators.ts";
import type { Device, MemoryFormat } from "../schema.ts";
import { keep, scope } from "../scope.ts";
import type { Tensor } from "../tensor.ts";

export interface Placement {
  device?: Device;
  /** Of floating-point parameters and buffers; integer ones keep theirs. */
  dtype?: Dtype;
  /** Of 4-dimensional parameters. */
  memoryFormat?: MemoryFormat;
}

/** What `loadStateDict` could not match. All empty when everything fitted. */
export interface LoadReport {
  /** In the module, not in the file. */
  missing: string[];
  /** In the file, not in the module. */
  unexpected: string[];
  /** In both, with other shapes. */
  mismatched: { name: string; expected: number[]; received: number[] }[];
}

/** The state does not fit the module; `report` lists every name. */
export class StateDictError extends TorchError {
  constructor(readonly report: LoadReport) {
    const lines = [
      ...report.missing.map((name) => `missing ${name}`),
      ...report.unexpected.map((name) => `unexpected ${name}`),
      ...report.mismatched.map(
        (m) => `${m.name}: expected [${m.expected.join(", ")}], received [${m.received.join(", ")}]`,
      ),
    ];
    super(
      `loadStateDict: ${lines.length} names do not fit:\n  ${lines.slice(0, 20).join("\n  ")}${lines.length > 20 ? "\n  …" : ""}`,
    );
  }
}

/**
 * Base of every network. A subclass registers what it owns, in PyTorch's order, and writes `forward`:
 *
 *     class Classifier extends Module<[Tensor], Tensor> {
 *       readonly fc = this.child("fc", new Linear(512, 8));
 *       forward(x: Tensor) { return this.fc.call(x.relu()); }
 *     }
 */
export abstract class Module<In extends unknown[] = [Tensor], Out = Tensor> {
  /** Whether Dropout drops and BatchNorm uses the batch's own statistics. Set by `train` and `eval`. */
  training = true;
  readonly #parameters = new Map<string, Tensor>();
  readonly #buffers = new Map<string, Tensor>();
  readonly #children = new Map<string, AnyModule>();

  /** What the module computes. Call `call`, which runs this in a scope of its own. */
  abstract forward(...input: In): Out;

  /** The forward pass; tensors it made and does not return are freed when it ends. */
  call(...input: In): Out {
    return scope(() => this.forward(...input));
  }

  /** Registers a trainable tensor. @returns the same tensor, requiring gradients, kept out of every scope */
  protected parameter(name: string, tensor: Tensor): Tensor {
    this.#parameters.set(name, keep(tensor.requiresGrad_()));
    return tensor;
  }

  /** Registers state that is saved but not trained. */
  protected buffer(name: string, tensor: Tensor): Tensor {
    this.#buffers.set(name, keep(tensor));
    return tensor;
  }

  protected child<M extends AnyModule>(name: string, module: M): M {
    this.#children.set(name, module);
    return module;
  }

  /** This module and all below it, parents first, by dotted name; this one's name is empty. */
  *namedModules(prefix = ""): Generator<[string, AnyModule]> {
    yield [prefix, this];
    for (const [name, child] of this.#children)
      yield* child.namedModules(prefix ? `${prefix}.${name}` : name);
  }

  /** Trainable tensors by state-dict name. */
  *namedParameters(): Generator<[string, Tensor]> {
    for (const [prefix, module] of this.namedModules())
      for (const [name, tensor] of module.#parameters) yield [prefix ? `${prefix}.${name}` : name, tensor];
  }

  *namedBuffers(): Generator<[string, Tensor]> {
    for (const [prefix, module] of this.namedModules())
      for (const [name, tensor] of module.#buffers) yield [prefix ? `${prefix}.${name}` : name, tensor];
  }

  parameters(): Tensor[] {
    return [...this.namedParameters()].map(([, tensor]) => tensor);
  }

  /** Parameters and buffers by PyTorch's names, in its order: the module's own tensors, not copies. */
  stateDict(): Map<string, Tensor> {
    const state = new Map<string, Tensor>();
    for (const [prefix, module] of this.namedModules())
      for (const [name, tensor] of [...module.#parameters, ...module.#buffers])
        state.set(prefix ? `${prefix}.${name}` : name, tensor);
    return state;
  }

  /**
   * Copies a state in, converting dtype and device.
   * @param strict throw, changing nothing, unless every name and shape fits. Default true; false loads what fits
   * @throws StateDictError
   */
  loadStateDict(state: ReadonlyMap<string, Tensor>, { strict = true } = {}): LoadReport {
    const own = this.stateDict();
    const report = compare(own, state);
    if (strict && report.missing.length + report.unexpected.length + report.mismatched.length > 0)
      throw new StateDictError(report);
    const skipped = new Set(report.mismatched.map((m) => m.name));
    noGrad(() => {
      for (const [name, tensor] of own) {
        const source = state.get(name);
        if (source && !skipped.has(name)) tensor.copy_(source);
      }
    });
    return report;
  }

  /** Moves or converts all tensors in place: optimisers and other holders keep working. */
  to(placement: Placement): this {
    scope(() =>
      noGrad(() => {
        for (const tensor of this.stateDict().values()) {
          const options = placementOf(tensor, placement);
          if (Object.keys(options).length > 0) ops.setData(tensor, tensor.to(options));
        }
      }),
    );
    return this;
  }

  /** Training mode for this module and all below. */
  train(training = true): this {
    for (const [, module] of this.namedModules()) module.training = training;
    return this;
  }

  /** Evaluation mode: Dropout passes, BatchNorm uses its running statistics. */
  eval(): this {
    return this.train(false);
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const tensor of this.parameters()) tensor.grad = null;
  }

  /** Frees all parameters and buffers. */
  dispose(): void {
    for (const tensor of this.stateDict().values()) tensor.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** A module of any signature, where only its tensors matter. */
// biome-ignore lint/suspicious/noExplicitAny: the parameter is contravariant; `never` would refuse every subclass's call
export type AnyModule = Module<any, unknown>;

function placementOf(tensor: Tensor, { device, dtype, memoryFormat }: Placement) {
  const floating = tensor.dtype.includes("float");
  return {
    ...(device && { device }),
    ...(dtype && floating && { dtype }),
    ...(memoryFormat && tensor.ndim === 4 && { memoryFormat }),
  };
}

function compare(own: ReadonlyMap<string, Tensor>, state: ReadonlyMap<string, Tensor>): LoadReport {
  const report: LoadReport = { missing: [], unexpected: [], mismatched: [] };
  for (const [name, tensor] of own) {
    const source = state.get(name);
    if (!source) report.missing.push(name);
    else if (source.shape.join() !== tensor.shape.join())
      report.mismatched.push({ name, expected: tensor.shape, received: source.shape });
  }
  for (const name of state.keys()) if (!own.has(name)) report.unexpected.push(name);
  return report;
}
