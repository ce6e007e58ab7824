// Modules: named parameters, buffers and children, PyTorch's state-dict names, and one scope per call.
import { isGradEnabled, noGrad } from "../core/autograd.ts";
import type { Dtype } from "../core/dtype.ts";
import { ArgumentError, TorchError } from "../core/errors.ts";
import * as ops from "../core/operators.ts";
import type { Device, MemoryFormat } from "../core/schema.ts";
import { keep, scope } from "../core/scope.ts";
import type { Tensor } from "../core/tensor.ts";
import { type MatchOptions, matchNames, type NameMatch } from "../weights/names.ts";

/** Where and how a module's tensors lie; what is left out stays. */
export interface Placement {
  device?: Device;
  /** Of floating-point parameters and buffers; integer ones keep theirs. */
  dtype?: Dtype;
  /** Of 4-dimensional parameters. */
  memoryFormat?: MemoryFormat;
}

/** What `loadStateDict` could not match: missing, unexpected and mismatched names. All empty when everything fitted. */
export type LoadReport = Omit<NameMatch<Tensor>, "matched">;

/** How strictly a state must fit, and how its names are changed first. */
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
      `loadStateDict: ${lines.length} names do not fit:\n  ${lines.slice(0, 20).join("\n  ")}${lines.length > 20 ? "\n  …" : ""}\nRename them with \`rename\`, or load what fits with \`strict: false\`.`,
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
 * A module in a field is a child by the field's name also without `child`, unless all its tensors are children's. Modules in
 * a list, a map or an object are refused at the first use: a ModuleList or a ModuleDict holds them. One that no field shows,
 * as a `#private` one, is refused when `forward` calls it: it would be neither trained nor saved.
 */
export abstract class Module<In extends unknown[] = [Tensor], Out = Tensor> {
  /** Whether Dropout drops and BatchNorm uses the batch's own statistics. Set by `train` and `eval`. */
  training = true;
  readonly #parameters = new Map<string, Tensor>();
  readonly #buffers = new Map<string, Tensor>();
  readonly #optional = new Set<string>();
  readonly #children = new Map<string, AnyModule>();
  #isRegistered = false;
  /** Modules that were found below this one when it called them. */
  readonly #known = new WeakSet<AnyModule>();

  /** What the module computes. Call `call`, which runs this in a scope of its own. */
  abstract forward(...input: In): Out;

  /** The forward pass; tensors it made and does not return are freed when it ends. */
  call(...input: In): Out {
    if (!this.#isRegistered) this.#registerFields();
    const outer = running;
    const isBelow =
      outer === null || outer.top === this || outer.top.#known.has(this) || outer.top.#knows(this);
    if (!isBelow) outer.refuseUnlessLent(this);
    running = new Running(isBelow && outer ? outer.top : this, this, input);
    try {
      return scope(() => this.forward(...input));
    } finally {
      running = outer;
    }
  }

  /** Whether a module is below this one, or has tensors of this one's alone. One look at all of them serves every call. */
  #knows(module: AnyModule): boolean {
    for (const [, below] of this.namedModules()) this.#known.add(below);
    if (!this.#known.has(module) && this.#strayTensors(module).size === 0) this.#known.add(module);
    return this.#known.has(module);
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
    if (!(module instanceof Module))
      throw new ArgumentError(
        this.constructor.name,
        name,
        "a module",
        Array.isArray(module) ? "a list" : typeof module,
        "Give modules one by one, or hold them in an `nn.ModuleList`.",
      );
    this.#children.set(name, module);
    return module;
  }

  // Fields are assigned after this class's constructor, so not before the first use. A later one is found by namedModules.
  #registerFields(): void {
    for (const [name, value] of Object.entries(this)) {
      if (value instanceof Module && this.#isNew(value)) this.#registerField(name, value);
      const collection = collectionOf(value);
      if (collection?.items.some((item) => this.#isStray(item)))
        throw new ArgumentError(
          this.constructor.name,
          name,
          "modules registered with `child`, or a Sequential",
          `${collection.kind} of modules that would be neither trained nor saved`,
          `Hold them in an \`nn.${collection.holder}\`.`,
        );
    }
    this.#isRegistered = true;
  }

  /** Whether something is a module with tensors that neither this one nor a child has. */
  #isStray(item: unknown): boolean {
    return item instanceof Module && !this.#isChild(item) && this.#strayTensors(item).size > 0;
  }

  #isChild(module: AnyModule): boolean {
    for (const child of this.#children.values()) if (child === module) return true;
    return false;
  }

  #strayTensors(module: AnyModule): Set<Tensor> {
    const tensors = new Set(module.stateDict().values());
    for (const child of this.#children.values())
      for (const tensor of child === module ? tensors : child.stateDict().values()) tensors.delete(tensor);
    return tensors;
  }

  /** Whether a module in a field is to be a child: it adds tensors, or it has none and a mode at most. */
  #isNew(module: AnyModule): boolean {
    if (this.#isChild(module)) return false;
    return module.stateDict().size === 0 || this.#strayTensors(module).size > 0;
  }

  #registerField(name: string, module: AnyModule): void {
    if (this.#children.has(name))
      throw new ArgumentError(
        this.constructor.name,
        name,
        "one module by this name",
        "another child and this field's module",
        "Register the field's with `child` under another name.",
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

/** The call that is being made: whose `forward`, with what, below which module. */
class Running {
  constructor(
    readonly top: AnyModule,
    readonly module: AnyModule,
    readonly input: readonly unknown[],
  ) {}

  /** @throws ArgumentError for a module that trains here and that nobody would train: not one lent to the call, or frozen */
  refuseUnlessLent(called: AnyModule): void {
    if (this.input.includes(called) || !isGradEnabled()) return;
    if (!called.parameters().some((parameter) => parameter.requiresGrad)) return;
    throw new ArgumentError(
      this.module.constructor.name,
      "",
      "calls of modules in its fields, or registered with `child`",
      `a call of a ${called.constructor.name} that is neither: it would not be trained, saved or moved`,
      'Register it: `this.child("name", module)`. To use another\'s, give it to `call` as an argument, or call it inside `noGrad`.',
    );
  }
}

let running: Running | null = null;

/** The values of a field that is a list, set, map or plain object. */
function collectionOf(value: unknown): { kind: string; holder: string; items: readonly unknown[] } | null {
  if (Array.isArray(value)) return { kind: "a list", holder: "ModuleList", items: value };
  if (value instanceof Set) return { kind: "a set", holder: "ModuleList", items: [...value] };
  if (value instanceof Map) return { kind: "a map", holder: "ModuleDict", items: [...value.values()] };
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return null;
  return { kind: "an object", holder: "ModuleDict", items: Object.values(value) };
}

function placementOf(tensor: Tensor, { device, dtype, memoryFormat }: Placement) {
  const floating = tensor.dtype.includes("float");
  return {
    ...(device && { device }),
    ...(dtype && floating && { dtype }),
    ...(memoryFormat && tensor.ndim === 4 && { memoryFormat }),
  };
}
