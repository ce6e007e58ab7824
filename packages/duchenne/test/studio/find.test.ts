import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { candidates } from "../../src/studio/candidates.ts";
import { fileInside } from "../../src/studio/fileInside.ts";
import { findAll } from "../../src/studio/find.ts";
import { Stores } from "../../src/studio/stores.ts";
import { temporaryFolder } from "../data/store/synthetic.ts";
import { writeModel, writeRun } from "./folders.ts";

const noMore = (message: string) => {
  throw new Error(message);
};

it("finds runs and models four levels deep, and leaves other programs' config.json alone", () => {
  const root = realpathSync(temporaryFolder());
  writeRun(join(root, "demo", "table", "runs", "row"), "somewhere");
  writeRun(join(root, "a", "b", "c", "d", "too-deep"), "somewhere");
  writeModel(join(root, "model"));
  writeRun(join(root, "node_modules", "hidden"), "somewhere");
  mkdirSync(join(root, "other"));
  writeFileSync(join(root, "other", "config.json"), '{"model_type": "bert"}');
  expect(candidates(root, noMore).sort()).toEqual([join(root, "demo/table/runs/row"), join(root, "model")]);
});

it("finds saved probes, says what is wrong with one, and leaves other programs' probe.json alone", async () => {
  const root = realpathSync(temporaryFolder());
  const write = (name: string, about: object) => {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, "probe.json"), JSON.stringify(about, null, 2));
  };
  write("happy.probe", { format: "duchenne-predictor", task: "expression" });
  write("odd.probe", { format: "duchenne-predictor", task: "age" });
  write("other", { format: "something-else", task: "expression" });
  const { probes, problems } = await findAll([root], new Stores());
  expect([...probes.values()].map(({ entry: { name, task } }) => [name, task])).toEqual([
    ["happy.probe", "expression"],
  ]);
  expect(problems).toEqual([
    {
      path: join(root, "odd.probe"),
      message: expect.stringMatching(/probe\.json: expected the task expression or va, received "age"/),
    },
  ]);
});

it("goes round in no circle, and says where there is more than it looks through", () => {
  const root = realpathSync(temporaryFolder());
  symlinkSync(root, join(root, "again"));
  writeRun(join(root, "run"), "somewhere");
  expect(candidates(root, noMore)).toEqual([join(root, "run")]);
  for (let i = 0; i < 20; i++) mkdirSync(join(root, `person${i}`));
  const messages: string[] = [];
  candidates(root, (message) => messages.push(message), 20);
  expect(messages).toEqual([expect.stringMatching(/at most 20 folders.*Name the folders with runs/)]);
});

it("takes a folder's own files, also by links within it, and no others", () => {
  const root = realpathSync(temporaryFolder());
  const folder = join(root, "folder");
  mkdirSync(join(folder, "sub"), { recursive: true });
  mkdirSync(join(root, "folder-beside"));
  writeFileSync(join(folder, "sub", "own.json"), "");
  for (const path of [join(root, "other.json"), join(root, "folder-beside", "other.json")])
    writeFileSync(path, "");
  symlinkSync(join(folder, "sub", "own.json"), join(folder, "linked.json"));
  symlinkSync(join(root, "other.json"), join(folder, "sly.json"));
  symlinkSync(root, join(folder, "up"));
  expect(fileInside(folder, "sub/own.json")).toBe(join(folder, "sub", "own.json"));
  expect(fileInside(folder, "linked.json")).toBe(join(folder, "sub", "own.json"));
  for (const name of [
    "../other.json",
    "sub/../../other.json",
    "../folder-beside/other.json",
    "sly.json",
    "up/other.json",
    join(root, "other.json"),
    "sub",
    "none.json",
    "sub\\own.json",
    "sub/own.json\0",
    "",
  ])
    expect(fileInside(folder, name), name).toBeUndefined();
});
