// What all optimisers share: parameter groups, per-parameter state, a step without recording, and saving.
import { noGrad } from "../core/autograd.ts";
import { BYTES_PER_ELEMENT } from "../core/dtype.ts";
import { ArgumentError, refuseUnknown, ShapeError, TorchError } from "../core/errors.ts";
import * as ops from "../core/operators.ts";
import { keep, scope } from "../core/scope.ts";
import type { Tensor } from "../core/tensor.ts";

/** What every optimiser has. */
export interface BaseOptions {
  /** Learning rate. */
  lr: number;
}

/** Parameters with settings of their own; what is left out is the optimiser's. */
export type ParameterGroup<O extends BaseOptions> = Partial<O> & { parameters: readonly Tensor[] };

/** A group with every setting filled in. Change `lr` between steps to follow a schedule. */
export type Group<O extends BaseOptions> = O & { parameters: readonly Tensor[] };

/** Parameters that take one update together, with their gradients and the number of this step, from 1. */
export interface Update {
  parameters: Tensor[];
  gradients: Tensor[];
  step: number;
}

/** An optimiser's state as names and tensors, to be written beside the model's. Its settings, unlike PyTorch's, are not in it. */
export interface OptimizerState {
  /** `<parameter number>.<name>`, e.g. `3.exp_avg`: the optimiser's own tensors, not copies. */
  tensors: Map<string, Tensor>;
  /** Updates each parameter has had, by number. */
  steps: number[];
}

/**
 * Small parameters share an update call; a large one has its own. On the CPU the several passes of an update then find the
 * parameter still in the processor's cache; a GPU wants few large launches instead.
 */
const cpuBucketBytes = 1 << 19;

/** Base of the optimisers; a subclass writes `update`, and says by `stateNames` what it keeps between updates. */
export abstract class Optimizer<O extends BaseOptions> {
  readonly groups: Group<O>[];
  readonly #parameters: Tensor[];
  readonly #state = new Map<Tensor, Map<string, Tensor>>();
  readonly #steps = new Map<Tensor, number>();

