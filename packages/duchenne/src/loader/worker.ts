/** The loader's thread: fills slots of shared memory as they are named. */
import { parentPort, workerData } from "node:worker_threads";
import { FrameStore } from "../store/frameStore.ts";
import type { ReaderAnswer, ReaderRequest, ReaderStart } from "./readerThread.ts";
import { fill } from "./slot.ts";

const { path, slots } = workerData as ReaderStart;
let store: FrameStore | undefined;

function read(index: number): ReaderAnswer {
  try {
    store ??= FrameStore.open(path);
    fill(slots[index]!, store);
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
  else parentPort!.postMessage(read(request));
});
