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
  const call = overloads.length === 1 ? callOfOne(overloads[0]!) : callOfSeveral(overloads);
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

function callOfOne(overload: Overload) {
  return (...values: Argument[]) => callOverload(overload, values, optionsOf(values));
}

/** Arguments of one call of which `callOfSeveral` has a table; a call with more of them looks for its overload each time. */
const TABLE_ARGUMENTS = 5;

function callOfSeveral(overloads: readonly Overload[]) {
  // The overload of most calls follows from which arguments are Tensors, so it is looked for once. By `keyOf`.
  const known = new Array<Overload | undefined>(2 << TABLE_ARGUMENTS).fill(undefined);
  return (...values: Argument[]) => {
    const key = keyOf(values);
    const overload = known[key];
    if (overload !== undefined) return callFlat(overload, values);
    const options = optionsOf(values);
    const chosen = choose(overloads, values, options);
    if (key > 0) known[key] = chosen;
    return callOverload(chosen ?? overloads[0]!, values, options);
  };
}

/**
 * One bit for each argument, 1 for a Tensor, behind a leading 1. 0 for a call of more than TABLE_ARGUMENTS, and for one whose last argument
 * is an object of names, or `undefined` in its place.
 */
function keyOf(values: readonly Argument[]): number {
  const count = values.length;
  if (count > TABLE_ARGUMENTS) return 0;
  let key = 1;
  for (let i = 0; i < count; i++) key = 2 * key + (values[i] instanceof Tensor ? 1 : 0);
  if ((key & 1) === 1) return key;
  const last = values[count - 1];
  return last === undefined || isOptions(last) ? 0 : key;
}

function choose(
  overloads: readonly Overload[],
  values: readonly Argument[],
  options: Options | undefined,
): Overload | undefined {
  for (const overload of overloads) if (fits(overload, values, options)) return overload;
  return undefined;
}

/** @param options `optionsOf(values)` */
function fits(
  { names, positional, required, tensors }: Overload,
  values: readonly Argument[],
  options: Options | undefined,
): boolean {
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

/** Arguments by name. */
type Options = Readonly<Record<string, Argument>>;

/** Whether a value is an object that names arguments. No argument is an object of other kinds. */
function isOptions(value: Argument): boolean {
  if (typeof value !== "object" || value === null || value instanceof Tensor) return false;
  return !(Array.isArray(value) || value instanceof Generator || ArrayBuffer.isView(value));
}

/** The object that names arguments, the last value, if there is one. */
function optionsOf(values: readonly Argument[]): Options | undefined {
  const last = values[values.length - 1];
  return isOptions(last) ? (last as unknown as Options) : undefined;
}

/** @param options `optionsOf(values)` */
function callOverload(overload: Overload, values: Argument[], options: Options | undefined): unknown {
  const isFlat = values.length <= overload.positional && options === undefined;
  return callFlat(overload, isFlat ? values : flatten(overload, values, options));
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
function flatten(
  { name, names, positional }: Overload,
  values: readonly Argument[],
  options: Options | undefined,
): Argument[] {
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
  if (!options) return flat;
  const given = flat.length;
  for (const key of Object.keys(options))
    if (names.indexOf(key, given) < 0)
      throw new ArgumentError(
        name,
        "options",
        `one of ${names.slice(given).join(", ") || "none"}`,
        key,
        "Use one of these names, or leave the option out.",
      );
  for (let i = given; i < names.length; i++) flat.push(options[names[i]!]);
  return flat;
}

function callForm(positional: number, keywords: readonly string[]): string {
  const options = keywords.length > 0 ? ` and an object of ${keywords.join(", ")}` : "";
  return `${positional} arguments${options}`;
}
