/** The loader's thread: fills slots of shared memory as they are named, and makes their views where there is room for them. */
import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { FrameStore } from "../../data/store/frameStore.ts";
import type { ReaderAnswer, ReaderRequest, ReaderStart } from "./readerThread.ts";
import { type BatchPlace, batchIn, fill, type Slot } from "./slot.ts";

const { path, slots, viewPlan } = workerData as ReaderStart;
// Whoever only reads loads no libtorch.
const fillViews = viewPlan && (await import("./fillViews.ts")).viewFiller(viewPlan);
let store: FrameStore | undefined;

/**
 * Below the training's threads, which wait for each other after every operator: on two processors the loop of `tiny` is a
 * sixth faster for it, and at 10 it waits for data. Linux alone knows priorities of single threads, and takes 0 for this one.
 */
const NICENESS = 5;
if (process.platform === "linux") setPriority(0, NICENESS);

function read(index: number, place: BatchPlace): ReaderAnswer {
  try {
    store ??= FrameStore.open(path);
    const slot: Slot = slots[index]!;
    fill(slot, store, place.rows);
    fillViews?.(batchIn(slot, store, place), slot.views!);
    return { index };
  } catch (error) {
    return { index, failure: (error as Error).message };
  }
}

async function close(): Promise<void> {
  await store?.close();
  parentPort!.close();
}

parentPort!.on("message", (request: ReaderRequest) => {
  if (request === "close") void close();
  else parentPort!.postMessage(read(request.index, request.place));
});
