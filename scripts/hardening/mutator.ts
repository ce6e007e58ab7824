/** Mutations of bytes: what damaged disks, cut downloads and hostile senders do. The same seed gives the same ones. */
import type { Random } from "../../packages/duchenne/src/lib/random.ts";

/** Numbers at which readers go wrong: sizes and counts just below, at and above what fits. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

const whole = (random: Random, below: number): number => random.integer(Math.max(1, below));

type Mutation = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const at = whole(random, bytes.length);
    bytes[at]! ^= 1 << whole(random, 8);
    return bytes;
  },
  function replaceByte(bytes, random) {
    bytes[whole(random, bytes.length)] = whole(random, 256);
    return bytes;
  },
  function writeEdge(bytes, random) {
    const width = [1, 2, 4][whole(random, 3)]!;
    if (bytes.length < width) return bytes;
    const at = whole(random, bytes.length - width + 1);
    const value = EDGES[whole(random, EDGES.length)]! % 2 ** (8 * width);
    if (random.uniform() < 0.5) bytes.writeUIntLE(value, at, width);
    else bytes.writeUIntBE(value, at, width);
    return bytes;
  },
  function cutEnd(bytes, random) {
    return bytes.subarray(0, whole(random, bytes.length));
  },
  function removeMiddle(bytes, random) {
    const at = whole(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + whole(random, 64))]);
  },
  function repeatMiddle(bytes, random) {
    const at = whole(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, at + 1 + whole(random, 64)), bytes.subarray(at)]);
  },
  function splice(bytes, random, others) {
    const other = others[whole(random, others.length)]!;
    const at = whole(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), other.subarray(whole(random, other.length))]);
  },
  function changeDigit(bytes, random) {
    // Text formats: a number becomes another, or a name for something that is none.
    const digits = [...bytes.subarray(0, 4096).entries()].filter(([, byte]) => byte >= 0x30 && byte <= 0x39);
    const found = digits[whole(random, Math.max(1, digits.length))];
    if (found === undefined) return bytes;
    const words = ["-1", "1e400", "NaN", "null", "99999999999999999999", '"__proto__"', "[]", "{}"];
    const word = Buffer.from(words[whole(random, words.length)]!);
    return Buffer.concat([bytes.subarray(0, found[0]), word, bytes.subarray(found[0] + 1)]);
  },
];

const MOST_AT_ONCE = 4;

/** A damaged copy of one of the seeds. @param head only the first so many bytes change */
export function mutate(seeds: readonly Buffer[], random: Random, head = Number.POSITIVE_INFINITY): Buffer {
  const seed = seeds[whole(random, seeds.length)]!;
  let start = Buffer.from(seed.subarray(0, head));
  for (let left = 1 + whole(random, MOST_AT_ONCE); left > 0 && start.length > 0; left--)
    start = Buffer.from(MUTATIONS[whole(random, MUTATIONS.length)]!(start, random, seeds));
  return seed.length > head ? Buffer.concat([start, seed.subarray(head)]) : start;
}
