import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { DATASETS, type Sample } from "../../../src/data/datasets/index.ts";
import { list, npyDouble, npyString, tree } from "./tree.ts";

const messages = (root: string, problems: { message: string }[]) =>
  problems.map(({ message }) => message.replaceAll(`${root}/`, ""));

describe("affectnet", () => {
  const header =
    "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal";

  it("lists: boxes, splits, labels; -2 and the three non-expressions left out; validation.csv without a header", async () => {
    const root = tree({
      "training.csv": `${header}\n1/a.jpg,10,20,100,110,1;2,1,0.5,-0.25\n1/a.jpg,1,2,3,4,1;2,10,-2,-2\n1/b.png,5,5,50,50,1;2,7,-2,-2\n`,
      "validation.csv": "2/c.jpg,1,2,30,40,1;2,0,0.1,0.2\n",
      "Manually_Annotated_Images/1/a.jpg": null,
      "Manually_Annotated_Images/1/b.png": null,
      "2/c.jpg": null,
    });
    const { dataset, samples, problems } = await list(root);
    expect(dataset).toBe("affectnet");
    expect(problems).toEqual([]);
    const image = (name: string) => join(root, "Manually_Annotated_Images", "1", name);
    expect(samples).toEqual([
      {
        source: { kind: "still", path: image("a.jpg"), box: { left: 10, top: 20, width: 100, height: 110 } },
        ...{ expression: "happy", valence: 0.5, arousal: -0.25, split: "train" },
      },
      {
        source: { kind: "still", path: image("b.png"), box: { left: 5, top: 5, width: 50, height: 50 } },
        ...{ expression: "contempt", split: "train" },
      },
      {
        source: {
          kind: "still",
          path: join(root, "2", "c.jpg"),
          box: { left: 1, top: 2, width: 30, height: 40 },
        },
        ...{ expression: "neutral", valence: 0.1, arousal: 0.2, split: "validation" },
      },
    ]);
  });

  it("lists: names rows with missing images, impossible numbers and missing fields, and goes on", async () => {
    const rows = [
      "1/a.jpg,1,1,9,9,x,1,3.5,0",
      "1/gone.jpg,1,1,9,9,x,1,0,0",
      "1/a.jpg,1,1",
      "1/a.jpg,1,1,9,9,x,12,0,0",
      "1/a.jpg,1,1,9,9,x,2,0,0",
    ];
    const root = tree({ "training.csv": [header, ...rows, ""].join("\n"), "1/a.jpg": null });
    const { samples, problems } = await list(root);
    expect(samples.map(({ expression }) => expression)).toEqual(["sad"]);
    expect(problems.map(({ reason, line }) => [reason, line])).toEqual([
      ["badNumber", 2],
      ["missingFile", 3],
      ["wrongColumns", 4],
      ["badExpression", 5],
    ]);
    expect(messages(root, problems)[0]).toBe(
      'training.csv:2: expected valence as a number in [-1, 1], received "3.5". Correct the number, or leave the field empty.',
    );
  });

  it("arrays: numbers and strings alike; wrong or missing ones named", async () => {
    const labels = (set: string, n: number, exp: Buffer, val: Buffer, aro: Buffer) => ({
      [`${set}/images/${n}.jpg`]: null,
      [`${set}/annotations/${n}_exp.npy`]: exp,
      [`${set}/annotations/${n}_val.npy`]: val,
      [`${set}/annotations/${n}_aro.npy`]: aro,
    });
    const root = tree({
      ...labels("train_set", 0, npyString("6"), npyString("-0.5"), npyString("0.75")),
      ...labels("train_set", 1, npyString("8"), npyDouble(-2), npyDouble(-2)),
      ...labels("train_set", 2, npyString("x"), npyDouble(0), npyDouble(0)),
      ...labels("val_set", 3, npyDouble(5), npyDouble(-2), npyDouble(0.5)),
      ...labels("val_set", 4, npyDouble(5), npyDouble(0), npyDouble(7)),
      "val_set/images/5.jpg": null,
    });
    const { dataset, brief, problems } = await list(root);
    expect(dataset).toBe("affectnet");
    expect(brief).toEqual([
      [
        "still",
        "train_set/images/0.jpg",
        { expression: "anger", valence: -0.5, arousal: 0.75, split: "train" },
      ],
      ["still", "val_set/images/3.jpg", { expression: "disgust", arousal: 0.5, split: "validation" }],
    ]);
    expect(problems.map(({ reason }) => reason)).toEqual(["badLabelFile", "badNumber", "missingFile"]);
  });
});

