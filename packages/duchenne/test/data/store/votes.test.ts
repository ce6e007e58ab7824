import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { FrameStore, mergeStores, removePerson } from "../../../src/data/store/index.ts";
import { inspectStore } from "../../../src/data/store/inspect.ts";
import { OPTIONS, source, temporaryFolder } from "./synthetic.ts";

const VOTES = [8, 1, 0, 0, 0, 0.5, 0, 0];

/** A person's clip of two frames, of which the first has votes. */
function voted(id: string) {
  const made = source(id, [2]);
  made.tracks[0]!.frames[0]!.labels = { expression: "neutral", votes: VOTES };
  return made;
}

async function write(
  path: string,
  ids: readonly string[],
  shard?: { index: number; count: number; plan: string },
) {
  const writer = FrameStore.create(path, OPTIONS, shard);
  writer.append(ids.map(voted));
  writer.finish();
  await writer.close();
  return path;
}

function votesOf(path: string) {
  const store = FrameStore.open(path);
  onTestFinished(() => store.close());
  const keys = store.clips().flatMap(({ firstFrame }) => [firstFrame, firstFrame + 1]);
  expect(keys.map((key) => store.frame(key).labels.votes)).toEqual(
    store.readLabels(keys).map(({ votes }) => votes),
  );
  return store.readLabels(keys).map(({ votes }) => votes);
}

it("votes are read as they were written, and stay with their frames when a person goes", async () => {
  const path = await write(join(temporaryFolder(), "store"), ["ann/1", "bob/1", "cecily/1"]);
  expect(votesOf(path)).toEqual([VOTES, undefined, VOTES, undefined, VOTES, undefined]);
  await removePerson(path, "bob");
  expect(votesOf(path)).toEqual([VOTES, undefined, VOTES, undefined]);
});

it("shards keep their votes when they are put together", async () => {
  const folder = temporaryFolder();
  const shard = (index: number) => ({ index, count: 2, plan: "plan" });
  const parts = [
    await write(join(folder, "a"), ["ann/1"], shard(1)),
    await write(join(folder, "b"), ["bob/1"], shard(2)),
  ];
  await mergeStores(parts, join(folder, "whole"));
  expect(votesOf(join(folder, "whole"))).toEqual([VOTES, undefined, VOTES, undefined]);
});

it("a report counts the frames that have votes, and the votes of each expression", async () => {
  const path = await write(join(temporaryFolder(), "store"), ["ann/1", "bob/1", "cecily/1"]);
  const store = FrameStore.open(path);
  onTestFinished(() => store.close());
  const { votedFrames, votes } = inspectStore(store);
  expect({ votedFrames, votes }).toEqual({ votedFrames: 3, votes: { neutral: 24, happy: 3, disgust: 1.5 } });
});
