/** Pickles written by hand, operation by operation: what no honest writer would make must be testable too. */
export type Pickled = Buffer;

function op(code: string, ...parts: readonly Uint8Array[]): Pickled {
  return Buffer.concat([Buffer.from(code, "latin1"), ...parts]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export const NONE = op("N");
export const TRUE = op("\x88");
export const FALSE = op("\x89");

/** A whole pickle of one value. */
export function pickle(value: Pickled, protocol = 2): Pickled {
  return op("\x80", Buffer.of(protocol), value, op("."));
}

/** Operations as they stand: for what has no function here. */
export function raw(code: string, ...parts: readonly Uint8Array[]): Pickled {
  return op(code, ...parts);
}

/** LONG1, of any safe integer or bigint. */
export function int(value: number | bigint): Pickled {
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)));
  bytes.writeBigInt64LE(BigInt(value) >> 64n, 8);
  return op("\x8a", Buffer.of(16), bytes);
}

export function float(value: number): Pickled {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return op("G", bytes);
}

export function text(value: string): Pickled {
  const bytes = Buffer.from(value, "utf8");
  return op("X", u32(bytes.length), bytes);
}

export function tuple(...items: readonly Pickled[]): Pickled {
  return op("(", ...items, op("t"));
}

export function list(...items: readonly Pickled[]): Pickled {
  return op("](", ...items, op("e"));
}

export function dict(...pairs: readonly (readonly [key: Pickled, value: Pickled])[]): Pickled {
  return op("}(", ...pairs.flat(), op("u"));
}

/** A dict with text keys. */
export function record(entries: Readonly<Record<string, Pickled>>): Pickled {
  return dict(...Object.entries(entries).map(([key, value]) => [text(key), value] as const));
}

export function global(module: string, name: string): Pickled {
  return op("c", Buffer.from(`${module}\n${name}\n`));
}

export function call(callee: Pickled, ...args: readonly Pickled[]): Pickled {
  return op("", callee, tuple(...args), op("R"));
}

/** Stores the value in a memo, and leaves it. */
export function memoised(index: number, value: Pickled): Pickled {
  return op("", value, op("r", u32(index)));
}

export function recalled(index: number): Pickled {
  return op("j", u32(index));
}

export interface StorageFields {
  readonly key?: string;
  /** PyTorch's class, without module. */
  readonly type?: string;
  readonly elements: number | bigint;
  /** The sixth field, in legacy files. */
  readonly view?: Pickled;
}

export function storage({ key = "0", type = "FloatStorage", elements, view }: StorageFields): Pickled {
  const fields = [text("storage"), global("torch", type), text(key), text("cpu"), int(elements)];
  return op("", tuple(...fields, ...(view === undefined ? [] : [view])), op("Q"));
}

export interface TensorFields extends StorageFields {
  readonly offset?: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** As `torch._utils._rebuild_tensor_v2` is called. */
export function tensor(fields: TensorFields): Pickled {
  return call(
    global("torch._utils", "_rebuild_tensor_v2"),
    storage(fields),
    int(fields.offset ?? 0),
    tuple(...fields.shape.map(int)),
    tuple(...fields.strides.map(int)),
    FALSE,
    call(global("collections", "OrderedDict")),
  );
}
