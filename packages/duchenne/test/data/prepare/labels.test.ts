import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DATASETS } from "../../../src/data/datasets/registry.ts";
import { planSources } from "../../../src/data/prepare/plan.ts";
import { prepare } from "../../../src/data/prepare/prepare.ts";
import { FrameStore, removePerson, StoreOptionsError } from "../../../src/data/store/index.ts";
import { inspectStore } from "../../../src/data/store/inspect.ts";
import { tree } from "../datasets/tree.ts";
import { temporaryFolder } from "../store/synthetic.ts";
import { drawnFace } from "./drawnFace.ts";
import { duchenne } from "./support.ts";

const FACES = { "a.jpg": drawnFace(1, 0), "b.jpg": drawnFace(2, 1), "c.jpg": drawnFace(3, 0) };
const storePath = (): string => join(temporaryFolder(), "store");
const OPTIONS = { workers: 0, detect: false } as const;

describe("prepare in which no row can be used ends with an error and leaves no store behind:", () => {
  it.each([
    [
      "missing files",
      "path,label\nx.jpg,sad\ny.jpg,sad\n",
      /received 2 missingFile\. Correct the problems named above/,
    ],
    ["unknown labels", "path;label\na.jpg;bored\nb.jpg;tired\n", /received 2 badExpression\./],
    ["unreadable images", "path,label\ntext.jpg,sad\nempty.jpg,happy\n", /received 2 unreadable\./],
    ["an unknown split", "path,split\na.jpg,one\nb.jpg,two\n", /labels\.csv:2: expected split as train/],
  ])("%s", async (_, table, message) => {
    const path = storePath();
    const source = tree({ ...FACES, "labels.csv": table, "text.jpg": "no picture", "empty.jpg": null });
    const run = prepare(source, path, OPTIONS);
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toMatchObject({ isFatal: true });
    expect(existsSync(path)).toBe(false);
  });

  it.each<[string, Record<string, string | null>]>([
    ["films", { "ann/text.mp4": "no film", "bob/empty.mkv": null }],
    ["folders of frames", { "ann/1/a.jpg": "no picture", "ann/1/b.jpg": null, "bob/1/c.png": "nor this" }],
  ])("%s of which none can be read", async (_, files) => {
    const path = storePath();
    const run = prepare(tree(files), path, OPTIONS);
    await expect(run).rejects.toThrow(/received 2 unreadable\./);
    await expect(run).rejects.toMatchObject({ isFatal: true });
    expect(existsSync(path)).toBe(false);
  });

  it("names what the layout does not read beside it", async () => {
    const run = prepare(tree({ "text.mp4": "no film", "notes.doc": "x" }), storePath(), OPTIONS);
    await expect(run).rejects.toThrow(
      /received 1 unreadable, and files that the layout videoFolder does not read: 1 \.doc \(notes\.doc\)\./,
    );
  });

  it("with 2 from the command line, after the rows; a store that was there stays", async () => {
    const source = tree({ ...FACES, "labels.csv": "path,label\na.jpg,sad\n" });
    const path = storePath();
    await prepare(source, path, OPTIONS);
    const before = readFileSync(join(path, "frames.mdb"));
    writeFileSync(join(source, "labels.csv"), "path,label\ngone.jpg,sad\n");
    const { code, stdout, stderr } = await duchenne([
      "prepare",
      source,
      "--out",
      path,
      "--no-detect",
      "--workers",
      "0",
    ]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/warning: missingFile: .*labels\.csv:2: expected an image or video "gone\.jpg"/);
    expect(stderr).toMatch(/error: .*expected at least one row or file that can be used/);
    expect(readFileSync(join(path, "frames.mdb"))).toEqual(before);
  });
});

it("some bad rows are named with their lines and counted, and the run ends with 0", async () => {
  const rows = Array.from({ length: 23 }, (_, i) => `c.jpg,mood${i}`).join("\n");
  const source = tree({ ...FACES, "labels.csv": `path\tlabel\na.jpg\tsad\n${rows.replaceAll(",", "\t")}\n` });
  const args = ["prepare", source, "--out", storePath(), "--no-detect", "--workers", "0"];
  const { code, stdout, stderr } = await duchenne(args);
  expect(code).toBe(0);
  expect(stdout).toMatch(/label rows skipped: 23 badExpression/);
  expect(stderr.match(/warning: badExpression: .*labels\.csv:\d+: /g)).toHaveLength(20);
  expect(stderr).toMatch(/warning: badExpression: 3 more/);
});

