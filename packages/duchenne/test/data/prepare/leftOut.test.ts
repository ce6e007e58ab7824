import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { drawFaces, writeVideo } from "../../../../face/test/media.ts";
import { prepare } from "../../../src/data/prepare/prepare.ts";
import { temporaryFolder } from "../store/synthetic.ts";
import { drawFrameTree } from "./drawnFace.ts";
import { duchenne } from "./support.ts";

// Two seconds each; on a machine that is busy with other work, a hundred times as long.
vi.setConfig({ testTimeout: 600_000 });

/** A folder with a film, a picture and a note. */
async function mixedFolder(): Promise<string> {
  const root = temporaryFolder();
  mkdirSync(join(root, "ann"));
  const faces = [1, 2, 3].map((x) => drawFaces(240, 200, [{ x: 110 + x, y: 100, radius: 60 }]));
  await writeVideo(join(root, "ann", "film.m2ts"), faces, { timesMs: (i) => 240 * i });
  drawFrameTree(join(root, "stills"), 1, 1, 1);
  writeFileSync(join(root, "ann", "notes.txt"), "a note");
  return root;
}

test("prepare counts the files that the layout does not read", async () => {
  const out = join(temporaryFolder(), "store");
  const summary = await prepare(await mixedFolder(), out, { workers: 0 });
  expect(summary).toMatchObject({ clips: 1, frames: 3, framesSampled: 3 });
  expect(summary.leftOut).toEqual({
    ".txt": { files: 1, first: ["notes.txt"] },
    ".jpg": { files: 1, first: ["0.jpg"] },
  });
});

test("the summary of the command names them, for people and as JSON", async () => {
  const source = await mixedFolder();
  copyFileSync(join(source, "ann", "notes.txt"), join(source, "ann", "other.txt"));
  const store = join(temporaryFolder(), "store");
  const words = await duchenne(["prepare", source, "--out", store, "--workers", "0"]);
  expect(words.stdout).toContain(
    "files that the layout does not read: 2 .txt (notes.txt, other.txt), 1 .jpg (0.jpg)",
  );
  const json = await duchenne(["prepare", source, "--out", store, "--workers", "0", "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({
    ...{ clips: 1, tracks: 1, persons: 1, frames: 3, framesSampled: 3 },
    leftOut: { ".txt": { files: 2 }, ".jpg": { files: 1 } },
  });
});

test("the first frame of a clip that cannot be read is named, and the others are counted", async () => {
  const source = temporaryFolder();
  drawFrameTree(source, 1, 1, 2);
  const { person, clip } = onlyClip(source);
  for (const name of ["7.png", "8.png", "9.jpg"])
    writeFileSync(join(source, person, clip, name), "no picture");
  const problems: [string, string][] = [];
  const options = { workers: 0, detect: false };
  const summary = await prepare(source, join(temporaryFolder(), "store"), options, {
    onProblem: (message, reason) => problems.push([reason, message]),
  });
  expect(problems).toEqual([["damaged", expect.stringMatching(/7\.png: expected an image .*, and 2 more$/)]]);
  expect(summary).toMatchObject({ frames: 2, problems: { damaged: 1 } });
});

function onlyClip(source: string): { person: string; clip: string } {
  const [person] = readdirSync(source);
  const [clip] = readdirSync(join(source, person!));
  return { person: person!, clip: clip! };
}

test("a table of labels without a row is named as that", async () => {
  const table = join(temporaryFolder(), "faces.csv");
  writeFileSync(table, "path,expression\n");
  await expect(prepare(table, join(temporaryFolder(), "store"), { workers: 0 })).rejects.toThrow(
    `${table}: expected csv: labels.csv or <any>.csv|tsv|txt: path[,time][,expression][,valence][,arousal][,intensity][,subject][,split], received no row below the header of faces.csv. `,
  );
});
