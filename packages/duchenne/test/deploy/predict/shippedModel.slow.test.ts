/** Without --model, and without a folder from code: the installed @duchenne/model-fer, which is named with its terms. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { FrameStore } from "../../../src/data/store/index.ts";
import { findShippedModel, openModel, scoreModel } from "../../../src/deploy/index.ts";
import { duchenne } from "../../data/prepare/support.ts";
import { stillsOfPeople, writeStills } from "../../evaluate/support.ts";
import { faceImage, lastingFolder, makeFilm } from "./fixture.ts";

const ROOT = fileURLToPath(new URL("../../../../..", import.meta.url));
const NOTICE = /^model: @duchenne\/model-fer \d+\.\d+\.\d+, for research: .+$/gm;
const root = lastingFolder();
let film = "";
let face = "";

beforeAll(async () => {
  film = await makeFilm(root);
  face = await faceImage(film, root);
});

const noticesIn = (stderr: string): number => stderr.match(NOTICE)?.length ?? 0;

test.each(["face", "film"])("predict reads a %s, and says once which model it uses", async (what) => {
  const args = what === "face" ? [face] : [film, face];
  const { code, stdout, stderr } = await duchenne(["predict", ...args]);
  expect(code).toBe(0);
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { expression: string; probabilities: Record<string, number> });
  expect(rows.length).toBeGreaterThanOrEqual(args.length);
  for (const { expression, probabilities } of rows) expect(Object.keys(probabilities)).toContain(expression);
  expect(noticesIn(stderr)).toBe(1);
});

test("embed uses it, too", async () => {
  const { code, stderr } = await duchenne(["embed", face, "--out", join(root, "embeddings")]);
  expect([code, noticesIn(stderr)]).toEqual([0, 1]);
});

test("evaluate names it in its result", async () => {
  const store = await writeStills(stillsOfPeople(4, 3), "csv", join(root, "store"));
  const { code, stdout, stderr } = await duchenne(["evaluate", store, "--json"]);
  expect([code, noticesIn(stderr)]).toEqual([0, 1]);
  const { model, accuracy, images } = JSON.parse(stdout);
  expect(model).toMatch(/^@duchenne\/model-fer@\d/);
  const opened = await openModel();
  const { expression } = await scoreModel(opened, store);
  await opened.dispose();
  expect([accuracy, images]).toEqual([expression!.accuracy.value, expression!.images]);
  expect(FrameStore.open(store).clips().length).toBeGreaterThan(0);
});

test("from code it is opened without a folder, and named once however often", () => {
  const program = `import { openModel } from "duchenne/deploy";
    for (let i = 0; i < 2; i++) { const model = await openModel(); console.log(model.info.classes.length > 1); await model.dispose(); }`;
  const args = ["--input-type=module", "--eval", program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  expect(stdout).toBe("true\ntrue\n");
  expect(noticesIn(stderr)).toBe(1);
});

test("a named model is used without a word", async () => {
  const { folder } = await findShippedModel();
  const { code, stderr } = await duchenne(["predict", face, "--model", folder]);
  expect([code, noticesIn(stderr)]).toEqual([0, 0]);
});

test("if it is not installed, the error has the command that installs it", async () => {
  await expect(findShippedModel("@duchenne/model-of-nobody")).rejects.toThrow(
    "model: expected a model's folder, or the installed package @duchenne/model-of-nobody, received neither. Run npm install @duchenne/model-of-nobody, or name",
  );
});
