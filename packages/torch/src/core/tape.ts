// The JavaScript half of native/tape.h: values to and from one array of doubles.
import { ArgumentError, DisposedError, disposedTensor } from "./errors.ts";
import { Generator } from "./generator.ts";
import { isLoaded, native, whenLoaded } from "./native.ts";
import { Tensor } from "./tensor.ts";

/** The tags of native/tape.h. */
export const Tag = {
  default: 0,
  null: 1,
  number: 2,
  bool: 3,
  bigint: 4,
  tensor: 5,
  string: 6,
  generator: 7,
  list: 8,
  same: 9,
} as const;

/** What an operator takes. Which of these fits which parameter is the schema's to say. */
export type Argument =
  | undefined
  | null
  | number
  | bigint
  | boolean
  | string
  | Tensor
  | Generator
  | readonly Argument[];

/** What an operator gives back. */
export type Result = null | number | bigint | boolean | Tensor | Result[];

/** What crosses: arguments one way, results the other. A longer one replaces it when need be. */
export let tape = new Float64Array(1 << 12);
let bits = new BigInt64Array(tape.buffer);
let position = 0;
whenLoaded(() => native.setTape(tape));

/** Makes room for `length` values, keeping those written so far. */
export function reserve(length: number): void {
  if (length <= tape.length) return;
  const larger = new Float64Array(Math.max(length, tape.length * 2));
  larger.set(tape);
  tape = larger;
  bits = new BigInt64Array(tape.buffer);
  if (isLoaded()) native.setTape(tape);
}

const interned = new Map<string, number>();

function intern(text: string): number {
  let id = interned.get(text);
  if (id === undefined) {
    id = native.intern(text);
    interned.set(text, id);
  }
  return id;
}

function put(tag: number, payload: number): void {
  if (position + 2 > tape.length) reserve(position + 2);
  tape[position] = tag;
  tape[position + 1] = payload;
  position += 2;
}

function putTag(tag: number): void {
  if (position + 1 > tape.length) reserve(position + 1);
  tape[position++] = tag;
}

// No schema nests lists further; a list that holds itself would nest for ever.
const deepestList = 4;

function refused(operator: string, expected: string, received: string): ArgumentError {
  return new ArgumentError(operator, "", expected, received, "Convert it to one of these first.");
}

function write(operator: string, value: Argument, depth: number): void {
  if (value instanceof Tensor) return put(Tag.tensor, value.slot);
  switch (typeof value) {
    case "number":
      return put(Tag.number, value);
    case "undefined":
      return putTag(Tag.default);
    case "boolean":
      return put(Tag.bool, value ? 1 : 0);
    case "string":
      return put(Tag.string, intern(value));
    case "bigint":
      if (BigInt.asIntN(64, value) !== value) throw refused(operator, "an integer of 64 bits", `${value}n`);
      put(Tag.bigint, 0);
      bits[position - 1] = value;
      return;
  }
  if (value === null) return putTag(Tag.null);
  if (value instanceof Generator) return put(Tag.generator, value.id);
  if (Array.isArray(value)) {
    if (depth === deepestList) throw refused(operator, `lists at most ${deepestList} deep`, "a deeper one");
    put(Tag.list, value.length);
    for (const item of value) write(operator, item, depth + 1);
    return;
  }
  throw refused(operator, "a tensor, number, boolean, string, generator, list or null", kindOf(value));
}

function kindOf(value: unknown): string {
  return typeof value === "object" ? (value?.constructor?.name ?? "an object") : typeof value;
}

/**
 * Writes the arguments of one call from the tape's start; returns how many tape values they take.
 * @throws ArgumentError for what no operator takes
 */
export function writeArguments(operator: string, values: readonly Argument[]): number {
  position = 0;
  for (let i = 0; i < values.length; i++) write(operator, values[i], 0);
  return position;
}

function readOne(values: readonly Argument[]): Result {
  const tag = tape[position++];
  if (tag === Tag.null) return null;
  const payload = tape[position++]!;
  switch (tag) {
    case Tag.tensor:
      return new Tensor(payload);
    case Tag.number:
      return payload;
    case Tag.bool:
      return payload !== 0;
    case Tag.bigint:
      return bits[position - 1]!;
    case Tag.same:
      return values[payload] as Tensor;
    default: {
      const list: Result[] = [];
      for (let i = 0; i < payload; i++) list.push(readOne(values));
      return list;
    }
  }
}

/**
 * Reads the results of the last call.
 * @param length tape values it gave   @param values its arguments, which in-place operators return
 * @returns undefined for none, the value for one, a list for several
 */
export function readResults(length: number, values: readonly Argument[]): Result | undefined {
  if (length === 2 && tape[0] === Tag.tensor) return new Tensor(tape[1]!);
  if (length === 0) return undefined;
  if (length > tape.length) {
    reserve(length);
    native.results();
  }
  position = 0;
  const first = readOne(values);
  if (position >= length) return first;
  const all = [first];
  while (position < length) all.push(readOne(values));
  return all;
}

/** @throws DisposedError if any of the values is a disposed tensor or generator */
export function refuseDisposed(operator: string, values: readonly Argument[]): void {
  for (const [index, value] of values.entries()) {
    if (value instanceof Tensor && value.isDisposed)
      throw disposedTensor(operator, `argument ${index}`, value.slot);
    if (value instanceof Generator && value.isDisposed)
      throw new DisposedError(
        operator,
        `argument ${index}`,
        "a live Generator",
        "a disposed Generator",
        "Dispose it after its last use.",
      );
    if (Array.isArray(value)) refuseDisposed(operator, value as readonly Argument[]);
  }
}
