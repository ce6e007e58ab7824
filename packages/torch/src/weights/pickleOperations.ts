import { SAVE_STATE_DICT } from "./errors.ts";
import type { PickleMachine } from "./pickle.ts";
import { construct } from "./pickleConstructors.ts";
import { storageOf } from "./pickleStorages.ts";
import {
  PickleDict,
  PickleGlobal,
  PickleList,
  PickleTensor,
  PickleTuple,
  type PickleValue,
  UnknownObject,
} from "./pickleValues.ts";

type Operation = (machine: PickleMachine) => void;

/** No integer PyTorch writes is longer (a seed, a magic number); parsing much longer ones is slow. */
const LONGEST_INTEGER_BYTES = 1024;

const HIGHEST_PROTOCOL = 5;

/** An operation that pushes what it reads from the pickle. */
function literal(read: (machine: PickleMachine) => PickleValue): Operation {
  return (machine) => machine.push(read(machine));
}

function bytesOf(lengthOf: (machine: PickleMachine) => number): Operation {
  return literal((machine) => machine.cursor.bytes(lengthOf(machine)));
}

function textOf(lengthOf: (machine: PickleMachine) => number): Operation {
  return literal((machine) => machine.cursor.utf8(lengthOf(machine)));
}

const u8 = ({ cursor }: PickleMachine) => cursor.u8();
const i32 = ({ cursor }: PickleMachine) => cursor.i32();
const u32 = ({ cursor }: PickleMachine) => cursor.u32();
const u64 = ({ cursor }: PickleMachine) => cursor.u64();

/** Operations by their byte. The names are pickletools'. */
const TABLE: readonly (readonly [name: string, code: string, operation: Operation])[] = [
  ["PROTO", "\x80", readProtocol],
  ["FRAME", "\x95", ({ cursor }) => void cursor.u64()],

  ["NONE", "N", literal(() => null)],
  ["NEWTRUE", "\x88", literal(() => true)],
  ["NEWFALSE", "\x89", literal(() => false)],
  ["INT", "I", literal(readInt)],
  ["LONG", "L", literal((machine) => decimal(machine, machine.cursor.line().replace(/L$/, "")))],
  ["BININT", "J", literal(i32)],
  ["BININT1", "K", literal(u8)],
  ["BININT2", "M", literal(({ cursor }) => cursor.u16())],
  ["LONG1", "\x8a", literal((machine) => readLong(machine, machine.cursor.u8()))],
  ["LONG4", "\x8b", literal((machine) => readLong(machine, machine.cursor.u32()))],
  ["BINFLOAT", "G", literal(({ cursor }) => cursor.f64BigEndian())],

  ["BINUNICODE", "X", textOf(u32)],
  ["SHORT_BINUNICODE", "\x8c", textOf(u8)],
  ["BINUNICODE8", "\x8d", textOf(u64)],
  // Python 2's strings are bytes, and names among them ASCII.
  ["BINSTRING", "T", literal(({ cursor }) => cursor.latin1(cursor.u32()))],
  ["SHORT_BINSTRING", "U", literal(({ cursor }) => cursor.latin1(cursor.u8()))],
  ["BINBYTES", "B", bytesOf(u32)],
  ["SHORT_BINBYTES", "C", bytesOf(u8)],
  ["BINBYTES8", "\x8e", bytesOf(u64)],
  ["BYTEARRAY8", "\x96", bytesOf(u64)],

  ["MARK", "(", (machine) => machine.mark()],
  ["POP", "0", (machine) => void (machine.dropBareMark() || machine.pop())],
  ["POP_MARK", "1", (machine) => void machine.popMark()],
  ["DUP", "2", (machine) => machine.push(machine.top())],

  ["EMPTY_TUPLE", ")", literal(() => new PickleTuple([]))],
  ["TUPLE1", "\x85", (machine) => pushTuple(machine, 1)],
  ["TUPLE2", "\x86", (machine) => pushTuple(machine, 2)],
  ["TUPLE3", "\x87", (machine) => pushTuple(machine, 3)],
  ["TUPLE", "t", literal((machine) => new PickleTuple(machine.popMark()))],
  ["EMPTY_LIST", "]", literal(() => new PickleList())],
  ["LIST", "l", literal((machine) => append(machine, new PickleList(), machine.popMark()))],
  ["APPEND", "a", (machine) => appendToTop(machine, [machine.pop()])],
  ["APPENDS", "e", (machine) => appendToTop(machine, machine.popMark())],
  ["EMPTY_DICT", "}", literal(() => new PickleDict())],
  ["DICT", "d", literal((machine) => setItems(machine, new PickleDict(), machine.popMark()))],
  ["SETITEM", "s", (machine) => setItemsOfTop(machine, [machine.pop(), machine.pop()].reverse())],
  ["SETITEMS", "u", (machine) => setItemsOfTop(machine, machine.popMark())],
  // No set is of use to us.
  ["EMPTY_SET", "\x8f", literal(() => new UnknownObject("builtins.set"))],
  ["ADDITEMS", "\x90", (machine) => void machine.popMark()],
  ["FROZENSET", "\x91", replaceMarked(() => "builtins.frozenset")],

  ["PUT", "p", (machine) => machine.remember(machine.top(), readIndex(machine))],
  ["BINPUT", "q", (machine) => machine.remember(machine.top(), machine.cursor.u8())],
  ["LONG_BINPUT", "r", (machine) => machine.remember(machine.top(), machine.cursor.u32())],
  ["MEMOIZE", "\x94", (machine) => machine.remember(machine.top())],
  ["GET", "g", literal((machine) => machine.recall(readIndex(machine)))],
  ["BINGET", "h", literal((machine) => machine.recall(machine.cursor.u8()))],
  ["LONG_BINGET", "j", literal((machine) => machine.recall(machine.cursor.u32()))],

  ["GLOBAL", "c", literal(({ cursor }) => new PickleGlobal(cursor.line(), cursor.line()))],
  ["STACK_GLOBAL", "\x93", literal(popGlobal)],
  ["REDUCE", "R", literal(callTop)],
  ["BUILD", "b", dropState],
  ["NEWOBJ", "\x81", literal((machine) => popObject(machine, 1))],
  ["NEWOBJ_EX", "\x92", literal((machine) => popObject(machine, 2))],
  ["INST", "i", replaceMarked(({ cursor }) => `${cursor.line()}.${cursor.line()}`)],
  ["OBJ", "o", replaceMarked(() => "(old-style object)")],
  ["BINPERSID", "Q", literal(popPersistent)],
];

