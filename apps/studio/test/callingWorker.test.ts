/** Calls of a worker that answers, breaks or ends when a test says so. */
import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { CallingWorker } from "../src/mirror/callingWorker.ts";
import { startWatcher } from "../src/mirror/startWatcher.ts";

/** A thread that answers nothing by itself. */
class Thread extends EventTarget {
  static made: Thread[] = [];
  isEnded = false;
  readonly address: string;
  constructor(address: URL | string = "") {
    super();
    this.address = String(address);
    Thread.made.push(this);
  }
  postMessage = (_: unknown): void => {};
  terminate(): void {
    this.isEnded = true;
  }
  answer(call: number, answer: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data: { call, answer } }));
  }
  break(message: string): void {
    this.dispatchEvent(Object.assign(new Event("error"), { message }));
  }
}

/** A thread that loads whatever it is asked to. */
class LoadingThread extends Thread {
  override postMessage = (sent: unknown): void => {
    const { call } = sent as { call: number };
    queueMicrotask(() => this.answer(call, { engine: "WebAssembly", size: 48 }));
  };
}

beforeEach(() => {
  Thread.made = [];
});
afterAll(() => void vi.unstubAllGlobals());

function newCaller(): { thread: Thread; caller: CallingWorker<string, string> } {
  const thread = new Thread();
  return { thread, caller: new CallingWorker("model", thread as unknown as Worker) };
}

it("answers each call with its own answer", async () => {
  const { thread, caller } = newCaller();
  const answers = [caller.call("a"), caller.call("b")];
  thread.answer(1, "B");
  thread.answer(0, "A");
  expect(await Promise.all(answers)).toEqual(["A", "B"]);
});

it("fails what waits when it is ended, and every later call", async () => {
  const { thread, caller } = newCaller();
  const waits = expect(caller.call("a")).rejects.toThrow(/^model: expected a worker that runs, received/);
  caller.terminate();
  await waits;
  await expect(caller.call("b")).rejects.toThrow(/^model: expected a worker that runs, received/);
  expect(thread.isEnded).toBe(true);
});

it("fails what waits when the worker breaks, and every later call, with its reason", async () => {
  const { thread, caller } = newCaller();
  const waits = expect(caller.call("a")).rejects.toThrow("received its failure (out of memory)");
  thread.break("out of memory");
  await waits;
  caller.terminate();
  await expect(caller.call("b")).rejects.toThrow("received its failure (out of memory)");
  expect(thread.isEnded).toBe(true);
});

it("fails a call that cannot be sent, and goes on", async () => {
  const { thread, caller } = newCaller();
  thread.postMessage = () => {
    throw new DOMException("closed", "DataCloneError");
  };
  await expect(caller.call("a")).rejects.toThrow("closed");
  thread.postMessage = () => {};
  const second = caller.call("b");
  thread.answer(1, "B");
  expect(await second).toBe("B");
});

it("loads the networks that find faces once, and anew after they broke", async () => {
  vi.stubGlobal("Worker", LoadingThread);
  const Canvas = class {
    getContext = () => ({});
  };
  vi.stubGlobal("OffscreenCanvas", Canvas);
  const faceThreads = () => Thread.made.filter(({ address }) => address.includes("faceWorker"));
  await startWatcher("model");
  await startWatcher("model");
  expect(faceThreads().length).toBe(1);
  faceThreads()[0]!.break("out of memory");
  await startWatcher("model");
  expect(faceThreads().map(({ isEnded }) => isEnded)).toEqual([true, false]);
  faceThreads()[1]!.break("out of memory");
});

it("says which browsers find faces, in one that draws on the page's thread only", async () => {
  vi.stubGlobal("Worker", LoadingThread);
  vi.stubGlobal("OffscreenCanvas", undefined);
  await expect(startWatcher("model")).rejects.toThrow(
    /^mirror: expected a browser that draws .*, received one .*Safari 16\.4/,
  );
});
