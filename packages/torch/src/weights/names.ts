import { quote, WeightsError } from "./errors.ts";

/** A parameter or buffer of a model, by its state-dict name. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** How names of a file are changed before they are compared with a model's. */
export interface MatchOptions {
  /**
   * Prefixes of names in the file, and what they become. Applied one after the other, each once: with
   * `[["module.", ""], ["backbone.", ""]]`, `module.backbone.conv1.weight` becomes `conv1.weight`.
   */
  readonly rename?: readonly (readonly [prefix: string, replacement: string])[];
}

/** A name that model and file share for tensors of different shapes. */
export interface ShapeMismatch {
  readonly name: string;
  /** The model's shape. */
  readonly expected: readonly number[];
  /** The file's. */
  readonly received: readonly number[];
}

/** What a state dict has of each tensor, be it in memory or in a file. */
interface Shaped {
  readonly shape: readonly number[];
}

/** What `matchNames` pairs, and what it cannot. */
export interface NameMatch<T extends Shaped> {
  /** The file's tensors by the model's names. */
  readonly matched: Map<string, T>;
  /** Names in the model that the file does not have. */
  readonly missing: readonly string[];
  /** Names in the file, as they stand there, that the model does not have. */
  readonly unexpected: readonly string[];
  /** Names in both, of different shapes. */
  readonly mismatched: readonly ShapeMismatch[];
}

/**
 * Pairs a model's tensors with a file's by name. Nothing is dropped silently: every name of either side is in exactly
 * one of the four lists.
 * @param model names and shapes, in the model's order
 * @throws WeightsError if two names of the file become one by renaming
 */
export function matchNames<T extends Shaped>(
  model: Iterable<NamedShape>,
  file: ReadonlyMap<string, T>,
  { rename = [] }: MatchOptions = {},
): NameMatch<T> {
  const unmatched = renameAll(file, rename);
  const matched = new Map<string, T>();
  const missing: string[] = [];
  const mismatched: ShapeMismatch[] = [];
  for (const { name, shape } of model) {
    const found = unmatched.get(name);
    unmatched.delete(name);
    if (found === undefined) missing.push(name);
    else if (isSameShape(found.tensor.shape, shape)) matched.set(name, found.tensor);
    else mismatched.push({ name, expected: shape, received: found.tensor.shape });
  }
  const unexpected = [...unmatched.values()].map(({ fileName }) => fileName);
  return { matched, missing, unexpected, mismatched };
}

interface FileTensor<T> {
  readonly fileName: string;
  readonly tensor: T;
}

function renameAll<T>(
  file: ReadonlyMap<string, T>,
  rename: NonNullable<MatchOptions["rename"]>,
): Map<string, FileTensor<T>> {
  const renamed = new Map<string, FileTensor<T>>();
  for (const [fileName, tensor] of file) {
    const name = rename.reduce(replacePrefix, fileName);
    const earlier = renamed.get(name);
    if (earlier !== undefined) {
      const reason = `${quote(earlier.fileName)} and ${quote(fileName)} both become ${quote(name)}`;
      throw new WeightsError({
        file: "renamed state dict",
        reason,
        remedy: "Change `rename` so that each tensor keeps a name of its own.",
      });
    }
    renamed.set(name, { fileName, tensor });
  }
  return renamed;
}

function replacePrefix(name: string, [prefix, replacement]: readonly [string, string]): string {
  return name.startsWith(prefix) ? replacement + name.slice(prefix.length) : name;
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, index) => size === b[index]);
}
