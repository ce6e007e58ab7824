// Modules held together without an order of calls. Their owner calls them one by one.
import { TorchError } from "../core/errors.ts";
import { type AnyModule, Module } from "./module.ts";

/**
 * A list of modules whose names are their numbers, as PyTorch's:
 *
 *     readonly blocks = new ModuleList([new Linear(8, 8), new Linear(8, 8)]);
 *     forward(x: Tensor) { for (const block of this.blocks) x = block.call(x).relu(); return x; }
 */
export class ModuleList<M extends AnyModule = Module> extends Module<never[], never> implements Iterable<M> {
  readonly #modules: M[] = [];

  constructor(modules: Iterable<M> = []) {
    super();
    this.extend(modules);
  }

  /** How many there are. */
  get length(): number {
    return this.#modules.length;
  }

  /** The module at a place; negative counts from the end. @throws RangeError if there is none */
  at(index: number): M {
    const module = this.#modules.at(index);
    if (module === undefined)
      throw new RangeError(
        `ModuleList: expected an index in [${-this.length}, ${this.length}), received ${index}. Pass an index in this range.`,
      );
    return module;
  }

  /** Adds a module at the end. */
  append(module: M): this {
    this.#modules.push(this.child(String(this.length), module));
    return this;
  }

  /** Adds modules at the end. */
  extend(modules: Iterable<M>): this {
    for (const module of modules) this.append(module);
    return this;
  }

  /** The modules in order. */
  [Symbol.iterator](): IterableIterator<M> {
    return this.#modules.values();
  }

  /** @throws TorchError always: a list is no function */
  override forward(): never {
    throw new TorchError(
      "ModuleList: expected a call of one of its modules, received one of the list. Loop over it.",
    );
  }
}

/** Modules by name, as PyTorch's: `heads.get("valence").call(x)`. */
export class ModuleDict<M extends AnyModule = Module> extends Module<never[], never> {
  readonly #modules = new Map<string, M>();

  /** @param modules an object, or pairs of name and module */
  constructor(modules: Readonly<Record<string, M>> | Iterable<readonly [string, M]> = {}) {
    super();
    const pairs = Symbol.iterator in modules ? modules : Object.entries(modules);
    for (const [name, module] of pairs as Iterable<readonly [string, M]>) this.set(name, module);
  }

  /** The module of a name. @throws RangeError that lists the names, if there is none */
  get(name: string): M {
    const module = this.#modules.get(name);
    if (module === undefined)
      throw new RangeError(
        `ModuleDict: expected one of ${[...this.keys()].join(", ")}, received ${name}. Use one of these names, or add the module with \`set\`.`,
      );
    return module;
  }

  /** Whether there is a module of that name. */
  has(name: string): boolean {
    return this.#modules.has(name);
  }

  /** Adds a module, or replaces the one of that name. */
  set(name: string, module: M): this {
    this.#modules.set(name, this.child(name, module));
    return this;
  }

  /** The names in order. */
  keys(): IterableIterator<string> {
    return this.#modules.keys();
  }

  /** Names and modules in order. */
  [Symbol.iterator](): IterableIterator<[string, M]> {
    return this.#modules.entries();
  }

  /** @throws TorchError always: a collection is no function */
  override forward(): never {
    throw new TorchError(
      "ModuleDict: expected a call of one of its modules, received one of the collection. Call `get(name)`.",
    );
  }
}
