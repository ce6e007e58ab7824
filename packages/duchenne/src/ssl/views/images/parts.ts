import type { Device } from "@duchenne/torch";

/**
 * Numbers that a processor's second-level cache holds besides what is made of them. A batch goes through all steps part by
 * part, since on a CPU most of them cost no more than the way to memory and back.
 */
const PART_ELEMENTS = 400_000;

/**
 * Divides n images among parts that fit a cache; on other devices they are one part.
 * @param elements numbers in an image
 */
export function parts(n: number, elements: number, device: Device): { first: number; count: number }[] {
  const most = device === "cpu" ? Math.max(1, Math.floor(PART_ELEMENTS / elements)) : n;
  return Array.from({ length: Math.ceil(n / most) }, (_, i) => ({
    first: i * most,
    count: Math.min(most, n - i * most),
  }));
}
