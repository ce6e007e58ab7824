import type { ByteCursor } from "./byteCursor.ts";
import { SAVE_STATE_DICT, type WeightsError } from "./errors.ts";
import { OPERATIONS } from "./pickleOperations.ts";
import type { PickleValue, StorageReference } from "./pickleValues.ts";

/** Each step costs at most some hundred bytes; a checkpoint of a thousand tensors takes a hundred thousand. */
const MOST_STEPS = 4_000_000;

const STOP = ".".charCodeAt(0);

/**
 * Reads one pickle without running anything: calls and objects become inert records (see pickleConstructors.ts).
 * Values may be shared and even cyclic, as in Python: code that walks them must not expect a tree.
 * @param cursor at the start of the pickle; left behind its end
 * @param onStorage called for every storage that the pickle refers to, those within unknown objects included
 * @throws WeightsError if it is malformed, needs more than 4 million steps, or uses an operation PyTorch never writes
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
export function readPickle(cursor: ByteCursor, onStorage: StorageListener = () => {}): PickleValue {
  const machine = new PickleMachine(cursor, onStorage);
  for (;;) {
    machine.charge(1);
    const code = cursor.u8();
    if (code === STOP) return machine.pop();
    const operation = OPERATIONS.get(code);
    if (operation === undefined)
      throw machine.error(`unsupported pickle operation 0x${code.toString(16)}`, SAVE_STATE_DICT);
    operation(machine);
  }
}

type StorageListener = (reference: StorageReference) => void;

/** The state that pickle operations work on: a stack divided by marks, and numbered memos. */
export class PickleMachine {
  readonly cursor: ByteCursor;
  readonly onStorage: StorageListener;
  readonly #memo: PickleValue[] = [];
  readonly #stack: PickleValue[] = [];
  /** Stack heights at which marks stand. */
  readonly #marks: number[] = [];
  #steps = 0;

  constructor(cursor: ByteCursor, onStorage: StorageListener) {
    this.cursor = cursor;
    this.onStorage = onStorage;
  }

  /** Counts work: operations, and items copied by one of them. */
  charge(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS) throw this.error(`pickle takes more than ${MOST_STEPS} steps`);
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  /** Nothing below the last mark can be reached. */
  top(): PickleValue {
    const value = this.#stack.length > (this.#marks.at(-1) ?? 0) ? this.#stack.at(-1) : undefined;
    if (value === undefined) throw this.error("pickle takes a value from an empty stack");
    return value;
  }

  pop(): PickleValue {
    const value = this.top();
    this.#stack.pop();
    return value;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** Takes the last mark and what lies above it. */
  popMark(): PickleValue[] {
    const height = this.#marks.pop();
    if (height === undefined) throw this.error("pickle takes a mark that was not set");
    return this.#stack.splice(height);
  }

  /** Takes the mark if it is the last thing set. */
  dropBareMark(): boolean {
    if (this.#marks.at(-1) !== this.#stack.length) return false;
    this.#marks.pop();
    return true;
  }

  /** Picklers number memos from 0 up; a number past the steps taken would only make the array large. */
  remember(value: PickleValue, index = this.#memo.length): void {
    if (!(index <= this.#steps)) throw this.error(`pickle sets memo ${index} in its step ${this.#steps}`);
    this.#memo[index] = value;
  }

  recall(index: number): PickleValue {
    const value = this.#memo[index];
    if (value === undefined) throw this.error(`pickle refers to memo ${index}, which was not set`);
    return value;
  }

  /** @param remedy default: that of a damaged file */
  error(reason: string, remedy?: string): WeightsError {
    return this.cursor.error(reason, { remedy });
  }
}
