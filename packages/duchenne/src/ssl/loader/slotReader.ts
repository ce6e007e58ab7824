import type { FrameStore } from "../../data/store/frameStore.ts";
import { type ReaderStart, ReaderThread } from "./readerThread.ts";
import { type BatchPlace, fill, type Slot } from "./slot.ts";

/** Fills slots, on the calling thread or on others. */
export interface SlotReader {
  /**
   * Takes up an addressed slot.
   * @param index the slot's number   @param place of the batch it is addressed to
   * @returns to be called once, when its frames are needed: resolves when they are there, rejects if they cannot be read
   */
  start(index: number, place: BatchPlace): () => Promise<void>;
  close(): Promise<void>;
}

/** Reads when the frames are needed: for small jobs, which cost less than starting a thread. */
export function readInline(store: FrameStore, slots: readonly Slot[]): SlotReader {
  return {
    start:
      (index, { rows }) =>
      async () =>
        fill(slots[index]!, store, rows),
    close: async () => {},
  };
}

/** Reads ahead on `count` threads, whole batches in turns: all cost the same. */
export function readOnThreads(begin: ReaderStart, count: number): SlotReader {
  const threads = Array.from({ length: count }, () => new ReaderThread(begin));
  let turn = 0;
  return {
    start: (index, place) => {
      const filled = threads[turn++ % count]!.read(index, place);
      // Whoever waits for it sees the failure; until then it must not end the process.
      filled.catch(() => {});
      return () => filled;
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
