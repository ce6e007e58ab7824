/** Random numbers of a seed: integers in [0, below). */
export type Random = (below: number) => number;

/** A small seeded generator (Marsaglia's xorshift of 32 bits): a failure can be repeated by its seed. */
export function seededRandom(seed: number): Random {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

/** Numbers at which readers go wrong. */
const EDGES = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  2n ** 53n,
  2n ** 60n,
  2n ** 64n - 1n,
];

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  setByte,
  setEdge,
  changeDigit,
  remove,
  repeat,
  move,
  truncate,
];

/** A copy with one to four small changes. */
export function mutate(bytes: Uint8Array, random: Random): Buffer {
  let mutant: Buffer = Buffer.from(bytes);
  for (let left = 1 + random(4); left > 0 && mutant.length > 0; left--) {
    mutant = MUTATIONS[random(MUTATIONS.length)]!(mutant, random);
  }
  return mutant;
}

function flipBit(bytes: Buffer, random: Random): Buffer {
  const at = random(bytes.length);
  bytes[at] = bytes[at]! ^ (1 << random(8));
  return bytes;
}

function setByte(bytes: Buffer, random: Random): Buffer {
  bytes[random(bytes.length)] = random(256);
  return bytes;
}

/** Overwrites 1, 2, 4 or 8 bytes with an edge, little-endian. */
function setEdge(bytes: Buffer, random: Random): Buffer {
  const width = 1 << random(4);
  const value = Buffer.alloc(8);
  value.writeBigUInt64LE(EDGES[random(EDGES.length)]!);
  value.copy(bytes, random(bytes.length), 0, width);
  return bytes;
}

/** Replaces a decimal digit by a longer number: sizes and offsets in text. */
function changeDigit(bytes: Buffer, random: Random): Buffer {
  const start = random(bytes.length);
  const at = bytes.subarray(start).findIndex((byte) => byte >= 0x30 && byte <= 0x39) + start;
  const number = Buffer.from(`${EDGES[random(EDGES.length)]}`);
  return Buffer.concat([bytes.subarray(0, at), number, bytes.subarray(at + 1)]);
}

function someRange(bytes: Buffer, random: Random): [start: number, end: number] {
  const start = random(bytes.length);
  return [start, Math.min(bytes.length, start + 1 + random(1 << random(8)))];
}

function remove(bytes: Buffer, random: Random): Buffer {
  const [start, end] = someRange(bytes, random);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
}

function repeat(bytes: Buffer, random: Random): Buffer {
  const [start, end] = someRange(bytes, random);
  const part = bytes.subarray(start, end);
  return Buffer.concat([
    bytes.subarray(0, end),
    ...Array<Buffer>(1 + random(4)).fill(part),
    bytes.subarray(end),
  ]);
}

/** Copies a part over another place. */
function move(bytes: Buffer, random: Random): Buffer {
  const [start, end] = someRange(bytes, random);
  bytes.copy(bytes, random(bytes.length), start, end);
  return bytes;
}

function truncate(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, random(bytes.length));
}
