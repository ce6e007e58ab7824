import { invoke, resolve } from "./dispatch.ts";
import { ArgumentError } from "./errors.ts";
import { Generator } from "./generator.ts";
import { countRead, readsValues } from "./reads.ts";
import { type OperatorFunctions, overloadsOf, parseSchema, REDUCTION, type Schema } from "./schema.ts";
import type { Argument, Result } from "./tape.ts";
import { Tensor } from "./tensor.ts";

/** All schemas in use, by operator name; the test compares them with libtorch's registry. */
export const declared = new Map<string, Schema>();

/** One operator of libtorch as a call needs it. */
interface Overload {
  readonly name: string;
  readonly positional: number;
  /** Positional arguments without a default. */
  readonly required: number;
  /** Of all arguments, the positional ones first. */
  readonly names: readonly string[];
  /** Of each positional argument: whether it is a Tensor; undefined for one that may be null instead. */
  readonly tensors: readonly (boolean | undefined)[];
  /** Place of the argument `reduction`, which may be a name; -1 if there is none. */
  readonly reduction: number;
  /** Whether a GPU's processor waits for it. */
  readonly reads: boolean;
  /** Names of several results. */
  readonly results: readonly string[];
  /** Native index; -1 until the first call. */
  index: number;
}

/**
 * An operator of libtorch as a typed function, from its schema.
 *
 *     const relu = operator("aten::relu(Tensor self) -> Tensor");
 *     const add = operator("aten::add.Tensor|Scalar(Tensor self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor");
 *
 * Positional arguments are passed in order, keyword-only ones as one object at the end, which may name those before them, too:
 * `topk(x, 5, { largest: false })`. An `int reduction` may be its name.
 * Several results come as an object of their names, or as a list if the schema names none.
 * @param schemas overloads of one operator; a call goes to the first one that takes as many arguments and tensors in the
 * same places
 * @throws TorchError for text that is no schema. The function throws UnknownOperatorError if this libtorch has no such
 * operator; ArgumentError for arguments it does not take; OperatorError if libtorch refuses
 */
export function operator<const S extends readonly [string, ...string[]]>(
  ...schemas: S
): OperatorFunctions<S> {
  const overloads = schemas.flatMap(overloadsOf).map(declare);
  const first = overloads[0]!;
  const call =
    overloads.length === 1
      ? (...values: Argument[]) => callOverload(first, values)
      : (...values: Argument[]) => {
          // Most calls name no argument; they are chosen without looking for names again and again.
          if (isPlain(values))
            for (const overload of overloads)
              if (fitsPlain(overload, values)) return callFlat(overload, values);
          return callOverload(choose(overloads, values) ?? first, values);
        };
  return call as unknown as OperatorFunctions<S>;
}

function declare(text: string): Overload {
  const schema = parseSchema(text);
  declared.set(schema.name, schema);
  const positional = schema.arguments.filter((argument) => !argument.keywordOnly);
  return {
    name: schema.name,
    positional: positional.length,
    required: positional.filter((argument) => !argument.hasDefault).length,
    names: schema.arguments.map((argument) => argument.name),
    tensors: positional.map(({ type }) => (type === "Tensor?" ? undefined : type === "Tensor")),
    reduction: schema.arguments.findIndex(({ name, type }) => name === "reduction" && type === "int"),
    reads: readsValues(schema.name),
    results: schema.returnNames,
    index: -1,
  };
}

function choose(overloads: readonly Overload[], values: readonly Argument[]): Overload | undefined {
  for (const overload of overloads) if (fits(overload, values)) return overload;
  return undefined;
}

/** Whether no argument is named, none may be taken for an object of names, and that object is not left out as `undefined`. */
function isPlain(values: readonly Argument[]): boolean {
  const last = values[values.length - 1];
  return last !== undefined && (typeof last !== "object" || last === null || last instanceof Tensor);
}

