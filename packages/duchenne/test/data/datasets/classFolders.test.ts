import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ignoredClassFolders } from "../../../src/data/datasets/registry.ts";
import { prepare } from "../../../src/data/prepare/prepare.ts";
import { temporaryFolder } from "../store/synthetic.ts";
import { list, tree } from "./tree.ts";

const NUMBERED = { "train/0/a.jpg": null, "train/3/b.jpg": null, "Test/6/c.png": null, "Test/0/d.jpg": null };

it("folders of classes may have a number before the word", async () => {
  const { dataset, brief, problems } = await list(
    tree({ "train/0_angry/a.jpg": null, "train/1_happy/b.jpg": null, "TEST/2-sad/c.jpg": null }),
  );
  expect([dataset, problems]).toEqual(["fer2013", []]);
  expect(brief).toEqual([
    ["still", "train/0_angry/a.jpg", { expression: "anger", split: "train" }],
    ["still", "train/1_happy/b.jpg", { expression: "happy", split: "train" }],
    ["still", "TEST/2-sad/c.jpg", { expression: "sad", split: "test" }],
  ]);
});

it("folders of people whose names are words for one expression are no classes", () => {
  const people = { "01_Joy/a.jpg": null, "02_Happy/b.jpg": null };
  expect(ignoredClassFolders("videoFolder", tree(people))).toEqual([]);
  expect(ignoredClassFolders("videoFolder", tree({ ...people, "03_Sad/c.jpg": null }))).toHaveLength(3);
});

describe("folders of classes that are numbers", () => {
  it("are an error, not people, until their order is known", async () => {
    const root = tree(NUMBERED);
    await expect(list(root)).rejects.toMatchObject({ isFatal: true, file: join(root, "train") });
    await expect(list(root)).rejects.toThrow(
      /train: expected folders named after expressions, or numbers whose order is known, received 0, 3\. Add `labelNumbers: "affectnet"` \(0 neutral, .*\) or `labelNumbers: "fer2013"` \(0 anger, .*`dataset: "frameTree"`\.$/,
    );
  });

  it.each([
    ["fer2013", ["anger", "happy", "anger", "neutral"]],
    ["affectnet", ["neutral", "surprise", "neutral", "anger"]],
  ] as const)("are read in the order of %s, which is named", async (order, expressions) => {
    const { dataset, brief, notices } = await list(tree(NUMBERED), undefined, order);
    expect(dataset).toBe("fer2013");
    expect(brief).toEqual([
      ["still", "train/0/a.jpg", { expression: expressions[0], split: "train" }],
      ["still", "train/3/b.jpg", { expression: expressions[1], split: "train" }],
      ["still", "Test/0/d.jpg", { expression: expressions[2], split: "test" }],
      ["still", "Test/6/c.png", { expression: expressions[3], split: "test" }],
    ]);
    expect(notices).toEqual([`numbers: ${order}`]);
  });

  it("outside the order are named", async () => {
    const root = tree({ "train/1/a.jpg": null, "train/7/b.jpg": null });
    const { brief, problems } = await list(root, undefined, "fer2013");
    expect(brief).toHaveLength(1);
    expect(problems[0]!.message).toMatch(
      /7: expected a folder named after an expression, or 0 to 6, received "7"/,
    );
  });

  it("under an unknown split are an error", async () => {
    const root = tree({ ...NUMBERED, "eval/0/e.jpg": null, "eval/1/f.jpg": null });
    await expect(list(root, undefined, "fer2013")).rejects.toThrow(
      /eval: expected a folder named after a split/,
    );
  });

  it("are people or clips where they are more than expressions, or hold no images", async () => {
    const names = Array.from({ length: 30 }, (_, i) => [`train/${i}/a.jpg`, null] as const);
    expect((await list(tree(Object.fromEntries(names)))).dataset).toBe("frameTree");
    expect((await list(tree({ "train/0/clip/a.jpg": null, "train/1/clip/b.jpg": null }))).dataset).toBe(
      "frameTree",
    );
  });
});

it("numbered folders at the top are clips or people, and are named as not read as labels", async () => {
  const root = tree({ "0/a.jpg": null, "1/b.jpg": null, "2/c.jpg": null });
  expect((await list(root)).dataset).toBe("frameTree");
  expect(ignoredClassFolders("frameTree", root)).toEqual(["0", "1", "2"]);
  expect(
    ignoredClassFolders("frameTree", tree({ "0/a.jpg": null, "1/b.jpg": null, "17/c.jpg": null })),
  ).toEqual([]);
  const notices: string[] = [];
  const run = prepare(
    root,
    join(temporaryFolder(), "store"),
    { workers: 0, labelNumbers: "fer2013" },
    { onNotice: (notice) => notices.push(notice) },
  );
  await expect(run).rejects.toThrow(/expected at least one row or file that can be used/);
  expect(notices).toEqual([
    expect.stringContaining("does not read the folders 0, 1, 2 as labels"),
    '`labelNumbers: "fer2013"` has no effect: the source has no numbers as labels.',
  ]);
});
