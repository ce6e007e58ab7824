import { expect, it } from "vitest";
import { BoundedQueue } from "../src/mirror/boundedQueue.ts";

it("hands on items in their order, to whoever waits for them", async () => {
  const queue = new BoundedQueue<number>(2);
  const first = queue.take();
  expect(await queue.put(1)).toBe(true);
  await queue.put(2);
  expect([await first, await queue.take()]).toEqual([1, 2]);
});

it("makes a full queue's giver wait for room", async () => {
  const queue = new BoundedQueue<number>(1);
  await queue.put(1);
  const done: string[] = [];
  const second = queue.put(2).then(() => done.push("put"));
  expect(done).toEqual([]);
  expect(await queue.take()).toBe(1);
  await second;
  expect([done, await queue.take()]).toEqual([["put"], 2]);
});

it("gives the oldest item back if it is pushed out", async () => {
  const queue = new BoundedQueue<number>(2);
  expect([1, 2, 3, 4].map((item) => queue.push(item))).toEqual([undefined, undefined, 1, 2]);
  expect([await queue.take(), await queue.take()]).toEqual([3, 4]);
});

it("ends those that wait when it is closed, and takes nothing more", async () => {
  const queue = new BoundedQueue<number>(1);
  const nothing = queue.take();
  queue.close();
  expect(await nothing).toBeUndefined();
  expect([queue.push(1), await queue.put(2), await queue.take()]).toEqual([1, false, undefined]);
  const full = new BoundedQueue<number>(1);
  await full.put(1);
  const late = full.put(2);
  full.close();
  expect([await late, await full.take(), await full.take()]).toEqual([false, 1, undefined]);
  const abandoned = new BoundedQueue<number>(1);
  await abandoned.put(1);
  expect([abandoned.abandon(), await abandoned.take()]).toEqual([[1], undefined]);
});
