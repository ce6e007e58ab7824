// Modules: named parameters, buffers and children, PyTorch's state-dict names, and one scope per call.
import { noGrad } from "../core/autograd.ts";
import type { Dtype } from "../core/dtype.ts";
import { ArgumentError, TorchError } from "../core/errors.ts";
import * as ops from "../core/operators.ts";
import type { Device, MemoryFormat } from "../core/schema.ts";
import { keep, scope } from "../core/scope.ts";
import type { Tensor } from "../core/tensor.ts";
import { type MatchOptions, matchNames, type NameMatch } from "../weights/names.ts";

/** Where a module's tensors go, and what they become; what is left out stays. */
export interface Placement {
  device?: Device;
  /** Of floating-point parameters and buffers; integer ones keep theirs. */
  dtype?: Dtype;
  /** Of 4-dimensional parameters. */
  memoryFormat?: MemoryFormat;
}

/** What `loadStateDict` could not match: missing, unexpected and mismatched names. All empty when everything fitted. */
export type LoadReport = Omit<NameMatch<Tensor>, "matched">;

/** How strictly `loadStateDict` matches names and shapes. */
export interface LoadOptions extends MatchOptions {
  /** Every name and shape must fit. Default true; false loads what fits and reports the rest. */
  strict?: boolean;
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
 *
 * A module in a field is a child by the field's name also without `child`, unless all its tensors are children's; one in a
 * `#private` field is not. A list of such modules is refused at the first use, since they would be neither trained nor saved.
 */
export abstract class Module<In extends unknown[] = [Tensor], Out = Tensor> {
  /** Whether Dropout drops and BatchNorm uses the batch's own statistics. Set by `train` and `eval`. */
  training = true;
  readonly #parameters = new Map<string, Tensor>();
  readonly #buffers = new Map<string, Tensor>();
  readonly #optional = new Set<string>();
  readonly #children = new Map<string, AnyModule>();
  #isRegistered = false;

  /** What the module computes. Call `call`, which runs this in a scope of its own. */
  abstract forward(...input: In): Out;

  /** The forward pass; tensors it made and does not return are freed when it ends. */
  call(...input: In): Out {
    if (!this.#isRegistered) this.#registerFields();
    return scope(() => this.forward(...input));
  }

  /** Registers a trainable tensor. @returns the same tensor, requiring gradients, kept out of every scope */
  protected parameter(name: string, tensor: Tensor): Tensor {
    this.#parameters.set(name, keep(tensor.requiresGrad_()));
    return tensor;
  }

  /**
   * Registers state that is saved but not trained.
   * @param optional a file may lack it: the value stays, and it is not reported as missing. Default false
   */
  protected buffer(name: string, tensor: Tensor, { optional = false } = {}): Tensor {
    this.#buffers.set(name, keep(tensor));
    if (optional) this.#optional.add(name);
    return tensor;
  }

  /** Registers a part of this module by name. @returns the same module */
  protected child<M extends AnyModule>(name: string, module: M): M {
    this.#children.set(name, module);
    return module;
  }

  // Fields are assigned after this class's constructor, so not before the first use. A later one is found by namedModules.
  #registerFields(): void {
    for (const [name, value] of Object.entries(this)) {
      if (value instanceof Module && this.#isNew(value)) this.#registerField(name, value);
      if (Array.isArray(value) && value.some((item) => this.#isStray(item)))
        throw new ArgumentError(
          this.constructor.name,
          name,
          "modules registered with `child`, or a Sequential",
          "a list of modules that would be neither trained nor saved",
        );
    }
    this.#isRegistered = true;
  }

  /** Whether something is a module with tensors that neither this one nor a child has. */
  #isStray(item: unknown): boolean {
    return item instanceof Module && this.#strayTensors(item).size > 0;
  }

  #strayTensors(module: AnyModule): Set<Tensor> {
    const tensors = new Set(module.stateDict().values());
    for (const child of this.#children.values())
      for (const tensor of child === module ? tensors : child.stateDict().values()) tensors.delete(tensor);
    return tensors;
  }

  /** Whether a module in a field is to be a child: it adds tensors, or it has none and a mode at most. */
  #isNew(module: AnyModule): boolean {
    if ([...this.#children.values()].includes(module)) return false;
    return module.stateDict().size === 0 || this.#strayTensors(module).size > 0;
  }

  #registerField(name: string, module: AnyModule): void {
    if (this.#children.has(name))
      throw new ArgumentError(
        this.constructor.name,
        name,
        "one module by this name",
        "another child and this field's module; register the field's with `child` under another name",
      );
    this.#children.set(name, module);
  }

  /** This module and all below it, parents first, by dotted name; this one's name is empty. */
  *namedModules(prefix = ""): Generator<[string, AnyModule]> {
    this.#registerFields();
    yield [prefix, this];
    for (const [name, child] of this.#children)
      yield* child.namedModules(prefix ? `${prefix}.${name}` : name);
  }

  /** Trainable tensors by state-dict name. */
  *namedParameters(): Generator<[string, Tensor]> {
    for (const [prefix, module] of this.namedModules())
      for (const [name, tensor] of module.#parameters) yield [prefix ? `${prefix}.${name}` : name, tensor];
  }

  /** Saved, not trained tensors by state-dict name. */
  *namedBuffers(): Generator<[string, Tensor]> {
    for (const [prefix, module] of this.namedModules())
      for (const [name, tensor] of module.#buffers) yield [prefix ? `${prefix}.${name}` : name, tensor];
  }

  /** Trainable tensors, each once even where modules share it. */
  parameters(): Tensor[] {
    return [...new Set([...this.namedParameters()].map(([, tensor]) => tensor))];
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
   * @throws StateDictError, changing nothing, if strict and a name or shape does not fit
   */
  loadStateDict(
    state: ReadonlyMap<string, Tensor>,
    { strict = true, rename = [] }: LoadOptions = {},
  ): LoadReport {
    const own = this.stateDict();
    const shapes = [...own].map(([name, { shape }]) => ({ name, shape }));
    const { matched, missing, ...rest } = matchNames(shapes, state, { rename });
    const optional = this.#optionalNames();
    const report = { missing: missing.filter((name) => !optional.has(name)), ...rest };
    if (strict && report.missing.length + report.unexpected.length + report.mismatched.length > 0)
      throw new StateDictError(report);
    noGrad(() => {
      for (const [name, source] of matched) own.get(name)!.copy_(source);
    });
    return report;
  }

  #optionalNames(): Set<string> {
    const names = new Set<string>();
    for (const [prefix, module] of this.namedModules())
      for (const name of module.#optional) names.add(prefix ? `${prefix}.${name}` : name);
    return names;
  }

  /** Moves or converts all tensors in place: optimisers and other holders keep working. */
  to(placement: Placement): this {
    scope(() =>
      noGrad(() => {
        for (const tensor of this.stateDict().values()) {
          const options = placementOf(tensor, placement);
          if (Object.keys(options).length === 0) continue;
          const gradient = tensor.grad;
          ops.setData(tensor, tensor.to(options));
          if (gradient) tensor.grad = gradient.to(options);
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

  /** As `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** A module of any signature, where only its tensors matter. */
export type AnyModule = Module<never, unknown>;

function placementOf(tensor: Tensor, { device, dtype, memoryFormat }: Placement) {
  const floating = tensor.dtype.includes("float");
  return {
    ...(device && { device }),
    ...(dtype && floating && { dtype }),
    ...(memoryFormat && tensor.ndim === 4 && { memoryFormat }),
  };
}
