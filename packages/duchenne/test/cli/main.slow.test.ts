import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import { drawFrameTree } from "../data/prepare/drawnFace.ts";
import { duchenne } from "../data/prepare/support.ts";
import { temporaryFolder } from "../data/store/synthetic.ts";

it("prepares, inspects and removes: JSON on stdout, the licence and warnings on stderr, a contact sheet as PNG", async () => {
  const folder = temporaryFolder();
  const [source, store, sheet] = ["frames", "store", "sheet.png"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  drawFrameTree(source, 2, 1, 3);

  const prepared = await duchenne(["prepare", source, "--out", store, "--workers", "0", "--json"]);
  expect(prepared.code).toBe(0);
  expect(prepared.stdout.trim().split("\n")).toHaveLength(1);
  const counts = { clips: 2, tracks: 2, persons: 2, framesSampled: 6, frames: 6, skipped: {}, problems: {} };
  expect(JSON.parse(prepared.stdout)).toMatchObject({ ...counts, framesPerSecond: expect.any(Number) });
  expect(prepared.stderr).toMatch(/300-W.*excludes commercial use/);

  const inspected = await duchenne(["inspect", store, "--sheet", sheet]);
  expect(inspected.stdout).toMatch(/6 of 128 x 128, jpeg/);
  expect(inspected.stdout).toMatch(/person1: 3 faces/);
  expect(await sharp(readFileSync(sheet)).metadata()).toMatchObject({
    format: "png",
    width: 1536,
    height: 128,
  });

  const removed = await duchenne(["store", "remove", "--person", "person1", store, "--json"]);
  expect(JSON.parse(removed.stdout)).toEqual({ clips: 1, frames: 3 });
  const after = await duchenne(["inspect", store, "--json"]);
  expect(JSON.parse(after.stdout).facesPerPerson).toEqual({ person0: 3 });
});

it("ends with 2 if no data can be used, whichever command reads them", async () => {
  const folder = temporaryFolder();
  const [bad, empty, out] = [join(folder, "bad"), join(folder, "empty"), join(folder, "out")];
  for (const path of [bad, empty]) mkdirSync(path);
  writeFileSync(join(bad, "a.jpg"), "no picture");
  const prepare = (path: string) => ["prepare", path, "--out", out, "--workers", "0"];
  const calls = [prepare(bad), prepare(empty), prepare(join(folder, "nowhere")), ["predict", empty]];
  for (const args of calls) {
    const { code, stderr } = await duchenne(args);
    expect([args, code]).toEqual([args, 2]);
    expect(stderr).toMatch(/error: .*expected .*received .*\. [A-Z].*\.\n$/s);
  }
});

it("ends with 2 when called wrongly and 1 on failure, with one message and no stack", async () => {
  const wrong = await duchenne(["prepare", "somewhere"]);
  expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
  expect(wrong.stderr).toMatch(/required option '--out <store>'/);
  const failed = await duchenne(["inspect", "/nowhere"]);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toBe(
    "error: /nowhere: expected a frame store, received a path without frames.mdb. Check the path, or make a store with `duchenne prepare`.\n",
  );
});

it("knows synth by its former name cast, and names the new one on standard error", async () => {
  const size = ["--actors", "1", "--clips", "1", "--seconds", "1", "--json"];
  const out = join(temporaryFolder(), "films");
  const former = await duchenne(["cast", ...size, "--out", out]);
  expect([former.code, JSON.parse(former.stdout)]).toMatchObject([0, { clips: 1, frames: 25 }]);
  expect(former.stderr.split("\n")[0]).toBe(
    "duchenne cast is now duchenne synth; the next version will not know the old name.",
  );

  // A folder that the former command began is continued.
  renameSync(join(out, "synth.json"), join(out, "cast.json"));
  const current = await duchenne(["synth", ...size, "--out", out]);
  expect(JSON.parse(current.stdout)).toMatchObject({ clips: 1, frames: 0, skippedClips: 1 });
  expect(current.stderr).not.toContain("cast");
});
