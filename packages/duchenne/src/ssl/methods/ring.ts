// A ring of rows in a tensor: the next rows take the place of the oldest.
import { arange, ops, type Tensor } from "@duchenne/torch";

/** Where new rows go. */
export interface RingPlaces {
  /** The first of the new rows that stays: of more rows than the ring has, the last ones do. */
  readonly first: number;
  /** [count − first] int64 rows of the ring. */
  readonly rows: Tensor;
}

/**
 * The places of new rows, row after row and from the last on to the first. The pointer is never read back from the device.
 * @param pointer scalar int64, the row that the next goes to; moved past them   @param count of the new rows   @param size of the ring
 */
export function nextPlaces(pointer: Tensor, count: number, size: number): RingPlaces {
  const first = Math.max(0, count - size);
  const places = arange(first, count, 1, { device: pointer.device }).add(pointer);
  ops.copy_(pointer, pointer.add(count).remainder(size));
  return { first, rows: places.remainder(size) };
}
