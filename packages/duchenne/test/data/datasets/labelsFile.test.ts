import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ignoredLabelFiles } from "../../../src/data/datasets/registry.ts";
import { list, tree } from "./tree.ts";

const IMAGES = { "0.jpg": null, "1.jpg": null, "2.png": null };
const ROWS = [
  ["0.jpg", "happy", "Train"],
  ["1.jpg", "ANGRY", "VAL"],
  ["2.png", "Sadness", "privatetest"],
];
const READ = [
  ["still", "0.jpg", { expression: "happy", split: "train" }],
  ["still", "1.jpg", { expression: "anger", split: "validation" }],
  ["still", "2.png", { expression: "sad", split: "test" }],
];
const table = (header: readonly string[], delimiter: string, ending = "\n"): string =>
  [header, ...ROWS].map((row) => row.join(delimiter) + ending).join("");

const HEADER = ["path", "expression", "split"];

/** Big-endian UTF-16 with a byte order mark. */
const utf16be = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, "utf16le").swap16();

describe("a labels file", () => {
  it.each([
    ["comma", ","],
    ["semicolon", ";"],
    ["tab", "\t"],
    ["bar", "|"],
  ])("may be separated by %s", async (_, delimiter) => {
    const { dataset, brief, problems } = await list(
      tree({ ...IMAGES, "labels.csv": table(HEADER, delimiter) }),
    );
    expect([dataset, brief, problems]).toEqual(["csv", READ, []]);
  });

  it.each([
    ["with a byte order mark", Buffer.from(`\uFEFF${table(HEADER, ";")}`)],
    ["in UTF-16, little end first", Buffer.from(`\uFEFF${table(HEADER, "\t")}`, "utf16le")],
    ["in UTF-16 without a mark", Buffer.from(table(HEADER, ","), "utf16le")],
    ["in UTF-16, big end first", utf16be(table(HEADER, ","))],
    ["with CRLF", Buffer.from(table(HEADER, ",", "\r\n"))],
    ["with CR", Buffer.from(table(HEADER, ",", "\r"))],
    ["with Excel's line for the delimiter", Buffer.from(`sep=;\r\n${table(HEADER, ";", "\r\n")}`)],
    ["with the last character of old spreadsheets", Buffer.from(`${table(HEADER, ",")}\x1a`)],
    ["with empty lines and empty columns", Buffer.from(`\n${table([...HEADER, "", ""], ",")}\n,,,,\n`)],
    [
      "with quotes after spaces",
      Buffer.from(
        table(
          HEADER.map((name) => ` "${name}"`),
          ",",
        ),
      ),
    ],
  ])("is read %s", async (_, bytes) => {
    const { brief, problems } = await list(tree({ ...IMAGES, "labels.csv": bytes }));
    expect(problems).toEqual([]);
    expect(brief).toEqual(READ);
  });

  it.each([
    [["File_Name", " EMOTION ", "Usage"]],
    [["image", "label", "subset"]],
    [["img", "Class", "partition"]],
    [["Image Path", "target", "fold"]],
    [["filepath", "facial-expression", "SET"]],
  ])("may have the header %j", async (header) => {
    const { brief } = await list(tree({ ...IMAGES, "labels.csv": table(header, ",") }));
    expect(brief).toEqual(READ);
  });

  it.each(["Labels.CSV", "labels.tsv", "labels.txt", "faces.csv", "annotations.tsv", "list.txt"])(
    "may be called %s",
    async (name) => {
      const { dataset, brief } = await list(tree({ ...IMAGES, [name]: table(HEADER, "\t") }));
      expect([dataset, brief]).toEqual(["csv", READ]);
    },
  );

  it("may be given itself, whatever its ending", async () => {
    const root = tree({ ...IMAGES, "own.tsv": table(HEADER, "\t") });
    expect((await list(join(root, "own.tsv"))).samples).toHaveLength(3);
  });

  it("has names of files in Windows-1252 or UTF-8, in either form of Unicode, and with backslashes", async () => {
    const names = ["d\u00e9j\u00e0/\u20ac.jpg", "d\u00e9j\u00e0\\n\u0303.jpg"];
    const files = { "d\u00e9j\u00e0/\u20ac.jpg": null, "d\u00e9j\u00e0/\u00f1.jpg": null };
    const root = tree({
      ...files,
      "labels.csv": `path;label\n${names[0]};joy\n${names[1]!.normalize("NFD")};sad\n`,
    });
    expect((await list(root)).problems).toEqual([]);
    const decomposed = Object.fromEntries(Object.keys(files).map((name) => [name.normalize("NFD"), null]));
    const old = tree({ ...decomposed, "labels.csv": windows1252(`path;label\n${names[0]};joy\n`) });
    const { brief, problems } = await list(old);
    expect(problems).toEqual([]);
    expect(brief).toEqual([["still", names[0]!.normalize("NFD"), { expression: "happy" }]]);
  });

  it("has decimal commas if its delimiter is no comma", async () => {
    const root = tree({ ...IMAGES, "labels.csv": "path;valence;arousal\n0.jpg;0,5;-0,25\n" });
    expect((await list(root)).brief).toEqual([["still", "0.jpg", { valence: 0.5, arousal: -0.25 }]]);
  });

  it("is read with the columns that say most; the others are named once", async () => {
    const text = "id,image,emotion,label,subject,AU12\n1,0.jpg,happy,3,ann,0\n";
    const { brief, notices } = await list(tree({ ...IMAGES, "labels.csv": text }));
    expect(brief).toEqual([["still", "0.jpg", { expression: "happy", subject: "ann" }]]);
    expect(notices).toEqual(["labels.csv: ignored columns: id, label, AU12"]);
  });

  it("names a handful of many columns that it does not read, and their number", async () => {
    const units = Array.from({ length: 40 }, (_, i) => `AU${i}`);
    const text = `image,emotion,${units.join(",")}\n0.jpg,happy,${units.map(() => 0).join(",")}\n`;
    const { notices } = await list(tree({ ...IMAGES, "labels.csv": text }));
    expect(notices).toEqual(["labels.csv: ignored columns: AU0, AU1, AU2, AU3, AU4, AU5 and 34 more"]);
  });

  it("may have names of people and columns that objects have too", async () => {
    const text =
      "path,__proto__,constructor,subject,label\n0.jpg,1,2,__proto__,happy\n1.jpg,1,2,constructor,constructor\n";
    const { brief, problems } = await list(tree({ ...IMAGES, "labels.csv": text }));
    expect(brief).toEqual([["still", "0.jpg", { expression: "happy", subject: "__proto__" }]]);
    expect(problems.map(({ reason, line }) => [reason, line])).toEqual([["badExpression", 3]]);
  });
});

