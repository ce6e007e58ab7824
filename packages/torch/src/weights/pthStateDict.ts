import type { Dtype } from "../dtype.ts";
import { quote, WeightsError } from "./errors.ts";
import {
  PickleDict,
  type PickleScalar,
  PickleTensor,
  type PickleValue,
  type StorageReference,
  UnknownObject,
} from "./pickleValues.ts";
import { contiguousBytes, reach } from "./stridedTensor.ts";
import { byteLength, type StateDict, type TensorData } from "./tensorData.ts";

/** What `torch.save` wrote, as far as it is weights. */
export interface PthFile {
  /** The state dict, every tensor contiguous. */
  readonly tensors: StateDict;
  /** Names of what was not read: tensors of dtypes we have not, and objects that are neither tensors nor scalars. */
  readonly skipped: readonly string[];
  /** Plain values beside the tensors, such as epoch and arch. */
  readonly extra: ReadonlyMap<string, PickleScalar>;
}

/** Reads the bytes of a storage, once. */
export type StorageReader = (reference: StorageReference) => Uint8Array;

/** Where checkpoints keep their state dict, in order of preference. A file may also be a state dict itself. */
const STATE_DICT_KEYS = ["state_dict", "model_state_dict", "model"] as const;

/** What all tensors of a file may come to, beyond some times its size: views may repeat the bytes of one storage. */
const EXPANSION_FACTOR = 4;
const EXPANSION_SLACK_BYTES = 2 ** 24;

/**
 * The most bytes that a file may expand to, by inflation as by tensors that share bytes: four times its size and
 * 16 MiB.
 */
export function expandedLimit(fileBytes: number): number {
  return EXPANSION_FACTOR * fileBytes + EXPANSION_SLACK_BYTES;
}

/**
 * Finds the state dict in what was pickled, and reads its tensors.
 * @param limitBytes see expandedLimit
 * @throws WeightsError if there is none, or a tensor does not fit its storage
 */
export function collectTensors(
  file: string,
  root: PickleValue,
  limitBytes: number,
  readStorage: StorageReader,
): PthFile {
  const { stateDict, beside } = findStateDict(file, root);
  const loader = new TensorLoader(file, limitBytes, readStorage);
  const tensors: StateDict = new Map();
  const skipped: string[] = [];
  const extra = new Map<string, PickleScalar>();
  for (const [key, value] of stateDict) {
    const name = keyName(key);
    if (!(value instanceof PickleTensor) || value.storage.dtype === undefined) skipped.push(name);
    else tensors.set(name, loader.load(name, value, value.storage.dtype));
  }
  for (const [key, value] of beside) {
    if (value === null || typeof value !== "object") extra.set(keyName(key), value);
    else skipped.push(keyName(key));
  }
  return { tensors, skipped, extra };
}

type Entries = Map<PickleValue, PickleValue>;

function findStateDict(file: string, root: PickleValue): { stateDict: Entries; beside: Entries } {
  if (!(root instanceof PickleDict)) throw noStateDict(file, describe(root));
  const entries = root.entries();
  for (const key of STATE_DICT_KEYS) {
    const value = entries.get(key);
    if (!(value instanceof PickleDict)) continue;
    entries.delete(key);
    return { stateDict: value.entries(), beside: entries };
  }
  const others = new Map([...entries].filter(([, value]) => !(value instanceof PickleTensor)));
  if (entries.size === 0 || others.size < entries.size) {
    for (const key of others.keys()) entries.delete(key);
    return { stateDict: entries, beside: others };
  }
  throw noStateDict(file, `a dict of ${[...entries.keys()].slice(0, 10).map(keyName).map(quote).join(", ")}`);
}

function noStateDict(file: string, received: string): WeightsError {
  const expected = `tensors by name, or a dict of them under ${STATE_DICT_KEYS.map(quote).join(", ")}`;
  return new WeightsError({ file, reason: "no state dict", expected, received });
}

function describe(value: PickleValue): string {
  if (value instanceof UnknownObject) return `a pickled ${quote(value.path)}`;
  return value === null || typeof value !== "object"
    ? `the value ${quote(String(value))}`
    : value.constructor.name;
}

/** Keys may be of any type; a state dict's are strings. */
function keyName(key: PickleValue): string {
  return typeof key === "string" ? key : typeof key === "object" && key !== null ? "(object)" : String(key);
}

/** Reads tensors as long as they stay within the limit together. */
class TensorLoader {
  readonly #file: string;
  readonly #limitBytes: number;
  readonly #readStorage: StorageReader;
  #bytes = 0;

  constructor(file: string, limitBytes: number, readStorage: StorageReader) {
    this.#file = file;
    this.#limitBytes = limitBytes;
    this.#readStorage = readStorage;
  }

  load(name: string, { storage, offset, shape, strides }: PickleTensor, dtype: Dtype): TensorData {
    const tensor = { dtype, offset: storage.firstElement + offset, shape, strides };
    this.#requireFit(name, reach(tensor), storage);
    this.#charge(name, byteLength(dtype, shape) ?? Number.POSITIVE_INFINITY);
    return { dtype, shape, bytes: contiguousBytes(tensor, this.#readStorage(storage)) };
  }

  #requireFit(name: string, elements: number, storage: StorageReference): void {
    const end = storage.firstElement + storage.usableElements;
    if (elements > end)
      throw this.#error(name, `to end within its storage of ${end} elements`, `${elements}`);
  }

  #charge(name: string, bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= this.#limitBytes) return;
    throw this.#error(
      name,
      `all tensors within ${this.#limitBytes} bytes for a file of this size`,
      `${this.#bytes}`,
    );
  }

  #error(name: string, expected: string, received: string): WeightsError {
    return new WeightsError({ file: this.#file, reason: `tensor ${quote(name)}`, expected, received });
  }
}
