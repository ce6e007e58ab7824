import { ByteCursor } from "./byteCursor.ts";
import type { ByteSource } from "./byteSource.ts";
import { quote, SAVE_AGAIN, SAVE_LITTLE_ENDIAN, WeightsError } from "./errors.ts";
import { readPickle } from "./pickle.ts";
import { PickleDict, PickleList, type PickleValue, type StorageReference } from "./pickleValues.ts";
import { collectTensors, type PthFile } from "./pthStateDict.ts";
import { expandedLimit } from "./pthTensors.ts";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL_VERSION = 1001;

/**
 * Reads the format of `torch.save` before PyTorch 1.6: five pickles (magic number, version, machine, object, storage
 * keys), then each storage as an element count and its bytes. Only the storages of the state dict are read.
 * @throws WeightsError
 */
export function readLegacyFormat(source: ByteSource): PthFile {
  const cursor = new ByteCursor(source);
  requireHead(source.name, cursor);
  const references = new StorageReferences(source.name);
  const root = readPickle(cursor, (reference) => references.add(reference));
  const offsets = locateStorages(source, references, readPickle(cursor), cursor.offset);
  const readStorage = ({ key, elements, bytesPerElement }: StorageReference): Uint8Array => {
    const offset = offsets.get(key);
    if (offset === undefined) throw storageError(source.name, key, "is not in the file");
    return source.read(offset, elements * bytesPerElement);
  };
  return collectTensors(source.name, root, expandedLimit(source.size), readStorage);
}

function requireHead(file: string, cursor: ByteCursor): void {
  if (readPickle(cursor) !== MAGIC) {
    throw new WeightsError({
      file,
      offset: 0,
      reason: "no file written by torch.save: wrong magic number",
      remedy: SAVE_AGAIN,
    });
  }
  const version = readPickle(cursor);
  if (version !== PROTOCOL_VERSION) {
    const received = typeof version === "number" ? `${version}` : "something else";
    throw new WeightsError({
      file,
      reason: "format version",
      expected: `${PROTOCOL_VERSION}`,
      received,
      remedy: SAVE_AGAIN,
    });
  }
  const machine = readPickle(cursor);
  const isLittleEndian = machine instanceof PickleDict && machine.entries().get("little_endian") === true;
  if (!isLittleEndian) {
    throw new WeightsError({
      file,
      reason: "byte order",
      expected: "little",
      received: "big or unknown",
      remedy: SAVE_LITTLE_ENDIAN,
    });
  }
}

/** What the pickle says of each storage: the same every time. */
class StorageReferences {
  readonly #file: string;
  readonly #byKey = new Map<string, StorageReference>();

  constructor(file: string) {
    this.#file = file;
  }

  add(reference: StorageReference): void {
    const known = this.#byKey.get(reference.key) ?? reference;
    const agrees =
      known.elements === reference.elements && known.bytesPerElement === reference.bytesPerElement;
    if (!agrees) throw storageError(this.#file, reference.key, "is described in two ways");
    this.#byKey.set(reference.key, known);
  }

  get(key: PickleValue): StorageReference {
    const reference = typeof key === "string" ? this.#byKey.get(key) : undefined;
    if (reference !== undefined) return reference;
    throw storageError(
      this.#file,
      typeof key === "string" ? key : "?",
      "is in the file, but of unknown size",
    );
  }
}

/** Where each storage's bytes start: they follow each other in the order of the keys, each behind its element count. */
function locateStorages(
  source: ByteSource,
  references: StorageReferences,
  keys: PickleValue,
  start: number,
): Map<string, number> {
  if (!(keys instanceof PickleList))
    throw new WeightsError({ file: source.name, reason: "no list of storage keys" });
  const offsets = new Map<string, number>();
  let position = start;
  for (const item of keys.items) {
    const { key, elements, bytesPerElement } = references.get(item);
    if (offsets.has(key)) throw storageError(source.name, key, "is listed twice");
    const count = new ByteCursor(source, position, 8).u64();
    if (count !== elements)
      throw storageError(source.name, key, `has ${count} elements, the pickle says ${elements}`);
    offsets.set(key, position + 8);
    position += 8 + elements * bytesPerElement;
  }
  if (position <= source.size) return offsets;
  const [expected, received] = [`${position} bytes`, `${source.size}`];
  throw new WeightsError({ file: source.name, reason: "truncated", expected, received });
}

function storageError(file: string, key: string, what: string): WeightsError {
  return new WeightsError({ file, reason: `storage ${quote(key)} ${what}` });
}
