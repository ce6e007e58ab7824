import { quote, WeightsError } from "./errors.ts";
import type { PickleTensor, StorageReference } from "./pickleValues.ts";
import { contiguousBytes, reach, type StridedTensor } from "./stridedTensor.ts";
import { byteLength, type StateDict } from "./tensorData.ts";

/** Reads the bytes of a storage. */
export type StorageReader = (reference: StorageReference) => Uint8Array;

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
 * Reads tensors, each storage once.
 * @param limitBytes the most that all of them may come to; see expandedLimit
 * @throws WeightsError if that is exceeded, or a tensor does not fit its storage
 */
export function loadTensors(
  file: string,
  found: ReadonlyMap<string, PickleTensor>,
  limitBytes: number,
  readStorage: StorageReader,
): StateDict {
  // All are checked before the first is read.
  const planned = [...found].map(([name, tensor]) => ({ name, ...plan(file, name, tensor) }));
  requireLimit(file, planned, limitBytes);
  const storages = new SharedStorages(file, [...found.values()], readStorage);
  return new Map(
    planned.map(({ name, tensor, storage }) => {
      const { dtype, shape } = tensor;
      return [name, { dtype, shape, bytes: contiguousBytes(tensor, storages.take(storage)) }];
    }),
  );
}

interface PlannedTensor {
  readonly tensor: StridedTensor;
  readonly storage: StorageReference;
  readonly bytes: number;
}

function plan(file: string, name: string, { storage, offset, shape, strides }: PickleTensor): PlannedTensor {
  const fail = (expected: string, received: string, remedy?: string) =>
    new WeightsError({ file, reason: `tensor ${quote(name)}`, expected, received, remedy });
  if (storage.dtype === undefined)
    throw fail("a dtype known here", "another", "Convert it in PyTorch, as `x.float()`, and save it again.");
  const tensor = { dtype: storage.dtype, offset: storage.firstElement + offset, shape, strides };
  const bytes = byteLength(storage.dtype, shape);
  if (bytes === undefined) throw fail("fewer than 2^53 bytes", `shape [${shape.join(", ")}]`);
  const end = storage.firstElement + storage.usableElements;
  if (reach(tensor) > end) throw fail(`to end within its storage of ${end} elements`, `${reach(tensor)}`);
  return { tensor, storage, bytes };
}

function requireLimit(file: string, planned: readonly PlannedTensor[], limitBytes: number): void {
  const bytes = planned.reduce((sum, tensor) => sum + tensor.bytes, 0);
  if (bytes <= limitBytes) return;
  const expected = `at most ${limitBytes} bytes from a file of this size`;
  throw new WeightsError({
    file,
    reason: "tensors that share their storage",
    expected,
    received: `${bytes}`,
    remedy: "Save copies in PyTorch: `x.clone()` of each tensor.",
  });
}

/** Storages in use by several tensors, each read once and let go with the last of them. */
class SharedStorages {
  readonly #file: string;
  readonly #read: StorageReader;
  readonly #uses = new Map<string, number>();
  readonly #held = new Map<string, Uint8Array>();

  constructor(file: string, tensors: readonly PickleTensor[], read: StorageReader) {
    this.#file = file;
    this.#read = read;
    for (const { storage } of tensors) this.#uses.set(storage.key, (this.#uses.get(storage.key) ?? 0) + 1);
  }

  take(reference: StorageReference): Uint8Array {
    const left = (this.#uses.get(reference.key) ?? 1) - 1;
    const bytes = this.#held.get(reference.key) ?? this.#read(reference);
    this.#requireSize(reference, bytes);
    this.#uses.set(reference.key, left);
    if (left > 0) this.#held.set(reference.key, bytes);
    else this.#held.delete(reference.key);
    return bytes;
  }

  /** Every reference to a storage must agree with its bytes, not only the first. */
  #requireSize({ key, elements, bytesPerElement }: StorageReference, { byteLength }: Uint8Array): void {
    if (byteLength === elements * bytesPerElement) return;
    const expected = `${elements * bytesPerElement} bytes`;
    const reason = `storage ${quote(key)}`;
    throw new WeightsError({ file: this.#file, reason, expected, received: `${byteLength}` });
  }
}
