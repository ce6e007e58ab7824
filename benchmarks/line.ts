/** One measurement: a JSON line on standard output. */
export interface Line {
  bench: string;
  case: string;
  unit: string;
  ours: number;
  /** Null where the reference is not installed; `referenceName` then still says which it would have been. */
  reference: number | null;
  referenceName: string;
  /** Greater than 1 means we are better, whichever way the unit points. */
  ratio: number | null;
}

/** @param better whether more or less of the unit is better */
export function print(line: Omit<Line, "ratio">, better: "more" | "less"): void {
  const { ours, reference } = line;
  const ratio = reference === null ? null : better === "more" ? ours / reference : reference / ours;
  const rounded = (value: number | null) => (value === null ? null : Number(value.toPrecision(4)));
  console.log(
    JSON.stringify({ ...line, ours: rounded(ours), reference: rounded(reference), ratio: rounded(ratio) }),
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
