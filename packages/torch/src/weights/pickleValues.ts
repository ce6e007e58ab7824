import type { Dtype } from "../core/dtype.ts";

/** A class or function a pickle names. It is never looked up, so never run. */
export class PickleGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** A list, to which a pickle may append later. */
export class PickleList {
  readonly items: PickleValue[] = [];
}

export class PickleTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/**
 * A dict of any flavour. Pairs are only recorded: most dicts of a checkpoint are never looked at, and keys may be of
 * any type.
 */
export class PickleDict {
  readonly pairs: [PickleValue, PickleValue][] = [];

  set(key: PickleValue, value: PickleValue): void {
    this.pairs.push([key, value]);
  }

  /** Values by key; of two with one key the later, as in Python. */
  entries(): Map<PickleValue, PickleValue> {
    return new Map(this.pairs);
  }
}

/** Whatever would have been made by code not on our table: its type's name and nothing else. */
export class UnknownObject {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
}

/** A reference to the bytes of a storage, which lie outside the pickle. */
export interface StorageReference {
  readonly key: string;
  /** Undefined for a type we have no dtype for: complex, quantised, untyped. */
  readonly dtype: Dtype | undefined;
  readonly bytesPerElement: number;
  /** Elements of the storage in the file. */
  readonly elements: number;
  /** Legacy files have storages that are part of another: the first element in use, and how many. */
  readonly firstElement: number;
  readonly usableElements: number;
}

export class PickleStorage {
  readonly reference: StorageReference;

  constructor(reference: StorageReference) {
    this.reference = reference;
  }
}

/** A tensor as the pickle describes it: not yet checked against its storage. */
export class PickleTensor {
  readonly storage: StorageReference;
  /** First element in the storage. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** [elements], as many as the shape has dimensions */
  readonly strides: readonly number[];

  constructor(
    { reference }: PickleStorage,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
  ) {
    this.storage = reference;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** A value of a pickle that holds no others. */
export type PickleScalar = null | boolean | number | bigint | string;

export type PickleValue =
  | PickleScalar
  | Uint8Array
  | PickleGlobal
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleStorage
  | PickleTensor
  | UnknownObject;
