/** What one stage of the mirror hands to the next: a short queue, so that a late stage costs no frame, and a slow one no growing delay. */
export class BoundedQueue<T> {
  readonly #capacity: number;
  readonly #items: T[] = [];
  #isClosed = false;
  /** Wakes whoever waits for an item, for room or for the end. */
  #wake: () => void = () => {};
  #change: Promise<void> = Promise.resolve();

  /** @param capacity most items that wait */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#renewSignal();
  }

  /** Adds an item once there is room. @returns whether it was added: a closed queue takes none */
  async put(item: T): Promise<boolean> {
    while (!this.#isClosed && this.#items.length >= this.#capacity) await this.#change;
    if (this.#isClosed) return false;
    this.#items.push(item);
    this.#notify();
    return true;
  }

  /** Adds an item at once. @returns what has to go for it: the oldest of a full queue, the item itself of a closed one */
  push(item: T): T | undefined {
    if (this.#isClosed) return item;
    const dropped = this.#items.length >= this.#capacity ? this.#items.shift() : undefined;
    this.#items.push(item);
    this.#notify();
    return dropped;
  }

  /** The oldest item, once there is one. @returns undefined if the queue is closed and empty */
  async take(): Promise<T | undefined> {
    while (this.#items.length === 0 && !this.#isClosed) await this.#change;
    const item = this.#items.shift();
    this.#notify();
    return item;
  }

  /** Takes nothing more; what waits can still be taken. */
  close(): void {
    this.#isClosed = true;
    this.#notify();
  }

  /** Closes it at once. @returns what waited, and cannot be taken any more */
  abandon(): T[] {
    this.close();
    return this.#items.splice(0);
  }

  #notify(): void {
    this.#wake();
    this.#renewSignal();
  }

  #renewSignal(): void {
    this.#change = new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
