// One call of one operator: resolve, write, cross, read.
import {
  ArgumentError,
  OperatorError,
  type OperatorErrorKind,
  type TorchError,
  UnknownOperatorError,
} from "./errors.ts";
import { Generator } from "./generator.ts";
import { ErrorKind, native } from "./native.ts";
import { argumentRemedyOf, remedyOf } from "./remedies.ts";
import { type Argument, type Result, readResults, refuseDisposed, writeArguments } from "./tape.ts";
import { Tensor } from "./tensor.ts";

const resolved = new Map<string, number>();

/**
 * The native index of an operator.
 * @param name `aten::add.Tensor`, or `aten::relu` if there is one overload of no name
 * @throws UnknownOperatorError if this libtorch has none
 */
export function resolve(name: string): number {
  let index = resolved.get(name);
  if (index === undefined) {
    const [base, overload] = splitName(name);
    index = native.findOperator(base, overload);
    if (index < 0) throw new UnknownOperatorError(name, native.version());
    resolved.set(name, index);
  }
  return index;
}

function splitName(name: string): [string, string] {
  const dot = name.indexOf(".", name.indexOf("::"));
  return dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
}

/** Calls an operator already resolved; `name` is for its errors. */
export function invoke(operator: number, name: string, values: readonly Argument[]): Result | undefined {
  const length = native.call(operator, writeArguments(name, values), values.length);
  if (length < 0) throw operatorError(name, values);
  return readResults(length, values);
}

/**
 * Calls any operator that libtorch registers, by name.
 * @param name e.g. `aten::add.Tensor`
 * @param values in the schema's order, keyword-only ones included; undefined takes the default
 * @returns undefined, a value, or a list of several values, as the schema says
 * @throws UnknownOperatorError, ArgumentError, DisposedError, OperatorError
 */
export function dispatch(name: string, values: readonly Argument[] = []): Result | undefined {
  return invoke(resolve(name), name, values);
}

/** Whether this libtorch registers the operator. */
export function hasOperator(name: string): boolean {
  return resolved.has(name) || native.schema(...splitName(name)) !== "";
}

/** Names of all operators, `aten::add.Tensor` and so on. */
export function operatorNames(): string[] {
  return native.operatorNames();
}

/**
 * An operator's schema as libtorch prints it, e.g. `aten::relu(Tensor self) -> Tensor`.
 * @throws UnknownOperatorError
 */
export function operatorSchema(name: string): string {
  const schema = native.schema(...splitName(name));
  if (!schema) throw new UnknownOperatorError(name, native.version());
  return schema;
}

function describe(value: Argument): string {
  if (value instanceof Tensor) return value.isDisposed ? "disposed" : value.describe();
  if (value instanceof Generator) return "Generator";
  if (!Array.isArray(value)) return typeof value === "string" ? JSON.stringify(value) : String(value);
  const shown = value.slice(0, 4).map(describe).join(", ");
  return `[${shown}${value.length > 4 ? `, … ${value.length}` : ""}]`;
}

const kinds: Record<number, OperatorErrorKind> = {
  [ErrorKind.operator]: "operator",
  [ErrorKind.index]: "index",
  [ErrorKind.notImplemented]: "notImplemented",
  [ErrorKind.outOfMemory]: "outOfMemory",
  [ErrorKind.unsupportedType]: "unsupportedType",
};

/** The typed form of the last native error. */
export function operatorError(name: string, values: readonly Argument[]): TorchError {
  const error = native.lastError();
  refuseDisposed(name, values);
  if (error.kind === ErrorKind.argument) {
    const expected = error.expected.replace("SymInt", "int");
    const remedy = argumentRemedyOf(name, expected, error.received);
    return new ArgumentError(name, error.argument, expected, error.received, remedy);
  }
  const remedy = remedyOf(name, values, error.message);
  return new OperatorError(
    name,
    values.map(describe),
    kinds[error.kind] ?? "operator",
    error.message,
    remedy,
  );
}
