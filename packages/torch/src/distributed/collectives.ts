// Collectives of a process group. Each rank calls the same ones in the same order; a call returns once its result is there, and
// blocks the event loop until then.
import { noGrad } from "../core/autograd.ts";
import { tensor as tensorOf } from "../core/data.ts";
import { ArgumentError, ShapeError } from "../core/errors.ts";
import { operator } from "../core/operator.ts";
import * as ops from "../core/operators.ts";
import { scope } from "../core/scope.ts";
import type { Tensor } from "../core/tensor.ts";
import { inGroup } from "./processGroup.ts";

const allReduceNative = operator("duchenne::all_reduce_(Tensor(a!) self, str op) -> Tensor(a!)");
const allReduceStart = operator("duchenne::all_reduce_start(Tensor(a!) self, str op) -> int");
const waitNative = operator("duchenne::wait(int work) -> ()");
const allGatherNative = operator("duchenne::all_gather(Tensor self) -> Tensor");
const broadcastNative = operator("duchenne::broadcast_(Tensor(a!) self, int root) -> Tensor(a!)");
const barrierNative = operator("duchenne::barrier() -> ()");
const asStrided = operator(
  "aten::as_strided(Tensor(a) self, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> Tensor(a)",
);

/** How elements of the same place are put together. */
export type ReduceOp = "sum" | "max" | "min" | "product";

const REDUCTIONS: readonly ReduceOp[] = ["sum", "max", "min", "product"];

function checkReduction(operation: string, reduction: ReduceOp): void {
  if (!REDUCTIONS.includes(reduction))
    throw new ArgumentError(
      operation,
      "reduction",
      `one of ${REDUCTIONS.join(", ")}`,
      String(reduction),
      "Use one of these; for a mean, divide the sum.",
    );
}

/**
 * Reduces a tensor over all ranks, in place. Autograd does not record it.
 * @param tensor any shape, the same on each rank   @param reduction default: sum
 * @returns the tensor
 * @throws ProcessGroupError if a rank has ended or does not answer; OperatorError for another dtype than Gloo takes
 */
export function allReduce(tensor: Tensor, reduction: ReduceOp = "sum"): Tensor {
  checkReduction("allReduce", reduction);
  return inGroup("allReduce", () => noGrad(() => allReduceNative(tensor, reduction)));
}

/** An all-reduce on its way. */
export interface AllReduce {
  /**
   * Waits until the tensor holds the result; a second call does nothing.
   * @throws ProcessGroupError if a rank has ended or does not answer
   */
  wait(): void;
}

/**
 * Begins to reduce a tensor over all ranks, in place; neither read nor write it before `wait`.
 * @param tensor dense in memory, with elements
 * @throws as allReduce does
 */
export function allReduceAsync(tensor: Tensor, reduction: ReduceOp = "sum"): AllReduce {
  checkReduction("allReduceAsync", reduction);
  const work = inGroup("allReduceAsync", () => noGrad(() => allReduceStart(tensor, reduction)));
  let waiting = true;
  return {
    wait() {
      if (!waiting) return;
      waiting = false;
      inGroup("allReduceAsync", () => waitNative(work));
    },
  };
}

/**
 * Gathers a tensor of each rank, detached.
 * @param tensor any shape, the same on each rank
 * @returns [worldSize, …shape], in the order of ranks
 * @throws ProcessGroupError if a rank has ended or does not answer
 */
export function allGather(tensor: Tensor): Tensor {
  return inGroup("allGather", () => noGrad(() => allGatherNative(tensor)));
}

/**
 * Gathers rows, of which each rank may have another number.
 * @param rows [n, …], the same shape but for n on each rank
 * @returns [n of all ranks, …], in the order of ranks
 * @throws ShapeError for a scalar; ProcessGroupError
 */
export function allGatherRows(rows: Tensor): Tensor {
  const [count, ...rest] = rows.shape;
  if (count === undefined)
    throw new ShapeError("allGatherRows", "[n, …]", rows.describe(), "Make a row of it: `x.unsqueeze(0)`.");
  return noGrad(() =>
    scope(() => {
      const counts = Array.from(allGather(tensorOf([count], { dtype: "int64" })).toTypedArray(), Number);
      const most = Math.max(...counts);
      const padding = ops.zeros([most - count, ...rest], { dtype: rows.dtype, device: rows.device });
      const all = allGather(most === count ? rows : ops.cat([rows.detach(), padding]));
      return ops.cat(counts.map((n, rank) => all.at(rank).at([0, n])));
    }),
  );
}

