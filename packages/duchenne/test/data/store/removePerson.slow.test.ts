import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { prepare } from "../../../src/data/prepare/prepare.ts";
import { drawFrameTree } from "../prepare/drawnFace.ts";
import { duchenne, dump } from "../prepare/support.ts";
import { temporaryFolder } from "./synthetic.ts";

it("store remove during prepare is refused, and prepare loses nothing", async () => {
  const folder = temporaryFolder();
  const source = join(folder, "frames");
  drawFrameTree(source, 20, 3, 4);
  const [whole, store] = [join(folder, "whole"), join(folder, "store")];
  await prepare(source, whole, { workers: 0 });
  const file = join(store, "frames.mdb");
  const sizeOf = () => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const running = duchenne(["prepare", source, "--out", store, "--workers", "0"]);
  // As soon as there is somebody to remove.
  for (let size = sizeOf(); size === 0 || sizeOf() <= size; size ||= sizeOf())
    await new Promise((resolve) => setTimeout(resolve, 2));
  const removal = await duchenne(["store", "remove", "--person", "person0", store]);
  const { code } = await running;
  expect(code).toBe(0);
  expect(removal.code).toBe(1);
  expect(removal.stderr).toMatch(/process \d+ adds to this store. Wait for it to finish/);
  expect(await dump(store)).toEqual(await dump(whole));
  const after = await duchenne(["store", "remove", "--person", "person1", store]);
  expect(after.code).toBe(0);
  const framesOf = async (path: string) => (await dump(path)).manifest.counts.frames;
  expect(await framesOf(store)).toBe((await framesOf(whole)) - 3 * 4);
}, 120_000);
