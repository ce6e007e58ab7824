/** Bytes of one element, by dtype; the names are PyTorch's without `torch.`. */
export const BYTES_PER_ELEMENT = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
} as const;

/** An element's type, by PyTorch's name without `torch.`. */
export type Dtype = keyof typeof BYTES_PER_ELEMENT;

/** Whether a string names one of the dtypes, e.g. one read from a file. */
export function isDtype(name: string): name is Dtype {
  return Object.hasOwn(BYTES_PER_ELEMENT, name);
}
