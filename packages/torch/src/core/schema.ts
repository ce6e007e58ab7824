// Schemas in PyTorch's notation, read twice: by the compiler, for an operator's TypeScript signature, and at run time, for
// the order of its arguments. So the schema is written once and an operator is one line. One thing is added to the notation:
// `add.Tensor|Scalar(Tensor self, Tensor|Scalar other)` stands for two overloads, `add.Tensor` and `add.Scalar`.
import type { Dtype } from "./dtype.ts";
import { TorchError } from "./errors.ts";
import type { Generator } from "./generator.ts";
import type { Tensor } from "./tensor.ts";

/** How dimensions lie in memory; channelsLast is [n, h, w, c] under a shape [n, c, h, w]. */
export type MemoryFormat = "contiguous" | "preserve" | "channelsLast" | "channelsLast3d";
/** How elements are stored. */
export type Layout = "strided" | "sparse_coo" | "mkldnn";
/** A JavaScript number with an integral value is an integer to libtorch: it does not promote an integer tensor. */
export type Scalar = number | bigint | boolean;
/** `cpu`, `cuda`, `cuda:1`. */
export type Device = string;

/** What a loss gives: the loss of every element, their mean, or their sum. */
export type Reduction = "none" | "mean" | "sum";

/** libtorch's numbers of the reductions, which losses take as well as the names. */
export const REDUCTION = { none: 0, mean: 1, sum: 2 } as const;

// --- Types ---------------------------------------------------------------------------------------------------------

interface Atoms {
  Tensor: Tensor;
  int: number | bigint;
  SymInt: number | bigint;
  float: number;
  bool: boolean;
  Scalar: Scalar;
  str: string;
  Device: Device;
  ScalarType: Dtype;
  Layout: Layout;
  MemoryFormat: MemoryFormat;
  Generator: Generator;
}

type Unannotated<T extends string> = T extends `${infer Head}(${string})${infer Tail}` ? `${Head}${Tail}` : T;

type TypeOf<T extends string> = T extends keyof Atoms
  ? Atoms[T]
  : T extends `${infer One}|${infer Others}`
    ? TypeOf<One> | TypeOf<Others>
    : SuffixedTypeOf<T>;

type SuffixedTypeOf<T extends string> = T extends `${infer Of}?`
  ? TypeOf<Of> | null
  : T extends `${infer Of}[]`
    ? readonly TypeOf<Of>[]
    : T extends `${infer Of}[${number}]`
      ? readonly TypeOf<Of>[] | TypeOf<Of>
      : never;

type Split<S extends string> = S extends `${infer Head}, ${infer Tail}`
  ? [Head, ...Split<Tail>]
  : S extends ""
    ? []
    : [S];

type Value<A extends string> = A extends "int reduction" | `int reduction=${string}`
  ? Reduction | number
  : A extends `${infer T} ${string}`
    ? TypeOf<Unannotated<T>>
    : never;

type Positional<A extends readonly string[], Done extends unknown[] = []> = A extends readonly [
  infer Head extends string,
  ...infer Tail extends string[],
]
  ? Head extends "*"
    ? [...Done, options?: Keyword<Tail>]
    : Head extends `${string}=${string}`
      ? Positional<Tail, [...Done, Value<Head>?]>
      : Positional<Tail, [...Done, Value<Head>]>
  : Done;

/** After the first argument, all that are left by name: `topk(x, 5, { largest: false })`. One tuple for each place. */
type Named<A extends readonly string[], Given extends unknown[] = []> = A extends readonly [
  infer Head extends string,
  ...infer Tail extends string[],
]
  ? Head extends "*"
    ? never
    : (Given extends [] ? never : [...Given, named: ByName<A>]) | Named<Tail, [...Given, Value<Head>]>
  : never;

type ByName<A extends readonly string[]> = Keyword<A> & {
  [K in Exclude<A[number], "*" | `${string}=${string}`> as NameOf<K>]: Value<K>;
};

type NameOf<A extends string> = A extends `${string} ${infer Name}=${string}`
  ? Name
  : A extends `${string} ${infer Name}`
    ? Name
    : never;

type Keyword<A extends readonly string[]> = { [K in Exclude<A[number], "*"> as NameOf<K>]?: Value<K> };

type Returned<R extends string> = R extends "()"
  ? undefined
  : R extends `(${infer Several})`
    ? ReturnedSeveral<Split<Several>>
    : Value1<R>;

/** By name if the schema names them, `(Tensor values, Tensor indices)`, else in order. */
type ReturnedSeveral<R extends readonly string[]> = R extends readonly [`${string} ${string}`, ...string[]]
  ? { [K in R[number] as NameOf<K>]: Value1<K> }
  : { -readonly [K in keyof R]: Value1<R[K]> };