/** What is done for each opcode that a state dict needs; any other is refused. */
export const OPERATIONS: ReadonlyMap<number, Operation> = new Map(
  TABLE.map(([, code, operation]) => [code.charCodeAt(0), operation]),
);

function readProtocol(machine: PickleMachine): void {
  const protocol = machine.cursor.u8();
  if (protocol > HIGHEST_PROTOCOL)
    throw machine.error(`unsupported pickle protocol ${protocol}`, SAVE_STATE_DICT);
}

/** Protocols 0 and 1 write booleans as 00 and 01. */
function readInt(machine: PickleMachine): PickleValue {
  const text = machine.cursor.line();
  return text === "00" || text === "01" ? text === "01" : decimal(machine, text);
}

function decimal(machine: PickleMachine, text: string): number | bigint {
  if (!/^-?[0-9]+$/.test(text)) throw machine.error("pickle holds a malformed integer");
  return narrow(BigInt(text));
}

/** A two's complement integer, little-endian. */
function readLong(machine: PickleMachine, length: number): number | bigint {
  if (length > LONGEST_INTEGER_BYTES) throw machine.error(`pickle holds an integer of ${length} bytes`);
  if (length === 0) return 0;
  const digits = Buffer.from(machine.cursor.bytes(length)).reverse().toString("hex");
  return narrow(BigInt.asIntN(8 * length, BigInt(`0x${digits}`)));
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readIndex(machine: PickleMachine): number {
  const index = Number(decimal(machine, machine.cursor.line()));
  if (index < 0) throw machine.error("pickle holds a negative memo number");
  return index;
}

function pushTuple(machine: PickleMachine, length: number): void {
  const items = Array.from({ length }, () => machine.pop());
  machine.push(new PickleTuple(items.reverse()));
}

function append<Target extends PickleValue>(
  machine: PickleMachine,
  target: Target,
  items: PickleValue[],
): Target {
  // An unknown object may be a kind of list: it has no content for us.
  if (target instanceof PickleList) for (const item of items) target.items.push(item);
  else if (!(target instanceof UnknownObject))
    throw machine.error("pickle appends to something that is no list");
  return target;
}

function appendToTop(machine: PickleMachine, items: PickleValue[]): void {
  append(machine, machine.top(), items);
}

function setItems<Target extends PickleValue>(
  machine: PickleMachine,
  target: Target,
  items: PickleValue[],
): Target {
  if (items.length % 2 !== 0) throw machine.error("pickle sets a key without a value");
  if (target instanceof PickleDict) {
    for (let at = 0; at < items.length; at += 2) target.set(items[at]!, items[at + 1]!);
  } else if (!(target instanceof UnknownObject))
    throw machine.error("pickle sets items of something that is no dict");
  return target;
}

function setItemsOfTop(machine: PickleMachine, items: PickleValue[]): void {
  setItems(machine, machine.top(), items);
}

function popGlobal(machine: PickleMachine): PickleValue {
  const [name, module] = [machine.pop(), machine.pop()];
  if (typeof name === "string" && typeof module === "string") return new PickleGlobal(module, name);
  throw machine.error("pickle names a class by something that is no string");
}

function callTop(machine: PickleMachine): PickleValue {
  const [args, callee] = [machine.pop(), machine.pop()];
  return construct(callee, args, (items) => machine.charge(items));
}

/** Attributes: of an unknown object we want none, and those of tensors and dicts are not weights. */
function dropState(machine: PickleMachine): void {
  machine.pop();
  const target = machine.top();
  const canHaveState = [UnknownObject, PickleDict, PickleTensor].some((type) => target instanceof type);
  if (!canHaveState) throw machine.error("pickle sets attributes of something that has none");
}

/** Takes a class and its arguments (one or two values above it). */
function popObject(machine: PickleMachine, argumentCount: number): PickleValue {
  for (let index = 0; index < argumentCount; index++) machine.pop();
  const type = machine.pop();
  return new UnknownObject(type instanceof PickleGlobal ? type.path : "(object of an unknown class)");
}

/** Takes everything above the last mark, and pushes an unknown object. */
function replaceMarked(pathOf: (machine: PickleMachine) => string): Operation {
  return (machine) => {
    machine.popMark();
    machine.push(new UnknownObject(pathOf(machine)));
  };
}

function popPersistent(machine: PickleMachine): PickleValue {
  const storage = storageOf(machine.pop());
  if (storage === undefined) return new UnknownObject("(persistent object)");
  machine.onStorage(storage.reference);
  return storage;
}