/** Whether an overload takes arguments of which none is named. */
function fitsPlain({ positional, required, tensors }: Overload, values: readonly Argument[]): boolean {
  const given = values.length;
  if (given > positional || given < required) return false;
  for (let i = 0; i < given; i++) {
    const isTensor = tensors[i];
    if (isTensor !== undefined && isTensor !== values[i] instanceof Tensor) return false;
  }
  return true;
}

function fits({ names, positional, required, tensors }: Overload, values: readonly Argument[]): boolean {
  const options = optionsOf(values);
  const given = options ? values.length - 1 : values.length;
  if (given > positional + (options ? 0 : 1)) return false;
  if (given > positional && values[positional] !== undefined) return false;
  for (const key in options) if (names.indexOf(key, given) < 0) return false;
  for (let i = 0; i < positional; i++) {
    const isGiven = i < given || options?.[names[i]!] !== undefined;
    if (!isGiven && i < required) return false;
    const value = i < given ? values[i] : options?.[names[i]!];
    if (isGiven && tensors[i] !== undefined && tensors[i] !== value instanceof Tensor) return false;
  }
  return true;
}

/** The object that names arguments, the last value, if there is one. No argument is an object of other kinds. */
function optionsOf(values: readonly Argument[]): Record<string, Argument> | undefined {
  const last = values[values.length - 1];
  if (typeof last !== "object" || last === null || last instanceof Tensor) return undefined;
  if (Array.isArray(last) || last instanceof Generator || ArrayBuffer.isView(last)) return undefined;
  return last as unknown as Record<string, Argument>;
}

function callOverload(overload: Overload, values: Argument[]): unknown {
  const isFlat = values.length <= overload.positional && optionsOf(values) === undefined;
  return callFlat(overload, isFlat ? values : flatten(overload, values));
}

/** @param flat arguments in the schema's order, none named */
function callFlat(overload: Overload, flat: Argument[]): unknown {
  if (overload.index < 0) overload.index = resolve(overload.name);
  if (overload.reduction >= 0 && typeof flat[overload.reduction] === "string") setReduction(overload, flat);
  if (overload.reads) countRead();
  const result = invoke(overload.index, overload.name, flat);
  return overload.results.length === 0 ? result : byName(overload.results, result as Result[]);
}

function setReduction({ name, reduction }: Overload, values: Argument[]): void {
  const given = values[reduction] as string;
  if (!Object.hasOwn(REDUCTION, given))
    throw new ArgumentError(
      name,
      "reduction",
      Object.keys(REDUCTION).join(", "),
      `"${given}"`,
      "Use one of these names.",
    );
  values[reduction] = REDUCTION[given as keyof typeof REDUCTION];
}

function byName(names: readonly string[], results: readonly Result[]): Record<string, Result> {
  return Object.fromEntries(names.map((name, i) => [name, results[i]!]));
}

/** All arguments in the schema's order, those in the options at their places. */
function flatten({ name, names, positional }: Overload, values: readonly Argument[]): Argument[] {
  const options = optionsOf(values);
  const flat = options ? values.slice(0, -1) : [...values];
  if (!options && flat.length === positional + 1 && flat[positional] === undefined) flat.pop();
  if (flat.length > positional)
    throw new ArgumentError(
      name,
      "",
      callForm(positional, names.slice(positional)),
      `${values.length} arguments`,
      `Leave out what it does not take: \`operatorSchema("${name}")\` returns its arguments.`,
    );
  const left = names.slice(flat.length);
  for (const key of Object.keys(options ?? {}))
    if (!left.includes(key))
      throw new ArgumentError(
        name,
        "options",
        `one of ${left.join(", ") || "none"}`,
        key,
        "Use one of these names, or leave the option out.",
      );
  if (options) for (const one of left) flat.push(options[one]);
  return flat;
}

function callForm(positional: number, keywords: readonly string[]): string {
  const options = keywords.length > 0 ? ` and an object of ${keywords.join(", ")}` : "";
  return `${positional} arguments${options}`;
}