type Value1<R> = R extends string
  ? R extends `${infer T} ${string}`
    ? Out<Unannotated<T>>
    : Out<Unannotated<R>>
  : never;

/** Results come back as mutable lists, and integers past 2^53 apart, as numbers. */
type Out<T extends string> = T extends `${infer Of}[]`
  ? Out<Of>[]
  : T extends "int" | "SymInt"
    ? number
    : TypeOf<T>;

/**
 * The TypeScript function of a schema. Keyword-only arguments are one object at the end, which may name those before, too, all
 * from one place on.
 */
export type OperatorFunction<S extends string> = S extends `${string}(${infer A}) -> ${infer R}`
  ? Callable<Named<Split<A>>, Positional<Split<A>>, Returned<R>>
  : never;

// Two overloads, the plain one last, which the compiler's messages are about and `Parameters` gives.
type Callable<N extends unknown[], P extends unknown[], R> = [N] extends [never]
  ? (...values: P) => R
  : ((...values: N) => R) & ((...values: P) => R);

/** The function of several overloads, the first that fits a call's arguments being called. */
export type OperatorFunctions<S extends readonly string[]> = S extends readonly [
  infer First extends string,
  ...infer Others extends readonly [string, ...string[]],
]
  ? OperatorFunction<First> & OperatorFunctions<Others>
  : OperatorFunction<S[0]>;

// --- Values --------------------------------------------------------------------------------------------------------

/** One argument of an operator. */
export interface SchemaArgument {
  /** Without alias annotations: `Tensor[]`, `int[2]`, `ScalarType?`. */
  type: string;
  name: string;
  hasDefault: boolean;
  keywordOnly: boolean;
}

/** An operator's name, what it takes and what it gives. */
export interface Schema {
  /** `aten::add.Tensor` */
  name: string;
  arguments: SchemaArgument[];
  /** Types of the results, without alias annotations. */
  returns: string[];
  /** Names of the results, e.g. `["values", "indices"]`; empty if the schema names none. */
  returnNames: string[];
}

/**
 * Reads one schema line.
 * @throws TorchError if it is not one
 */
export function parseSchema(text: string): Schema {
  const match = /^([\w:.]+)\((.*)\) -> (.*)$/.exec(text);
  if (!match)
    throw new TorchError(
      `schema: expected name(arguments) -> returns, received ${text}. Write it as libtorch does: \`operatorSchema(name)\` prints one.`,
    );
  const [, name, list, returned] = match as unknown as [string, string, string, string];
  let keywordOnly = false;
  const args: SchemaArgument[] = [];
  for (const part of splitTop(list)) {
    if (part === "*") keywordOnly = true;
    else args.push({ ...parseArgument(part), keywordOnly });
  }
  const results = splitTop(/^\((.*)\)$/.exec(returned)?.[1] ?? returned).map((part) =>
    part.replace(/\([^)]*\)/g, "").split(" "),
  );
  const returns = results.map(([type]) => typeText(type!));
  return {
    name,
    arguments: args,
    returns,
    returnNames: results.flatMap(([, resultName]) => resultName ?? []),
  };
}

/** The overloads that one line stands for, each a schema in PyTorch's own notation. */
export function overloadsOf(text: string): string[] {
  const alternatives = /[\w[\]?]+(?:\|[\w[\]?]+)+/g;
  const count = alternatives.exec(text)?.[0].split("|").length ?? 1;
  return Array.from({ length: count }, (_, i) => text.replace(alternatives, (all) => all.split("|")[i]!));
}

function parseArgument(text: string): Omit<SchemaArgument, "keywordOnly"> {
  const space = text.indexOf(" ", text.indexOf(")") + 1);
  const [name, fallback] = text.slice(space + 1).split("=");
  return { type: typeText(text.slice(0, space)), name: name!, hasDefault: fallback !== undefined };
}

// `Tensor(a! -> *)[]` is `Tensor[]`; SymInt is what newer versions call an int that tracing may replace.
function typeText(text: string): string {
  return text.replace(/\([^)]*\)/g, "").replace(/SymInt/g, "int");
}

function splitTop(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= list.length; i++) {
    const c = list[i];
    if (c === "(" || c === "[") depth++;
    else if (c === ")" || c === "]") depth--;
    else if (i === list.length || (c === "," && depth === 0)) {
      if (i > start) parts.push(list.slice(start, i).trim());
      start = i + 1;
    }
  }
  return parts;
}
