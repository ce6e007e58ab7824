import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { prepare } from "../../../src/data/prepare/prepare.ts";
import { FrameStore, removePerson, StoreOptionsError } from "../../../src/data/store/index.ts";
import { tree } from "../datasets/tree.ts";
import { temporaryFolder } from "../store/synthetic.ts";
import { drawFrameTree, drawnFace } from "./drawnFace.ts";
import { dump } from "./support.ts";

function framesOf(persons: number, clips = 1, frames = 3): string {
  const root = join(temporaryFolder(), "frames");
  drawFrameTree(root, persons, clips, frames);
  return root;
}

const storePath = (): string => join(temporaryFolder(), "store");

describe("prepare", () => {
  it("stores the same, however many workers read", async () => {
    const source = framesOf(5);
    const [none, two] = [storePath(), storePath()];
    const summary = await prepare(source, none, { workers: 0 });
    await prepare(source, two, { workers: 2 });
    expect(await dump(two)).toEqual(await dump(none));
    expect(summary).toMatchObject({
      clips: 5,
      tracks: 5,
      persons: 5,
      framesSampled: 15,
      frames: 15,
      badRows: {},
    });
    expect(summary.framesPerSecond).toBeGreaterThan(0);
  });

  it("places landmarks on the drawn eyes and mouth, in crop pixels", async () => {
    const path = storePath();
    await prepare(framesOf(1, 1, 2), path, { workers: 0 });
    const store = FrameStore.open(path);
    const { landmarks, feature, timeSeconds } = store.frame(1);
    const mean = (from: number, to: number, axis: 0 | 1) => {
      const values = Array.from({ length: to - from }, (_, i) => landmarks[2 * (from + i) + axis]!);
      return values.reduce((a, b) => a + b) / values.length;
    };
    expect(mean(36, 42, 0)).toBeLessThan(mean(42, 48, 0) - 20);
    expect(mean(48, 68, 1)).toBeGreaterThan(mean(36, 48, 1) + 20);
    expect(Math.min(...landmarks)).toBeGreaterThan(0);
    expect(Math.max(...landmarks)).toBeLessThan(127);
    expect(feature).toHaveLength(64);
    expect(timeSeconds).toBeCloseTo(6 / 25);
    await store.close();
  });

  it("goes on with what was added, and leaves removed people out", async () => {
    const source = framesOf(3);
    const path = storePath();
    await prepare(source, path, { workers: 0 });
    await removePerson(path, "person1");
    mkdirSync(join(source, "person0", "later"));
    copyFileSync(join(source, "person0", "clip0", "0.jpg"), join(source, "person0", "later", "0.jpg"));
    copyFileSync(join(source, "person0", "clip0", "1.jpg"), join(source, "person0", "later", "1.jpg"));
    const summary = await prepare(source, path, { workers: 0 });
    expect(summary).toMatchObject({ clips: 3, tracks: 3, persons: 2, frames: 8 });
    const store = FrameStore.open(path);
    expect(store.clips().map(({ source: id }) => id)).toEqual([
      "person0/clip0",
      "person2/clip0",
      "person0/later",
    ]);
    await store.close();
  });

  it("refuses to go on with other options", async () => {
    const source = framesOf(1);
    const path = storePath();
    await prepare(source, path, { workers: 0 });
    await expect(prepare(source, path, { workers: 0, codec: "raw" })).rejects.toThrow(StoreOptionsError);
    await expect(prepare(source, path, { workers: 0, codec: "raw" })).rejects.toThrow(
      /expected codec jpeg, with which the store was made, received raw/,
    );
  });

  it("stopped by its signal, keeps whole clips and goes on from there", async () => {
    const source = framesOf(6);
    const [path, whole] = [storePath(), storePath()];
    const controller = new AbortController();
    const onProgress = ({ sourcesDone }: { sourcesDone: number }) => {
      if (sourcesDone >= 1) controller.abort(new DOMException("interrupted", "AbortError"));
    };
    const stopped = prepare(source, path, { workers: 0 }, { onProgress, signal: controller.signal });
    await expect(stopped).rejects.toThrow("interrupted");
    const { manifest } = await dump(path);
    expect(manifest.complete).toBe(false);
    expect(manifest.counts.frames % 3).toBe(0);
    await prepare(source, path, { workers: 0 });
    await prepare(source, whole, { workers: 0 });
    expect(await dump(path)).toEqual(await dump(whole));
  });
});

