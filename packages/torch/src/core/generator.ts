import { operatorError } from "./dispatch.ts";
import { ArgumentError, DisposedError } from "./errors.ts";
import { native } from "./native.ts";
import type { Argument } from "./tape.ts";
import { refuseDisposed } from "./tape.ts";
import { Tensor } from "./tensor.ts";

const forgotten = new FinalizationRegistry<number>((id) => native.releaseGenerator(id));

/** A seeded source of random numbers on one device, whose state can be saved and restored. */
export class Generator {
  #id: number;

  private constructor(id: number, device: string) {
    if (id < 0) {
      const { message } = native.lastError();
      throw new ArgumentError(
        "Generator",
        "device",
        "a device of this libtorch",
        `"${device}": ${message}`,
        "Use cpu, or cuda on a machine with one.",
      );
    }
    this.#id = id;
    forgotten.register(this, id, this);
  }

  /**
   * A new generator.
   * @param seed an integer below 2^64, of which libtorch's CPU generator takes the lower 32 bits   @param device where its numbers are drawn, e.g. `cpu`
   */
  static seeded(seed: number | bigint, device = "cpu"): Generator {
    return new Generator(native.newGenerator(device, checkedSeed(seed)), device);
  }

  /** The device's own generator: what operators draw from when none is passed. It is shared by the whole process. */
  static default(device = "cpu"): Generator {
    return new Generator(native.defaultGenerator(device), device);
  }

  /** @internal */
  get id(): number {
    return this.#id;
  }

  /** Whether `dispose` was called. */
  get isDisposed(): boolean {
    return this.#id < 0;
  }

  /** Starts the stream anew. */
  seed(seed: number | bigint): this {
    this.#checked(native.seedGenerator(this.#id, checkedSeed(seed)), "Generator.seed", [seed]);
    return this;
  }

  /** The whole state, uint8 [n], to be given to `setState` later. */
  state(): Tensor {
    const slot = native.generatorState(this.#id);
    this.#checked(slot >= 0, "Generator.state", []);
    return new Tensor(slot);
  }

  /**
   * Goes on from a saved state.
   * @param state as `state()` gave it
   * @throws TorchError for any other tensor
   */
  setState(state: Tensor): this {
    refuseDisposed("Generator.setState", [state]);
    this.#checked(native.setGeneratorState(this.#id, state.slot), "Generator.setState", [state]);
    return this;
  }

  /** Frees the generator's state. Every later use throws DisposedError. */
  dispose(): void {
    forgotten.unregister(this);
    native.releaseGenerator(this.#id);
    this.#id = -1;
  }

  /** As `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #checked(done: boolean, where: string, values: readonly Argument[]): void {
    if (done) return;
    if (this.#id < 0)
      throw new DisposedError(
        "Generator",
        "this",
        "a live Generator",
        "a disposed one",
        "Dispose it after its last use.",
      );
    throw operatorError(where, values);
  }
}

/**
 * Starts the default generators of the CPU and of every CUDA device anew: what draws without a generator of its own. Other
 * threads of the process draw from the same ones.
 * @param seed an integer below 2^64
 * @throws ArgumentError for any other
 */
export function manualSeed(seed: number | bigint): void {
  const cuda = Array.from({ length: native.cudaDevices() }, (_, i) => `cuda:${i}`);
  for (const device of ["cpu", ...cuda]) Generator.default(device).seed(seed).dispose();
}

function checkedSeed(seed: number | bigint): number | bigint {
  const valid =
    typeof seed === "bigint" ? seed >= 0n && seed < 1n << 64n : Number.isSafeInteger(seed) && seed >= 0;
  if (!valid)
    throw new ArgumentError(
      "Generator",
      "seed",
      "an integer in [0, 2^64)",
      String(seed),
      "Pass one, as a bigint from 2^53 on.",
    );
  return seed;
}