  /**
   * @param parameters of one group, or several groups
   * @throws ArgumentError for no parameters, one given twice, or one that is no leaf
   */
  constructor(
    parameters: readonly Tensor[] | readonly ParameterGroup<O>[],
    options: Partial<O>,
    defaults: O,
  ) {
    const known = Object.keys(defaults);
    refuseUnknown(this.constructor.name, options, known);
    const groups = isGroups(parameters) ? parameters : [{ parameters } as ParameterGroup<O>];
    for (const group of groups) refuseUnknown(this.constructor.name, group, ["parameters", ...known]);
    this.groups = groups.map((group) => ({ ...defaults, ...options, ...group }));
    this.#parameters = this.groups.flatMap((group) => group.parameters);
    checkParameters(this.constructor.name, this.#parameters);
  }

  /** Moves the parameters once, by their gradients. Those without one stay. */
  step(): void {
    noGrad(() => {
      for (const group of this.groups) {
        const device = group.parameters[0]?.device;
        const bytes = device === "cpu" ? cpuBucketBytes : Number.POSITIVE_INFINITY;
        for (const bucket of this.#buckets(group, bytes)) scope(() => this.#update(group, bucket));
      }
    });
  }

  /** Moves parameters of one group that are at the same step. */
  protected abstract update(group: Group<O>, update: Update): void;

  /** The names of `state` that each parameter of a group has after its first update. */
  protected abstract stateNames(group: Group<O>): readonly string[];

  /** The tensors of one name that accompany the parameters; zeros of their shape at first. */
  protected state(name: string, parameters: readonly Tensor[], initial: (like: Tensor) => Tensor): Tensor[] {
    return parameters.map((parameter) => {
      const own = this.#state.get(parameter) ?? new Map<string, Tensor>();
      this.#state.set(parameter, own);
      const tensor = own.get(name) ?? keep(initial(parameter));
      own.set(name, tensor);
      return tensor;
    });
  }

  /** Sets one learning rate for all groups. */
  setLearningRate(lr: number): void {
    checkRanges(this.constructor.name, { lr }, { lr: [0, Number.MAX_VALUE] });
    for (const group of this.groups) group.lr = lr;
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const parameter of this.#parameters) parameter.grad = null;
  }

  /** The state, as `loadStateDict` takes it. */
  stateDict(): OptimizerState {
    const tensors = new Map<string, Tensor>();
    for (const [i, parameter] of this.#parameters.entries())
      for (const [name, tensor] of this.#state.get(parameter) ?? []) tensors.set(`${i}.${name}`, tensor);
    return { tensors, steps: this.#parameters.map((parameter) => this.#steps.get(parameter) ?? 0) };
  }

  /**
   * Goes on from a saved state, copying it.
   * @throws ShapeError, changing nothing, if it is another set of parameters' state; TorchError if it is another optimiser's
   */
  loadStateDict({ tensors, steps }: OptimizerState): void {
    if (steps.length !== this.#parameters.length)
      throw new ShapeError(
        "Optimizer.loadStateDict",
        `${this.#parameters.length} parameters`,
        String(steps.length),
        "Load a state that an optimiser of the same parameters gave.",
      );
    const broken = steps.find((step) => !Number.isSafeInteger(step) || step < 0);
    if (broken !== undefined)
      throw new ArgumentError(
        "Optimizer.loadStateDict",
        "steps",
        "counts of updates",
        String(broken),
        "Pass the state as `stateDict` gave it.",
      );
    const entries = [...tensors].map(([key, tensor]) => this.#entry(key, tensor));
    this.#checkNames([...tensors.keys()], steps);
    const copies = noGrad(() =>
      entries.map((entry) => ({
        ...entry,
        tensor: keep(copyLike(entry.parameter, entry.tensor)),
      })),
    );
    this.dispose(); // after the copies: the state may be this optimiser's own
    for (const { parameter, name, tensor } of copies) this.state(name, [parameter], () => tensor);
    for (const [i, parameter] of this.#parameters.entries()) this.#steps.set(parameter, steps[i]!);
  }

  /** Frees the state, not the parameters. */
  dispose(): void {
    for (const own of this.#state.values()) for (const tensor of own.values()) tensor.dispose();
    this.#state.clear();
    this.#steps.clear();
  }

  #entry(key: string, tensor: Tensor) {
    const [, number, name] = /^(\d+)\.(.+)$/.exec(key) ?? [];
    const parameter = this.#parameters[Number(number)];
    if (!parameter || !name)
      throw new TorchError(
        `Optimizer.loadStateDict: expected <parameter number>.<name> of a parameter of this optimiser, received ${key}. Load a state that \`stateDict\` of an optimiser of the same parameters gave.`,
      );
    if (tensor.ndim > 0 && tensor.shape.join() !== parameter.shape.join())
      throw new ShapeError(
        `Optimizer.loadStateDict: ${key}`,
        parameter.describe(),
        tensor.describe(),
        "Load a state that an optimiser of the same parameters gave.",
      );
    return { parameter, name, tensor };
  }

  #checkNames(given: readonly string[], steps: readonly number[]): void {
    const known = this.groups
      .flatMap((group) => group.parameters.map(() => this.stateNames(group)))
      .map((names, i) => names.map((name) => `${i}.${name}`));
    const [all, had] = [new Set(known.flat()), new Set(given)];
    const unexpected = given.filter((key) => !all.has(key));
    const missing = known.flatMap((keys, i) => (steps[i]! > 0 ? keys.filter((key) => !had.has(key)) : []));
    if (unexpected.length + missing.length > 0)
      throw new TorchError(
        `Optimizer.loadStateDict: expected the tensors of this optimiser's state, received others: missing ${missing.join(", ") || "none"}; unexpected ${unexpected.join(", ") || "none"}. Load a state of an optimiser of the same kind and options.`,
      );
  }

  #update(group: Group<O>, bucket: readonly Tensor[]): void {
    const byStep = new Map<number, Update>();
    for (const parameter of bucket) {
      const gradient = parameter.grad;
      if (!gradient) continue;
      const step = (this.#steps.get(parameter) ?? 0) + 1;
      this.#steps.set(parameter, step);
      const update = byStep.get(step) ?? { parameters: [], gradients: [], step };
      byStep.set(step, update);
      update.parameters.push(parameter);
      update.gradients.push(gradient);
    }
    for (const update of byStep.values()) this.update(group, update);
  }

  *#buckets(group: Group<O>, bytes: number): Generator<Tensor[]> {
    let bucket: Tensor[] = [];
    let filled = 0;
    for (const parameter of group.parameters) {
      const size = parameter.numel * BYTES_PER_ELEMENT[parameter.dtype];
      if (bucket.length > 0 && filled + size > bytes) {
        yield bucket;
        bucket = [];
        filled = 0;
      }
      bucket.push(parameter);
      filled += size;
    }
    if (bucket.length > 0) yield bucket;
  }
}

/** In the parameter's memory layout, which files do not keep: the next update then has the same bits as without saving. */
function copyLike(parameter: Tensor, tensor: Tensor): Tensor {
  if (tensor.ndim === 0) return tensor.to({ device: parameter.device, copy: true });
  return ops.emptyLike(parameter, { dtype: tensor.dtype }).copy_(tensor);
}

function isGroups<O extends BaseOptions>(
  parameters: readonly Tensor[] | readonly ParameterGroup<O>[],
): parameters is readonly ParameterGroup<O>[] {
  return parameters.length > 0 && "parameters" in parameters[0]!;
}

function checkParameters(where: string, parameters: readonly Tensor[]): void {
  if (parameters.length === 0)
    throw new ArgumentError(where, "parameters", "at least one", "none", "Pass `model.parameters()`.");
  if (new Set(parameters).size !== parameters.length)
    throw new ArgumentError(
      where,
      "parameters",
      "each parameter once",
      "one twice",
      "Give a parameter to one group alone.",
    );
  for (const parameter of parameters)
    if (!parameter.isLeaf || !parameter.requiresGrad)
      throw new ArgumentError(
        where,
        "parameters",
        "leaves that require gradients",
        parameter.describe(),
        "Leave out frozen and computed tensors: `parameters.filter((p) => p.requiresGrad)`.",
      );
}

/** @throws ArgumentError unless each value lies in its range, e.g. `{ lr: [0, Infinity] }` */
export function checkRanges(
  where: string,
  options: object,
  ranges: Record<string, readonly [number, number]>,
): void {
  for (const [name, [low, high]] of Object.entries(ranges)) {
    const value = (options as Record<string, unknown>)[name];
    if (typeof value !== "number" || !(value >= low && value <= high))
      throw new ArgumentError(
        where,
        name,
        `a number in [${low}, ${high}]`,
        String(value),
        "Pass one in this range, or leave it out for the default.",
      );
  }
}