describe("a labels file that cannot be read is an error, not another layout:", () => {
  it.each([
    [
      "no header",
      "0.jpg,happy\n1.jpg,sad\n",
      /labels\.csv:1: expected a header line with a column path.*"0\.jpg,happy"/,
    ],
    ["no header, semicolons", "0.jpg;happy\n", /labels\.csv:1: .*separated by comma, semicolon, tab or \|/],
    ["no header, spaces", "0.jpg happy\n", /labels\.csv:1: expected a header line/],
    ["no column for the path", "label,valence\nhappy,0\n", /labels\.csv:1: .*"label,valence"/],
    ["nothing in it", "", /labels\.csv:1: .*received an empty file/],
    [
      "a workbook by another name",
      Buffer.from("PK\x03\x04\0\0\0\0", "latin1"),
      /labels\.csv: expected a text file.*received a binary file \(a zip archive, which Excel workbooks are\)\. Save/,
    ],
    // With zeros at odd places only, as UTF-16 has them; and with none.
    [
      "a picture by another name",
      Buffer.from(`\x89PNG\r\n\x1a\n.\0.\0.\0${"\xe1\x93\x07".repeat(40)}`, "latin1"),
      /labels\.csv: .*received a binary file \(a PNG image\)\. Save/,
    ],
    [
      "bytes that mean nothing, some of them zero",
      Buffer.from(Array.from({ length: 4001 }, (_, i) => ((i * i * 31 + i * 7) % 256) | (i % 2 ? 0 : 1))),
      /labels\.csv: .*received a binary file\. Save/,
    ],
    [
      "bytes that mean nothing, none of them zero",
      Buffer.from(Array.from({ length: 4001 }, (_, i) => 1 + ((i * i * 31 + i * 7) % 255))),
      /labels\.csv: .*received a binary file\. Save/,
    ],
  ])("%s", async (_, content, message) => {
    await expect(list(tree({ ...IMAGES, "labels.csv": content }))).rejects.toThrow(message);
    await expect(list(tree({ ...IMAGES, "labels.csv": content }))).rejects.toMatchObject({ isFatal: true });
  });

  it("under another name, too, if it names images beside it; and two of them", async () => {
    const headless = tree({ ...IMAGES, "faces.txt": "0.jpg\thappy\n" });
    await expect(list(headless)).rejects.toThrow(/faces\.txt:1: expected a header line/);
    const two = tree({
      ...IMAGES,
      "train.csv": "path,label\n0.jpg,sad\n",
      "test.csv": "path,label\n1.jpg,sad\n",
    });
    await expect(list(two)).rejects.toThrow(/expected one labels file, received test\.csv, train\.csv/);
  });

  it("a split of an unknown name, with the known ones", async () => {
    const root = tree({ ...IMAGES, "labels.csv": "path,split\n0.jpg,train\n1.jpg,holdout\n" });
    await expect(list(root)).rejects.toThrow(
      /labels\.csv:3: expected split as train \(or training, tr\), validation \(.*\), test \(.*\), or empty, received "holdout"/,
    );
  });

  it("files that seem to hold labels and are not read are named", () => {
    const root = tree({
      ...{
        "train/angry/0.jpg": null,
        "labels.csv": "path,label\ntrain/angry/0.jpg,sad\n",
        "readme.txt": "Faces.",
      },
      ...{ "annotations.json": "{}", "train/angry/list.txt": "0.jpg 4\n", "pairs.txt": "10\t300\n" },
    });
    expect(ignoredLabelFiles("fer2013", root).map((file) => file.replace(`${root}/`, ""))).toEqual([
      "annotations.json",
      "labels.csv",
      "train/angry/list.txt",
    ]);
    writeFileSync(join(root, "0.jpg"), "");
    expect(ignoredLabelFiles("csv", root)).not.toContain(join(root, "labels.csv"));
  });
});