describe("bad input", () => {
  const face = drawnFace(1, 0);
  const csvTree = (): string =>
    tree({
      "labels.csv":
        "path,expression,valence\na.jpg,happy,0.5\ngone.jpg,sad,0\ntext.jpg,sad,0\nempty.jpg,sad,0\na.jpg,sad,9\nb.jpg,fear,\n",
      "a.jpg": face,
      "b.jpg": drawnFace(2, 1),
      "text.jpg": "this is no picture",
      "empty.jpg": null,
    });

  it("is named and counted, and the rest goes on", async () => {
    const root = csvTree();
    const path = storePath();
    const problems: string[] = [];
    const onProblem = (message: string, reason: string) =>
      problems.push(`${reason}: ${message.replaceAll(`${root}/`, "")}`);
    const summary = await prepare(root, path, { workers: 0 }, { onProblem });
    expect(summary).toMatchObject({
      ...{ clips: 4, frames: 2, problems: { unreadable: 2 }, badRows: { badNumber: 1, missingFile: 1 } },
    });
    expect(problems[0]).toBe(
      'missingFile: labels.csv:3: expected an image or video "gone.jpg", received no such file. Add the file, or remove its row.',
    );
    expect(problems[1]).toBe(
      'badNumber: labels.csv:6: expected valence as a number in [-1, 1], received "9". Correct the number, or leave the field empty.',
    );
    expect(problems[2]).toMatch(/^unreadable: text\.jpg: /);
    expect(problems[3]).toMatch(/^unreadable: empty\.jpg: /);
    const store = FrameStore.open(path);
    expect(store.readLabels([0, 1])).toMatchObject([
      { expression: "happy", valence: 0.5 },
      { expression: "fear" },
    ]);
    await store.close();
  });

  it("is an error at the first with --strict, be it a row or a file", async () => {
    const root = csvTree();
    await expect(prepare(root, storePath(), { workers: 0, strict: true })).rejects.toThrow(/labels\.csv:3: /);
    writeFileSync(join(root, "labels.csv"), "path\na.jpg\ntext.jpg\n");
    await expect(prepare(root, storePath(), { workers: 0, strict: true })).rejects.toThrow(
      /^text\.jpg: .*`strict/,
    );
  });

  it("mended, is read by the next run", async () => {
    const root = csvTree();
    const path = storePath();
    await prepare(root, path, { workers: 0 });
    writeFileSync(join(root, "text.jpg"), face);
    rmSync(join(root, "empty.jpg"));
    const summary = await prepare(root, path, { workers: 0 });
    expect(summary).toMatchObject({
      clips: 4,
      frames: 3,
      problems: { unreadable: 1 },
      badRows: { missingFile: 2 },
    });
  });

  it("a link to itself is one of the files that cannot be read", async () => {
    const root = temporaryFolder();
    symlinkSync("loop.mp4", join(root, "loop.mp4"));
    const problems: string[] = [];
    const run = prepare(
      root,
      storePath(),
      { workers: 0 },
      { onProblem: (problem) => problems.push(problem) },
    );
    await expect(run).rejects.toThrow(/received 1 unreadable\./);
    expect(problems).toEqual([expect.stringMatching(/^loop\.mp4: /)]);
  });

  it("a source without anything of its layout leaves no store behind", async () => {
    const path = storePath();
    const wrongLayout = prepare(csvTree(), path, { workers: 0, dataset: "videoFolder" });
    await expect(wrongLayout).rejects.toThrow(/expected videoFolder: .*received 4 \.jpg/);
    await expect(prepare("", path, { workers: 0 })).rejects.toThrow(/^source: .* an empty name/);
    expect(existsSync(path)).toBe(false);
  });

  it("a file that is no landmark model leaves no store behind, which would refuse the right one", async () => {
    const path = storePath();
    const landmarkModel = join(csvTree(), "text.jpg");
    await expect(prepare(csvTree(), path, { workers: 0, landmarkModel })).rejects.toThrow(/no dlib shape/);
    expect(existsSync(path)).toBe(false);
  });

  it("a picture without a face is counted, not a problem", async () => {
    const grey = await sharp({ create: { width: 200, height: 150, channels: 3, background: "#808080" } })
      .jpeg()
      .toBuffer();
    const root = tree({ "own.csv": "path\nplain.jpg\na.jpg\n", "plain.jpg": grey, "a.jpg": face });
    const summary = await prepare(join(root, "own.csv"), storePath(), { workers: 0, strict: true });
    expect(summary).toMatchObject({ framesSampled: 2, frames: 1, skipped: { noFace: 1 }, problems: {} });
  });
});

describe("labelled stills", () => {
  it("FER2013 as numbers and as files gives the same crops and landmarks", async () => {
    const { data } = await sharp(drawnFace(3, 0))
      .resize(48, 48)
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const png = await sharp(data, { raw: { width: 48, height: 48, channels: 1 } })
      .png()
      .toBuffer();
    const rows = `emotion,pixels,Usage\n3,${[...data].join(" ")},Training\n3,${"300 ".repeat(2304).trim()},Training\n`;
    const [csvPath, filePath] = [storePath(), storePath()];
    const fromCsv = await prepare(tree({ "fer2013.csv": rows }), csvPath, { workers: 0 });
    await prepare(tree({ "train/angry/0.png": png, "train/happy/1.png": png }), filePath, { workers: 0 });
    expect(fromCsv).toMatchObject({ frames: 1, problems: { unreadable: 1 } });
    const [a, b] = [FrameStore.open(csvPath), FrameStore.open(filePath)];
    expect(a.frame(0).image).toEqual(b.frame(1).image);
    expect(a.frame(0)).toEqual(b.frame(1));
    expect(a.clips()[0]).toMatchObject({ kind: "still", split: "train", person: null, frameCount: 1 });
    await Promise.all([a.close(), b.close()]);
  });

  it("--no-detect takes the whole image for the face, and still places landmarks", async () => {
    const root = tree({ "own.csv": "path\na.jpg\n", "a.jpg": drawnFace(1, 0) });
    const [whole, found] = [storePath(), storePath()];
    await prepare(join(root, "own.csv"), whole, { workers: 0, detect: false, codec: "raw", size: 180 });
    await prepare(join(root, "own.csv"), found, { workers: 0, codec: "raw", size: 180 });
    const [a, b] = [FrameStore.open(whole), FrameStore.open(found)];
    const { data } = await sharp(drawnFace(1, 0)).raw().toBuffer({ resolveWithObject: true });
    expect(Buffer.from(a.frame(0).image).equals(data)).toBe(true);
    expect(Buffer.from(b.frame(0).image).equals(data)).toBe(false);
    expect(a.frame(0).landmarks[2 * 57 + 1]).toBeGreaterThan(a.frame(0).landmarks[2 * 27 + 1]! + 20);
    await Promise.all([a.close(), b.close()]);
  });

  it("--crop-scale says how tight the crops are, and the store remembers", async () => {
    const source = framesOf(1, 1, 1);
    const faceWidthAt = async (cropScale: number) => {
      const path = storePath();
      await prepare(source, path, { workers: 0, cropScale });
      const store = FrameStore.open(path);
      expect(store.manifest.options.cropScale).toBe(cropScale);
      const { landmarks } = store.frame(0);
      await store.close();
      return landmarks[2 * 16]! - landmarks[0]!;
    };
    expect((await faceWidthAt(1.2)) / (await faceWidthAt(1.6))).toBeCloseTo(1.6 / 1.2, 1);
  });

  it("AffectNet's box decides which of two faces it is", async () => {
    const pair = await sharp({ create: { width: 400, height: 200, channels: 3, background: "#456" } })
      .composite(
        [1, 2].map((person) => ({ input: drawnFace(person, 0), left: person === 1 ? 10 : 210, top: 10 })),
      )
      .jpeg()
      .toBuffer();
    const header =
      "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal";
    const list = `${header}\np.jpg,40,50,120,120,,1,0.5,0\np.jpg,240,50,120,120,,2,-0.5,0\n`;
    const root = tree({ "training.csv": list, "p.jpg": pair });
    const path = storePath();
    expect(await prepare(root, path, { workers: 0 })).toMatchObject({ clips: 2, frames: 2 });
    const store = FrameStore.open(path);
    expect(store.readLabels([0, 1]).map(({ expression }) => expression)).toEqual(["happy", "sad"]);
    expect(store.frame(0).image).not.toEqual(store.frame(1).image);
    await store.close();
  });

  it("labels with a time go to the nearest sampled frames of their clip", async () => {
    const source = framesOf(1, 1, 4);
    writeFileSync(
      join(source, "labels.csv"),
      "path,time,expression,subject\nperson0/clip0,0.0,happy,ann\nperson0/clip0,0.25,sad,ann\nperson0/clip0,9,fear,ann\n",
    );
    const path = storePath();
    await prepare(source, path, { workers: 0 });
    const store = FrameStore.open(path);
    expect(store.readLabels([0, 1, 2, 3]).map(({ expression }) => expression)).toEqual([
      "happy",
      "sad",
      undefined,
      undefined,
    ]);
    expect(store.clips()[0]!.person).toBe("ann");
    await store.close();
  });
});
