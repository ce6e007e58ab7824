import type { StoredClip } from "../../data/store/environment.ts";
import type { Random } from "../../lib/random.ts";

/**
 * Numbers the people of clips, from 0. If the person of a clip is unknown, as in most stills, the clip counts as a person of its own.
 * @returns [clips] person numbers
 */
export function numberPersons(clips: readonly StoredClip[]): Int32Array {
  const numbers = new Map<string | number, number>();
  return Int32Array.from(clips, ({ person, key }) => {
    const name = person ?? key;
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    return numbers.get(name)!;
  });
}

type Span = { readonly start: number; readonly end: number };

/** Frames to take a face from for FaceSwap. */
export class IdentityPool {
  /** Clips in the order of their people, and where each begins if their frames are laid end to end in that order. */
  readonly #clips: readonly StoredClip[];
  readonly #starts: Float64Array;
  /** Where each person's frames lie there. */
  readonly #spans: Span[] = [];
  readonly #frameCount: number;

  /** @param persons [clips] as `numberPersons` gives them */
  constructor(clips: readonly StoredClip[], persons: Int32Array) {
    const order = [...clips.keys()].sort((a, b) => persons[a]! - persons[b]!);
    this.#clips = order.map((i) => clips[i]!);
    this.#starts = new Float64Array(order.length);
    let start = 0;
    order.forEach((index, i) => {
      const end = start + clips[index]!.frameCount;
      const person = persons[index]!;
      this.#starts[i] = start;
      this.#spans[person] = { start: this.#spans[person]?.start ?? start, end };
      start = end;
    });
    this.#frameCount = start;
  }

  /**
   * Draws a frame of another person, all with the same probability.
   * @param person number of who it must not be; there has to be another
   * @returns its frame key
   */
  draw(person: number, rng: Random): number {
    const { start, end } = this.#spans[person]!;
    const drawn = rng.integer(this.#frameCount - (end - start));
    const position = drawn < start ? drawn : drawn + (end - start);
    const index = this.#clipAt(position);
    return this.#clips[index]!.firstFrame + position - this.#starts[index]!;
  }

  /** The last clip that begins at or before a position. */
  #clipAt(position: number): number {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= position) low = middle;
      else high = middle;
    }
    return low;
  }
}
