import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { listInputs } from "../../../src/deploy/predict/inputs.ts";
import { tree } from "../../data/datasets/tree.ts";

const list = (path: string) => {
  const problems: string[] = [];
  return { inputs: listInputs([path], (message) => problems.push(message)), problems };
};

test("a folder is read by the same endings as files that are named", () => {
  const names = [
    "a.heic",
    "b.M2TS",
    "c.jpg",
    "d.bmp",
    "e.jp2",
    "f.mts",
    "g.ogv",
    "h.vob",
    "i.apng",
    "j.jpeg",
  ];
  const root = tree(Object.fromEntries(names.map((name) => [name, null])));
  const { inputs, problems } = list(root);
  const named = listInputs(
    names.map((name) => join(root, name)),
    () => {},
  );
  expect(inputs).toEqual(named);
  expect(inputs.map(({ kind }) => kind)).toEqual([
    ...["still", "video", "still", "still", "still", "video", "video", "video", "video", "still"],
  ]);
  expect(problems).toEqual([]);
});

test("what is left out of a folder is counted by ending, and the first are named", () => {
  const others = {
    "1.txt": null,
    "2.TXT": null,
    "x/3.txt": null,
    "x/4.txt": null,
    LICENSE: null,
    "a.pdf": null,
  };
  const root = tree({ "a.jpg": null, ".hidden.jpg": null, ...others });
  const { inputs, problems } = list(root);
  expect(inputs).toEqual([{ kind: "still", path: join(root, "a.jpg") }]);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toBe(
    `${root}: 6 files are left out, because no image or video has such an ending: ` +
      "4 .txt (1.txt, 2.TXT, 3.txt, …), 1 no ending (LICENSE), 1 .pdf (a.pdf)",
  );
});

test("a folder without anything to read says what it has instead", () => {
  expect(() => list(tree({ "a.txt": null }))).toThrow(/images or videos, received 1 \.txt \(a\.txt\)\. /);
  expect(() => list(tree({ ".a": null }))).toThrow(/received a folder without files\. /);
});

test("an animation is a film, whatever its ending", async () => {
  const raw = { width: 8, height: 16, channels: 3, pageHeight: 8 } as const;
  const webp = await sharp(Buffer.alloc(8 * 16 * 3, 3).fill(200, 0, 8 * 8 * 3), { raw })
    .webp()
    .toBuffer();
  const { inputs } = list(tree({ "moving.webp": webp, "empty.webp": null }));
  expect(inputs.map(({ kind }) => kind)).toEqual(["still", "video"]);
});