describe("numbers as labels", () => {
  const numbers = (column: string) =>
    tree({ ...IMAGES, "labels.csv": `path,${column}\n0.jpg,3\n1.jpg,6.0\n` });
  const expressions = ({ samples }: { samples: { expression?: string }[] }) =>
    samples.map(({ expression }) => expression);

  it("are AffectNet's in a column expression, FER2013's in a column emotion, and the order is reported", async () => {
    const affectnet = await list(numbers("expression"));
    expect([expressions(affectnet), affectnet.notices]).toEqual([
      ["surprise", "anger"],
      ["numbers: affectnet"],
    ]);
    const fer = await list(numbers("Emotion"));
    expect([expressions(fer), fer.notices]).toEqual([["happy", "neutral"], ["numbers: fer2013"]]);
  });

  it("are ambiguous in any other, unless the order is given", async () => {
    await expect(list(numbers("label"))).rejects.toThrow(
      /labels\.csv:2: expected expressions as words in column label, .*received "3"\. Add `labelNumbers: "affectnet"` \(0 neutral, .*\) or `labelNumbers: "fer2013"` \(0 anger, /,
    );
    expect(expressions(await list(numbers("label"), undefined, "fer2013"))).toEqual(["happy", "neutral"]);
  });

  it("outside the order are bad rows", async () => {
    const root = tree({ ...IMAGES, "labels.csv": "path,emotion\n0.jpg,7\n1.jpg,6\n2.png,-1\n" });
    const { problems, samples } = await list(root);
    expect(samples).toHaveLength(1);
    expect(problems.map(({ reason, line }) => [reason, line])).toEqual([
      ["badExpression", 2],
      ["badExpression", 4],
    ]);
  });
});

it("class folders and folders of parts have names in any case", async () => {
  const root = tree({ "Test/SAD/2.jpg": null, "Training/Happiness/0.jpg": null, "val/Angry/1.jpg": null });
  const { dataset, brief } = await list(root);
  expect(dataset).toBe("fer2013");
  expect(brief).toEqual([
    ["still", "Training/Happiness/0.jpg", { expression: "happy", split: "train" }],
    ["still", "val/Angry/1.jpg", { expression: "anger", split: "validation" }],
    ["still", "Test/SAD/2.jpg", { expression: "sad", split: "test" }],
  ]);
});

/** The euro sign has its own place there; the rest is Latin-1. */
function windows1252(text: string): Buffer {
  return Buffer.from(text.replaceAll("\u20ac", "\x80"), "latin1");
}
