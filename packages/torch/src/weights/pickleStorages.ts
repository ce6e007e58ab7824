import { BYTES_PER_ELEMENT, type Dtype } from "../core/dtype.ts";
import {
  PickleGlobal,
  PickleStorage,
  PickleTuple,
  type PickleValue,
  type StorageReference,
} from "./pickleValues.ts";

/** PyTorch's storage classes that have a dtype of ours. */
const TYPED = new Map<string, Dtype>([
  ["DoubleStorage", "float64"],
  ["FloatStorage", "float32"],
  ["HalfStorage", "float16"],
  ["BFloat16Storage", "bfloat16"],
  ["LongStorage", "int64"],
  ["IntStorage", "int32"],
  ["ShortStorage", "int16"],
  ["CharStorage", "int8"],
  ["ByteStorage", "uint8"],
  ["BoolStorage", "bool"],
]);

/** The others, whose size must be known to step over them in a legacy file. */
const UNTYPED_BYTES = new Map<string, number>([
  ["UntypedStorage", 1],
  ["ComplexFloatStorage", 8],
  ["ComplexDoubleStorage", 16],
  ["QInt8Storage", 1],
  ["QUInt8Storage", 1],
  ["QInt32Storage", 4],
  ["QUInt4x2Storage", 1],
  ["QUInt2x4Storage", 1],
]);

const MODULES = new Set(["torch", "torch.cuda", "torch.storage"]);

/**
 * The storage that a persistent id refers to.
 * @param id ("storage", class, key, device, element count) and in legacy files a sixth: None, or (key, first element,
 * element count) of a part of the storage
 * @returns undefined if it is anything else
 */
export function storageOf(id: PickleValue): PickleStorage | undefined {
  const [kind, type, key, , elements, view] = id instanceof PickleTuple ? id.items : [];
  if (kind !== "storage" || !(type instanceof PickleGlobal) || !MODULES.has(type.module)) return undefined;
  const dtype = TYPED.get(type.name);
  const bytesPerElement = dtype === undefined ? UNTYPED_BYTES.get(type.name) : BYTES_PER_ELEMENT[dtype];
  const part = partOf(view ?? null, elements);
  if (bytesPerElement === undefined || typeof key !== "string" || part === undefined) return undefined;
  return new PickleStorage({ key, dtype, bytesPerElement, ...part });
}

type Part = Pick<StorageReference, "elements" | "firstElement" | "usableElements">;

function partOf(view: PickleValue, elements: PickleValue | undefined): Part | undefined {
  if (!isCount(elements)) return undefined;
  if (view === null) return { elements, firstElement: 0, usableElements: elements };
  const [, first, count] = view instanceof PickleTuple ? view.items : [];
  if (!isCount(first) || !isCount(count) || first + count > elements) return undefined;
  return { elements, firstElement: first, usableElements: count };
}

/** Bounded so that the count in bytes stays exact. */
function isCount(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 2 ** 48;
}