it("numbers as labels: their order is reported, kept in the store, and part of its options", async () => {
  const source = tree({ ...FACES, "labels.csv": "path,emotion\na.jpg,3\nb.jpg,0\n" });
  const path = storePath();
  const { stderr, code } = await duchenne([
    "prepare",
    source,
    "--out",
    path,
    "--no-detect",
    "--workers",
    "0",
  ]);
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /note: .*labels\.csv: column emotion: numbers are .* fer2013: 0 anger, .* 6 neutral/,
  );
  const store = FrameStore.open(path);
  expect(store.manifest.options.labelNumbers).toBe("fer2013");
  expect(store.readLabels([0, 1]).map(({ expression }) => expression)).toEqual(["happy", "anger"]);
  await store.close();
  expect((await duchenne(["inspect", path])).stdout).toMatch(/numbers {3}as labels: 0 anger/);
  await expect(prepare(source, path, { ...OPTIONS, labelNumbers: "affectnet" })).rejects.toThrow(
    StoreOptionsError,
  );
  // The numbers are gone, the order of those that were read stays.
  writeFileSync(join(source, "labels.csv"), "path,emotion\na.jpg,happy\n");
  await prepare(source, path, OPTIONS);
});

it("a label file that the layout does not read is named", async () => {
  const source = tree({ "ann/clip/a.jpg": FACES["a.jpg"], "ann/clip/labels.tsv": "a.jpg\thappy\n" });
  const notices: string[] = [];
  await prepare(source, storePath(), OPTIONS, { onNotice: (notice) => notices.push(notice) });
  expect(notices).toEqual([
    expect.stringMatching(/ann\/clip\/labels\.tsv is not read: the layout frameTree/),
  ]);
});

it("folders named after expressions that the layout does not read as labels are named", async () => {
  const source = tree({ "Happy/a.jpg": FACES["a.jpg"], "sadness/b.jpg": FACES["b.jpg"] });
  const notices: string[] = [];
  await prepare(source, storePath(), OPTIONS, { onNotice: (notice) => notices.push(notice) });
  expect(notices).toEqual([
    expect.stringMatching(/frameTree does not read the folders Happy, sadness as labels/),
  ]);
});

it("people are one, however their names are written, and may be called as objects' members are", async () => {
  const [composed, decomposed] = ["Zo\u00eb", "Zoe\u0308"];
  const table = `path,person\na.jpg,${composed}\nb.jpg,${decomposed}\nc.jpg,__proto__\n`;
  const source = tree({ ...FACES, "labels.csv": table });
  const path = storePath();
  expect(await prepare(source, path, OPTIONS)).toMatchObject({ persons: 2, frames: 3 });
  const store = FrameStore.open(path);
  expect(JSON.parse(JSON.stringify(inspectStore(store))).facesPerPerson).toEqual(
    JSON.parse(`{"${composed}": 2, "__proto__": 1}`),
  );
  await store.close();
  expect(await removePerson(path, decomposed)).toEqual({ clips: 2, frames: 2 });
  rmSync(join(source, "c.jpg"));
  expect(await prepare(source, path, OPTIONS)).toMatchObject({ persons: 1, frames: 1 });
});

it("rows of one file that disagree are named by line, and the first counts", async () => {
  const table = [
    "path,label,subject,split",
    "a.jpg,happy,ann,train",
    "a.jpg,sad,ann,train",
    "./a.jpg,happy,ann,train",
    "a.jpg,happy,bob,test",
  ].join("\n");
  const source = tree({ "a.jpg": null, "labels.csv": table });
  const problems: string[] = [];
  const onProblem = ({ message }: Error) => problems.push(message.replaceAll(`${source}/`, ""));
  const plans = await planSources(DATASETS.csv.read(source, { onProblem }), source, onProblem);
  expect(plans).toMatchObject([
    { id: "a.jpg", person: "ann", labels: [{ labels: { expression: "happy" } }] },
  ]);
  expect(problems).toEqual([
    'labels.csv:3: expected one row for a.jpg, or rows with a time, received another row, with {"expression":"sad"} after {"expression":"happy"}. Correct or remove the row.',
    "labels.csv:4: expected one row for a.jpg, or rows with a time, received the same row again. Correct or remove the row.",
    'labels.csv:5: expected the subject and split of the first row of a.jpg, ["ann","train"], received ["bob","test"]. Correct or remove the row.',
  ]);
});

it("pipes among the files are named, and wait for no other end", async () => {
  const source = tree({ "ann/clip/a.jpg": "no picture" });
  for (const name of ["labels.csv", "fer2013.csv", "ann/clip/b.png", "ann/clip/c.jpg", "ann/d.gif"])
    execFileSync("mkfifo", [join(source, name)]);
  await expect(prepare(source, storePath(), OPTIONS)).rejects.toThrow(
    /labels\.csv: expected a text file to read, received a pipe or a device/,
  );
  rmSync(join(source, "labels.csv"));
  const run = prepare(source, storePath(), OPTIONS);
  await expect(run).rejects.toThrow(/expected at least one row or file that can be used/);
});
