import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FrameStore } from "../../../src/data/store/index.ts";
import { ReaderThread } from "../../../src/ssl/loader/readerThread.ts";
import { address, allocateSlot } from "../../../src/ssl/loader/slot.ts";
import { OPTIONS, source, temporaryFolder } from "../../data/store/synthetic.ts";
import { SETTINGS, samplerOf } from "../sampling/support.ts";

describe("ReaderThread", () => {
  it("closes only when it is done with what it was asked for, and refuses more", async () => {
    const path = join(temporaryFolder(), "store");
    const writer = FrameStore.create(path, OPTIONS);
    writer.append(["ann/1", "bob/1"].map((id) => source(id, [20])));
    writer.finish();
    await writer.close();
    const store = FrameStore.open(path);
    const sampler = samplerOf(store.clips(), { ...SETTINGS, batch: 2 });
    const slot = allocateSlot(store, sampler);
    const sampled = sampler.batch(0);
    address(slot, sampled);

    const thread = new ReaderThread({ path, slots: [slot] });
    const filled = thread.read(0, sampled);
    await thread.close();
    expect(Buffer.from(slot.images).equals(store.readFrames(slot.keys))).toBe(true);
    await filled;
    await expect(thread.read(0, sampled)).rejects.toThrow("the reading thread has ended");
    await store.close();
  });
});
