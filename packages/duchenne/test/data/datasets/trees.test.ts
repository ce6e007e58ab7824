import { chmodSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { list, tree } from "./tree.ts";

it("videoFolder: the person is the folder above; a video at the top has none", async () => {
  const root = tree({
    "bob/2.webm": null,
    "bob/1.mp4": null,
    "ann/x/1.mov": null,
    "top.avi": null,
    "notes.txt": null,
    "bob/.1.mp4": null,
  });
  const { dataset, brief } = await list(root);
  expect(dataset).toBe("videoFolder");
  expect(brief).toEqual([
    ["video", "top.avi", {}],
    ["video", "ann/x/1.mov", { subject: "x" }],
    ["video", "bob/1.mp4", { subject: "bob" }],
    ["video", "bob/2.webm", { subject: "bob" }],
  ]);
  expect((await list(root, 2)).brief[1]).toEqual(["video", "ann/x/1.mov", { subject: "ann" }]);
});

it("videoFolder: one video alone", async () => {
  const root = tree({ "a.mp4": null });
  expect(await list(join(root, "a.mp4"))).toMatchObject({
    dataset: "videoFolder",
    samples: [{ source: { kind: "video" } }],
  });
});

it("voxceleb: the name three folders up, from the download's root or from data", async () => {
  const clip = "unzippedIntervalFaces/data/A.J._Buckley/1.6/1zcIwhmdeo4/1/0000025.jpg";
  const root = tree({ [clip]: null, [clip.replace("/1/", "/2/")]: null });
  const folder = "unzippedIntervalFaces/data/A.J._Buckley/1.6/1zcIwhmdeo4";
  const { dataset, brief } = await list(root);
  expect(dataset).toBe("voxceleb");
  expect(brief).toEqual([
    ["frames", `${folder}/1`, { subject: "A.J._Buckley" }],
    ["frames", `${folder}/2`, { subject: "A.J._Buckley" }],
  ]);
  expect((await list(join(root, "unzippedIntervalFaces/data"))).samples).toHaveLength(2);
});

it("frameTree: each folder of images is a clip at 25/6 Hz, and links are followed once", async () => {
  const root = tree({ "ann/1/1.jpg": null, "ann/1/2.png": null, "ann/2/1.jpg": null, "stray.jpg": null });
  symlinkSync(join(root, "ann"), join(root, "ann", "loop"));
  const { dataset, brief, samples } = await list(root);
  expect(dataset).toBe("frameTree");
  expect(brief).toEqual([
    ["frames", "", {}],
    ["frames", "ann/1", { subject: "ann" }],
    ["frames", "ann/2", { subject: "ann" }],
  ]);
  expect(samples[0]!.source).toMatchObject({ frameRateHz: 25 / 6 });
});

it("lfw: stills with a name each; a clip's numbered frames elsewhere are no LFW", async () => {
  const files = { "Ann_Lee/Ann_Lee_0001.jpg": null, "Ann_Lee/Ann_Lee_0002.jpg": null, "Bo/other.jpg": null };
  const { dataset, brief } = await list(tree(files, "lfw"));
  expect(dataset).toBe("lfw");
  expect(brief).toEqual([
    ["still", "Ann_Lee/Ann_Lee_0001.jpg", { subject: "Ann_Lee" }],
    ["still", "Ann_Lee/Ann_Lee_0002.jpg", { subject: "Ann_Lee" }],
  ]);
  expect((await list(dirname(tree(files, "lfw")))).dataset).toBe("lfw");
  expect((await list(tree(files, "films"))).dataset).toBe("frameTree");
});

it("names a folder that cannot be listed, and goes on", async () => {
  const root = tree({ "ann/1.mp4": null, "locked/1.mp4": null });
  chmodSync(dirname(root), 0o755);
  chmodSync(join(root, "locked"), 0);
  // The superuser may read anything, so for the moment be somebody else.
  const superuser = process.geteuid?.() === 0;
  if (superuser) process.seteuid?.("nobody");
  try {
    const { brief, problems } = await list(root);
    expect(brief).toEqual([["video", "ann/1.mp4", { subject: "ann" }]]);
    expect(problems.map(({ reason, file }) => [reason, file])).toEqual([
      ["unreadable", join(root, "locked")],
    ]);
    expect(problems[0]!.message).toMatch(/expected a folder to list, received EACCES/);
  } finally {
    if (superuser) process.seteuid?.(0);
    chmodSync(join(root, "locked"), 0o755); // or only the superuser could clear it away
  }
});

it("lists the known layouts where there is none of them, or nothing", async () => {
  await expect(list(tree({ "readme.txt": null }))).rejects.toThrow(
    /voxceleb .*\n.*videoFolder[\s\S]*received none of them/,
  );
  await expect(list("/nowhere")).rejects.toThrow(/received nothing there/);
});
