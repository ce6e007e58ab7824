import { quote, WeightsError } from "./errors.ts";
import {
  PickleDict,
  type PickleScalar,
  PickleTensor,
  type PickleValue,
  UnknownObject,
} from "./pickleValues.ts";
import { loadTensors, type StorageReader } from "./pthTensors.ts";
import type { StateDict } from "./tensorData.ts";

/** What `torch.save` wrote, as far as it is weights. */
export interface PthFile {
  /** The state dict, every tensor contiguous. */
  readonly tensors: StateDict;
  /** Names of what was not read: tensors of dtypes we have not, and objects that are neither tensors nor scalars. */
  readonly skipped: readonly string[];
  /** Plain values beside the tensors, such as epoch and arch. */
  readonly extra: ReadonlyMap<string, PickleScalar>;
}

/** Where checkpoints keep their state dict, in order of preference. A file may also be a state dict itself. */
const STATE_DICT_KEYS = ["state_dict", "model_state_dict", "model"] as const;

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
  const found = new Map<string, PickleTensor>();
  const skipped: string[] = [];
  for (const [key, value] of stateDict) {
    if (typeof key === "string" && value instanceof PickleTensor && value.storage.dtype)
      found.set(key, value);
    else skipped.push(keyName(key));
  }
  const extra = new Map<string, PickleScalar>();
  for (const [key, value] of beside) {
    if (value === null || typeof value !== "object") extra.set(keyName(key), value);
    else skipped.push(keyName(key));
  }
  return { tensors: loadTensors(file, found, limitBytes, readStorage), skipped, extra };
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
  return new WeightsError({
    file,
    reason: "no state dict",
    expected,
    received,
    remedy: "Save the weights alone: `torch.save(model.state_dict(), path)`.",
  });
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
