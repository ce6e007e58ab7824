/**
 * Seeded randomness, passed and never global.
 *
 * Generator: xoshiro128** 1.1 (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators",
 * doi:10.1145/3460772): 128 bits of state, period 2^128 - 1, four 32-bit operations a draw in JavaScript.
 * Seeds and stream names become states through MurmurHash3's 32-bit finaliser (Appleby), whose avalanche keeps
 * neighbouring seeds and similar names apart.
 */

/** State of a generator, from which another one continues its draws: plain numbers, so that JSON can hold it. */
export interface RandomState {
  /** Four 32-bit words that name the stream; forks derive from it. */
  readonly key: readonly number[];
  /** Four 32-bit words: the position within the stream. */
  readonly words: readonly number[];
}

const WORDS = 4;
const TWO_POW_32 = 4294967296;
const GOLDEN_RATIO_32 = 0x9e3779b9;

function mix32(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Absorbs a text into a key, one UTF-16 code unit at a time; every word depends on every unit. */
function deriveKey(parent: readonly number[], text: string): number[] {
  const key = parent.map((word, i) => mix32(word ^ Math.imul(i + 1, GOLDEN_RATIO_32)));
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i) + 1;
    for (let w = 0; w < WORDS; w += 1) {
      key[w] = mix32(key[w]! + Math.imul(unit, GOLDEN_RATIO_32) + Math.imul(key[(w + 1) % WORDS]!, 5));
    }
  }
  return key;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/**
 * A stream of random numbers. Forks depend on the seed and the names only, never on how much was drawn, so adding a
 * draw in one place moves nothing in another: `rng.fork("actor/17")` is the same whatever came before.
 */
export class Random {
  readonly #key: readonly number[];
  readonly #words: Uint32Array;

  private constructor(key: readonly number[], words: readonly number[]) {
    this.#key = key;
    this.#words = Uint32Array.from(words);
  }

  /** The stream of a seed. @param seed any finite number or text; 1 and "1" are the same seed */
  static fromSeed(seed: number | string): Random {
    return Random.#fromKey(deriveKey([1, 2, 3, 4], String(seed)));
  }

  /** Continues exactly from the draw at which `state()` was taken. @throws RangeError if the state is not four words each */
  static fromState(state: RandomState): Random {
    if (state.key.length !== WORDS || state.words.length !== WORDS) {
      throw new RangeError(
        `RandomState: expected ${WORDS} words in key and words, received ${state.key.length} and ${state.words.length}. Pass a state that \`state()\` gave.`,
      );
    }
    return new Random(state.key, state.words);
  }

  static #fromKey(key: readonly number[]): Random {
    const words = key.map((word, i) => mix32(word + i + 1));
    // xoshiro never leaves the all-zero state.
    return new Random(key, words.every((word) => word === 0) ? [1, 0, 0, 0] : words);
  }

  /** An independent stream named by `name`; the same for the same parent and name, whatever was drawn before. */
  fork(name: string): Random {
    return Random.#fromKey(deriveKey(this.#key, name));
  }

  /** The stream's name and position. */
  state(): RandomState {
    return { key: [...this.#key], words: [...this.#words] };
  }

  /** The next 32 random bits, as an unsigned integer. */
  bits32(): number {
    const s = this.#words;
    const result = Math.imul(rotateLeft(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const shifted = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= shifted;
    s[3] = rotateLeft(s[3]!, 11);
    return result;
  }

  /** Uniform in [low, high), with 53 random bits. */
  uniform(low = 0, high = 1): number {
    const upper = this.bits32() >>> 5;
    const lower = this.bits32() >>> 6;
    return low + (high - low) * ((upper * 67108864 + lower) / 9007199254740992);
  }

  /** Uniform integer in [0, bound), without modulo bias. @throws RangeError unless 1 <= bound <= 2^32, an integer */
  integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > TWO_POW_32) {
      throw new RangeError(
        `integer: expected a bound from 1 to 2^32, received ${bound}. Pass another bound.`,
      );
    }
    const limit = TWO_POW_32 - (TWO_POW_32 % bound);
    let bits = this.bits32();
    while (bits >= limit) bits = this.bits32();
    return bits % bound;
  }

  /** Normal; Box and Muller 1958, two uniforms a draw, so that the state is the words alone. */
  normal(mean = 0, standardDeviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return mean + standardDeviation * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** One item, each as likely. @throws RangeError if there is none */
  choice<T>(items: readonly T[]): T {
    return items[this.integer(items.length)]!;
  }

  /** A shuffled copy (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i -= 1) {
      const j = this.integer(i + 1);
      [result[i], result[j]] = [result[j]!, result[i]!];
    }
    return result;
  }
}
