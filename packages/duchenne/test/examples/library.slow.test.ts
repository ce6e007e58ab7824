import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { prepare } from "../../src/data/prepare/prepare.ts";
import { DEMO_CROPS, DEMO_SIZES } from "../../src/demo/sizes.ts";
import { synthesize, synthOptions } from "../../src/synth/index.ts";
import { faceImage, lastingFolder, makeFilm, makeModel } from "../deploy/predict/fixture.ts";
import { writeTinyStore } from "../ssl/train/tinyStore.ts";

const REPOSITORY = fileURLToPath(new URL("../../../..", import.meta.url));
const folder = lastingFolder();
/** Labelled films of drawn actors. */
const films = join(folder, "films.store");
/** Enough clips for a batch of 32. */
const many = join(folder, "many.store");

beforeAll(async () => {
  const source = join(folder, "films");
  // Few frames beside those that `prepare` samples, as drawing takes longest.
  const size = { ...DEMO_SIZES.smallest.films, frameRateHz: 5 };
  await synthesize(synthOptions({ out: source, ...size, workers: 1 }), () => {});
  await prepare(source, films, { ...DEMO_CROPS, workers: 0 });
  await writeTinyStore(many, { people: 20, clipsEach: 2 });
});

/** Runs a program of `examples/` as a user does. @returns what it printed */
function run(name: string, ...args: string[]): string {
  const program = join(REPOSITORY, "examples", `${name}.ts`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", program, ...args], {
    cwd: REPOSITORY,
    encoding: "utf8",
  });
  expect(`${stderr}${status === 0 ? "" : `exit status ${status}`}`).toBe("");
  return stdout;
}

test("the first run is the documents' first example", () => {
  const out = join(folder, "first");
  expect(run("firstRun", many, out, "1")).toContain(join(out, "checkpoints", "1"));
});

test("a backbone of the user's own trains, resumes, is probed and exported", () => {
  const out = join(folder, "own");
  const printed = run("ownBackbone", films, out, "4");
  expect(printed).toContain("stopped after 2 updates, resumed to 4");
  expect(printed).toContain("macroF1");
  expect(existsSync(join(out, "model", "onnx", "model.onnx"))).toBe(true);
});

test("a method of the user's own trains, and its run records the settings under its name", () => {
  const out = join(folder, "vicreg");
  expect(run("ownMethod", films, out, "3")).toMatch(/3 updates, loss \d/);
  const { config } = JSON.parse(readFileSync(join(out, "config.json"), "utf8"));
  expect(config).toMatchObject({ method: "vicreg", own: { method: { size: 128, covariance: 1 } } });
});

test("a view of the user's own is applied and recorded", () => {
  const out = join(folder, "erasing");
  expect(run("ownView", films, out, "2")).toMatch(/2 updates, loss \d/);
  const { config } = JSON.parse(readFileSync(join(out, "config.json"), "utf8"));
  expect(config.own.views).toEqual({ erasing: true, "erasing.probability": 0.5, "erasing.share": 0.3 });
});

test("a loop of the user's own takes at most 50 lines", () => {
  const weights = join(folder, "own.safetensors");
  expect(run("ownLoop", films, weights, "2")).toMatch(/step 0, loss \d/);
  expect(existsSync(weights)).toBe(true);
  const source = readFileSync(join(REPOSITORY, "examples", "ownLoop.ts"), "utf8");
  expect(source.trimEnd().split("\n").length).toBeLessThanOrEqual(50);
});

test("a run is probed and exported from code", () => {
  const trained = join(folder, "probed");
  run("ownView", films, trained, "2");
  const model = join(folder, "model");
  expect(run("probeAndExport", trained, films, model)).toContain(join(model, "onnx/model.onnx"));
});

test("a picture is predicted in ten lines", async () => {
  const picture = await faceImage(await makeFilm(folder), folder);
  expect(run("predictPicture", picture, await makeModel(folder))).toMatch(/left: \d+.*\n?.* [a-z]+ \{/s);
  const source = readFileSync(join(REPOSITORY, "examples", "predictPicture.ts"), "utf8");
  expect(source.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
});
