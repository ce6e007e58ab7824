import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { prepare } from "../../../src/data/prepare/prepare.ts";
import { PROGRAM } from "../../program.ts";
import { drawFrameTree } from "../prepare/drawnFace.ts";
import { duchenne, dump } from "../prepare/support.ts";
import { temporaryFolder } from "./synthetic.ts";

it("store remove during prepare is refused, and prepare loses nothing", async () => {
  const folder = temporaryFolder();
  const source = join(folder, "frames");
  drawFrameTree(source, 4, 3, 4);
  const [whole, store] = [join(folder, "whole"), join(folder, "store")];
  await prepare(source, whole, { workers: 0 });
  const removals: { status: number | null; stderr: string }[] = [];
  // As soon as there is somebody to remove; this process, in the middle of its work, waits for the command to end.
  const onProgress = ({ sourcesDone }: { sourcesDone: number }) => {
    if (sourcesDone === 0 || removals.length > 0) return;
    const args = [PROGRAM, "store", "remove", "--person", "person0", store];
    const env = { ...process.env, NODE_OPTIONS: "" };
    removals.push(spawnSync(process.execPath, args, { env, encoding: "utf8" }));
  };
  await prepare(source, store, { workers: 0 }, { onProgress });
  const refusal = `process ${process.pid} adds to this store. Wait for it to finish`;
  expect(removals).toMatchObject([{ status: 1, stderr: expect.stringContaining(refusal) }]);
  expect(await dump(store)).toEqual(await dump(whole));
  const after = await duchenne(["store", "remove", "--person", "person1", store]);
  expect(after.code).toBe(0);
  const framesOf = async (path: string) => (await dump(path)).manifest.counts.frames;
  expect(await framesOf(store)).toBe((await framesOf(whole)) - 3 * 4);
});
