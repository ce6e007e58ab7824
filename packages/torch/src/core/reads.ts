// How often values of tensors were asked for: on a GPU each time the processor waits until the GPU has come so far.

/**
 * Operators whose result depends on values, or on how many of them are not zero: libtorch copies these to the host. Indexing by booleans
 * is not among them, for it is no operator of its own.
 */
const READING: ReadonlySet<string> = new Set([
  "aten::item",
  "aten::_local_scalar_dense",
  "aten::is_nonzero",
  "aten::equal",
  "aten::allclose",
  "aten::nonzero",
  "aten::masked_select",
  "aten::repeat_interleave.Tensor",
  "aten::_unique2",
  "aten::unique_dim",
  "aten::unique_consecutive",
  "aten::bincount",
]);

let reads = 0;

/** @param name of an operator, with its overload */
export const readsValues = (name: string): boolean => READING.has(name);

/** Counts one more. */
export function countRead(): void {
  reads += 1;
}

/**
 * How often this thread has read values of tensors so far, by `item`, `toArray`, `toTypedArray` or an operator whose result has as many elements as
 * values ask for. The difference over a training step is how often the step makes a GPU's processor wait.
 */
export function dataReads(): number {
  return reads;
}