describe("fer2013", () => {
  const pixels = Array.from({ length: 48 * 48 }, (_, i) => i % 256).join(" ");

  it("CSV: emotion, split and the row's place in the file", async () => {
    const text = `emotion,pixels,Usage\n0,${pixels},Training\n6,${pixels},PrivateTest\n`;
    const root = tree({ "fer2013.csv": text });
    const { dataset, samples } = await list(root);
    expect(dataset).toBe("fer2013");
    expect(samples.map(({ expression, split }) => [expression, split])).toEqual([
      ["anger", "train"],
      ["neutral", "test"],
    ]);
    const { firstByte, byteLength } = samples[1]!.source as { firstByte: number; byteLength: number };
    expect(text.slice(firstByte, firstByte + byteLength)).toBe(`6,${pixels},PrivateTest\n`);
  });

  it("CSV: names rows with a wrong number of pixels, an unknown emotion or usage", async () => {
    const rows = [
      `1,1 2 3,Training`,
      `9,${pixels},Training`,
      `1,${pixels},Sometime`,
      `1,${pixels},PublicTest`,
    ];
    const root = tree({ "fer2013.csv": `emotion,pixels,Usage\n${rows.join("\n")}\n` });
    const { samples, problems } = await list(root);
    expect(samples).toMatchObject([{ expression: "disgust", split: "validation" }]);
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4]);
    expect(messages(root, problems)[0]).toBe(
      "fer2013.csv:2: expected 2304 pixels, received 3. Correct or remove the row.",
    );
  });

  it("folders: class and split by name; a folder of another name is named", async () => {
    const root = tree({ "train/angry/1.jpg": null, "test/surprise/2.jpg": null, "test/bored/3.jpg": null });
    const { dataset, brief, problems } = await list(root);
    expect(dataset).toBe("fer2013");
    expect(brief).toEqual([
      ["still", "train/angry/1.jpg", { expression: "anger", split: "train" }],
      ["still", "test/surprise/2.jpg", { expression: "surprise", split: "test" }],
    ]);
    expect(messages(root, problems)).toEqual([
      'test/bored: expected a folder named after an expression, received "bored". Rename or remove the folder.',
    ]);
  });

  it("folders: what is beside the classes is left out and counted; classes under an unknown split are an error", async () => {
    const root = tree({
      ...{ "Train/Happy/1.jpg": null, "VAL/sadness/2.png": null, "Train/stray.jpg": null },
      ...{ "Train/Happy/notes.txt": null, "terms.pdf": null, "originals/3.jpg": null },
    });
    const leftOut: string[] = [];
    const samples: Sample[] = [];
    const options = { onProblem: () => {}, onLeftOut: (path: string) => leftOut.push(relative(root, path)) };
    for await (const sample of DATASETS.fer2013.read(root, options)) samples.push(sample);
    expect(samples).toMatchObject([
      { expression: "happy", split: "train" },
      { expression: "sad", split: "validation" },
    ]);
    const others = ["Train/Happy/notes.txt", "Train/stray.jpg", "originals/3.jpg", "terms.pdf"];
    expect(leftOut.sort()).toEqual(others);
    mkdirSync(join(root, "holdout", "angry"), { recursive: true });
    await expect(list(root)).rejects.toThrow(
      /holdout: expected a folder named after a split, train \(or .*, received "holdout" with folders of expressions\./,
    );
  });

  const votes =
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n" +
    "Training,fer0000000.png,1,8,1,0,0,0,0,0,0,0\n" + // happy: single votes are outliers
    "Training,fer0000001.png,4,4,0,0,0,0,0,0,2,0\n" + // no majority
    "Training,,0,0,0,0,0,0,0,0,0,10\n" + // no face
    "PublicTest,fer0000003.png,0,0,0,0,0,0,0,7,3,0\n" + // contempt
    "PublicTest,fer0000004.png,0,0,0,0,0,0,0,77,3,0\n"; // impossible

  it("FER+ votes on the CSV: a majority decides, row by row", async () => {
    const rows = Array.from({ length: 5 }, () => `0,${pixels},Training`).join("\n");
    const root = tree({ "fer2013new.csv": votes, "fer2013.csv": `emotion,pixels,Usage\n${rows}\n` });
    const { dataset, samples, problems } = await list(root);
    expect(dataset).toBe("ferplus");
    expect(
      samples.map(({ expression, split, source }) => [expression, split, "row" in source && source.row]),
    ).toEqual([
      ["happy", "train", 2],
      ["contempt", "validation", 5],
    ]);
    expect(problems.map(({ reason, line }) => [reason, line])).toEqual([["badNumber", 6]]);
  });

  it("FER+ votes on image files", async () => {
    const root = tree({ "fer2013new.csv": votes, "FER2013Train/fer0000000.png": null });
    const { brief, problems } = await list(root);
    expect(brief).toEqual([
      [
        "still",
        "FER2013Train/fer0000000.png",
        { expression: "happy", split: "train", votes: [1, 8, 0, 1, 0, 0, 0, 0] },
      ],
    ]);
    expect(problems.map(({ reason }) => reason)).toEqual(["badNumber", "missingFile"]);
  });
});