/**
 * Gathers a text of each rank.
 * @returns one per rank, in their order
 * @throws ProcessGroupError
 */
export function allGatherText(text: string): string[] {
  return scope(() => {
    const bytes = new TextEncoder().encode(text);
    const rows = allGather(tensorOf([bytes.length], { dtype: "int64" }));
    const lengths = Array.from(rows.toTypedArray(), Number);
    const padded = new Uint8Array(Math.max(...lengths, 1));
    padded.set(bytes);
    const all = allGather(tensorOf(padded)).contiguous().toTypedArray() as Uint8Array;
    return lengths.map((length, rank) => {
      const start = rank * padded.length;
      return new TextDecoder().decode(all.subarray(start, start + length));
    });
  });
}

/**
 * Copies one rank's tensor into everyone's, in place.
 * @param tensor any shape, the same on each rank   @param root the rank that has it
 * @returns the tensor
 * @throws ProcessGroupError if a rank has ended or does not answer; OperatorError for a root that is no rank
 */
export function broadcast(tensor: Tensor, root = 0): Tensor {
  return inGroup("broadcast", () => noGrad(() => broadcastNative(tensor, root)));
}

/**
 * Waits until every rank is here.
 * @throws ProcessGroupError if a rank has ended or does not come within the timeout
 */
export function barrier(): void {
  inGroup("barrier", () => barrierNative());
}

/** Bytes of a bucket: large enough that a message's start costs nothing, small enough that several are on their way. */
const BUCKET_BYTES = 8 * 2 ** 20;

/**
 * Sums tensors over all ranks, in place: large ones as they lie, small ones together, all on their way at once.
 * @param tensors dense in memory, in the same order and layout on each rank
 * @throws ShapeError for a tensor with gaps in memory; ProcessGroupError if a rank has ended or does not answer
 */
export function sumInBuckets(tensors: readonly Tensor[], bucketBytes: number = BUCKET_BYTES): void {
  for (const tensor of tensors)
    if (!isDense(tensor))
      throw new ShapeError(
        "sumInBuckets",
        "a tensor without gaps in memory",
        tensor.describe(),
        "Pass `x.contiguous()`, and copy the sum back.",
      );
  noGrad(() =>
    scope(() => {
      const buckets = intoBuckets(tensors, bucketBytes).map((bucket) => {
        const flat = bucket.length === 1 ? bucket[0]! : ops.cat(bucket.map(inMemoryOrder));
        return { bucket, flat, work: allReduceAsync(flat) };
      });
      for (const { bucket, flat, work } of buckets) {
        work.wait();
        if (bucket.length > 1) copyBack(bucket, flat);
      }
    }),
  );
}

function intoBuckets(tensors: readonly Tensor[], bucketBytes: number): Tensor[][] {
  const buckets: Tensor[][] = [];
  let open: Tensor[] = [];
  let bytes = 0;
  for (const tensor of tensors) {
    const size = tensor.numel * 8;
    if (tensor.numel === 0) continue;
    // One that fills a bucket alone need not be copied.
    if (size >= bucketBytes / 4) {
      buckets.push([tensor]);
      continue;
    }
    if (open.length > 0 && (bytes + size > bucketBytes || !likes(open[0]!, tensor))) {
      buckets.push(open);
      [open, bytes] = [[], 0];
    }
    open.push(tensor);
    bytes += size;
  }
  if (open.length > 0) buckets.push(open);
  return buckets;
}

/** Whether its elements fill a stretch of memory, in whatever order. */
function isDense({ shape, strides }: Tensor): boolean {
  const dimensions = shape.map((size, i) => ({ size, stride: strides[i]! })).filter(({ size }) => size !== 1);
  let expected = 1;
  for (const { size, stride } of dimensions.toSorted((a, b) => a.stride - b.stride)) {
    if (stride !== expected) return false;
    expected *= size;
  }
  return true;
}

const likes = (a: Tensor, b: Tensor): boolean => a.dtype === b.dtype && a.device === b.device;

/** [numel] in the order in which its elements lie: a channels-last gradient is not copied into another order. */
function inMemoryOrder(tensor: Tensor): Tensor {
  return asStrided(tensor, [tensor.numel], [1]);
}

function copyBack(bucket: readonly Tensor[], flat: Tensor): void {
  let start = 0;
  for (const tensor of bucket) {
    inMemoryOrder(tensor).copy_(flat.at([start, start + tensor.numel]));
    start += tensor.numel;
  }
}
