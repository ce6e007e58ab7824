/** Counts what could not be read; the first cause is kept, for it is usually the one that explains the rest. */

import { MediaError } from "../errors.ts";
import type { MediaDamage } from "../types.ts";

/** Collects damage of a file; with `strict`, the first damage is an error. */
export class DamageLog {
  #message = "";
  #errors = 0;
  readonly #file: string;
  readonly #expected: string;
  readonly #strict: boolean;

  /** @param expected what an undamaged source would have given, for the error that `strict` throws */
  constructor(file: string, expected: string, strict: boolean) {
    this.#file = file;
    this.#expected = expected;
    this.#strict = strict;
  }

  /** @throws MediaError if strict */
  add(message: string): void {
    if (this.#strict) throw new MediaError(this.#file, this.#expected, message);
    if (this.#errors === 0) this.#message = message;
    this.#errors += 1;
  }

  /** Damage that says more than any before it: its message is kept instead. @throws MediaError if strict */
  addChief(message: string): void {
    this.add(message);
    this.#message = message;
  }

  get damage(): MediaDamage | null {
    return this.#errors === 0 ? null : { message: this.#message, errors: this.#errors };
  }
}