describe("your own csv", () => {
  it("votes of several raters: a majority is the expression, and rows without one keep their votes", async () => {
    const text =
      "path,neutral,happiness,surprise,unknown,NF,age\n" +
      "a.jpg,1,8,1,0,0,30\nb.jpg,4,4,2,0,0,30\nc.jpg,1,1,1,5,0,30\nd.jpg,0,-1,0,0,0,30\n";
    const media = { "a.jpg": null, "b.jpg": null, "c.jpg": null, "d.jpg": null };
    const { brief, problems, notices } = await list(tree({ "labels.csv": text, ...media }));
    expect(brief).toEqual([
      ["still", "a.jpg", { expression: "happy", votes: [1, 8, 0, 1, 0, 0, 0, 0] }],
      ["still", "b.jpg", { votes: [4, 4, 0, 2, 0, 0, 0, 0] }],
      ["still", "c.jpg", {}],
    ]);
    expect(problems.map(({ reason, line }) => [reason, line])).toEqual([["badNumber", 5]]);
    expect(notices).toEqual([
      "labels.csv: ignored columns: age",
      "labels.csv: columns read as votes: neutral, happiness, surprise, unknown, NF",
    ]);
  });

  it("two columns of one expression are no votes, and it says so", async () => {
    const text = "path,happy,sad,happiness\na.jpg,3,1,2\n";
    const { brief, notices } = await list(tree({ "labels.csv": text, "a.jpg": null }));
    expect(brief).toEqual([["still", "a.jpg", {}]]);
    expect(notices[1]).toMatch(
      /not read as votes, because an expression has two columns: happy, sad, happiness/,
    );
  });

  it("shares in columns of expressions, with decimal commas too; as many for unknown are no majority", async () => {
    const text = "path;happy;sad;unknown\na.jpg;0,75;0,25;0\nb.jpg;1;0;0\nc.jpg;3;0;3\n";
    const { brief } = await list(tree({ "labels.csv": text, "a.jpg": null, "b.jpg": null, "c.jpg": null }));
    expect(brief).toEqual([
      ["still", "a.jpg", { expression: "happy", votes: [0, 0.75, 0.25, 0, 0, 0, 0, 0] }],
      ["still", "b.jpg", { expression: "happy", votes: [0, 1, 0, 0, 0, 0, 0, 0] }],
      ["still", "c.jpg", {}],
    ]);
  });

  it("fractions beside counts are neither votes nor shares: the row is left out, and the message says why", async () => {
    const rows = "a.jpg,0.8,3,0\nb.jpg,80.5,19.5,0\nc.jpg,0.2,0.2,0.6\nd.jpg,2,1,0\ne.jpg,0.5,1,0\n";
    const media = { "a.jpg": null, "b.jpg": null, "c.jpg": null, "d.jpg": null, "e.jpg": null };
    const { samples, problems } = await list(
      tree({ "labels.csv": `path,happy,sad,fear\n${rows}`, ...media }),
    );
    expect(samples.map(({ source }) => source.path.slice(-5))).toEqual(["c.jpg", "d.jpg", "e.jpg"]);
    expect(problems.map(({ reason, line }) => [reason, line])).toEqual([
      ["badNumber", 2],
      ["badNumber", 3],
    ]);
    expect(problems[0]!.message).toMatch(
      /labels\.csv:2: expected whole numbers of votes, or shares of at most 1, received votes for happy: 0\.8, votes for sad: 3\./,
    );
  });

  it("images, videos and frame folders, with any of the labels", async () => {
    const text =
      "\uFEFFPath, Time ,expression,valence,arousal,intensity,subject,split,AU12\n" +
      "a.jpg,,Happiness,0.5,,,ann,train,1\n" +
      '"films/b.mp4",1.5,fear,,-1,0.25,bob,valid,0\n' +
      "frames,,,,,,,,\n";
    const root = tree({ "labels.csv": text, "a.jpg": null, "films/b.mp4": null, "frames/1.jpg": null });
    const { dataset, brief, problems } = await list(root);
    expect(dataset).toBe("csv");
    expect(brief).toEqual([
      ["still", "a.jpg", { expression: "happy", valence: 0.5, subject: "ann", split: "train" }],
      [
        "video",
        "films/b.mp4",
        {
          timeSeconds: 1.5,
          expression: "fear",
          arousal: -1,
          intensity: 0.25,
          subject: "bob",
          split: "validation",
        },
      ],
      ["frames", "frames", {}],
    ]);
    expect(problems).toEqual([]);
  });

  it("names missing files, impossible numbers, stray quotes and short rows by line, and goes on", async () => {
    const rows = [
      "gone.jpg,1,0",
      "a.jpg,abc,0",
      "a.jpg,-1,0",
      "a.jpg",
      'a"b".jpg,"x"y,0',
      "a.jpg,1,1e9",
      "notes.txt,1,0",
      "a.jpg,1,0",
    ];
    const root = tree({
      "own.csv": `path,time,valence\n${rows.join("\n")}\n`,
      "a.jpg": null,
      "notes.txt": null,
    });
    const { samples, problems } = await list(join(root, "own.csv"));
    expect(samples).toHaveLength(1);
    const byLine = problems.map(({ line, reason }) => [line, reason]).sort();
    expect(byLine).toEqual([
      [2, "missingFile"],
      [3, "badNumber"],
      [4, "badNumber"],
      [5, "wrongColumns"],
      [6, "badNumber"],
      [7, "badNumber"],
      [8, "missingFile"],
    ]);
  });

  it("refuses a file without the columns it needs", async () => {
    const { csv } = (await import("../../../src/data/datasets/index.ts")).DATASETS;
    const root = tree({ "own.csv": "where,valence\na.jpg,0\n" });
    const reading = async () => {
      for await (const _ of csv.read(join(root, "own.csv"), { onProblem: () => {} }));
    };
    await expect(reading()).rejects.toThrow(
      /own\.csv:1: expected a header line with a column path .*, received "where,valence"/,
    );
  });
});
