import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { duchenne } from "../../data/prepare/support.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { stillsOfPeople, writeStills } from "../../evaluate/support.ts";

test("from a probe to a model, as users type it", async () => {
  const store = await writeStills(stillsOfPeople(10, 3));
  const folder = temporaryFolder();
  const at = (name: string) => join(folder, name);
  const probe = ["probe", "untrained", "--arch", "tiny", "--size", "21", "--data", store];
  const quick = ["--epochs", "3", "--min-steps", "40", "--resamples", "20"];
  for (const task of ["expression", "va"]) {
    const saved = await duchenne([...probe, ...quick, "--task", task, "--save", at(`${task}.probe`)]);
    expect(saved.code).toBe(0);
  }
  const made = await duchenne([
    "export",
    at("expression.probe"),
    at("va.probe"),
    "--out",
    at("model"),
    "--json",
  ]);
  expect(made.code).toBe(0);
  expect(JSON.parse(made.stdout)).toMatchObject({
    out: at("model"),
    backbone: "untrained tiny",
    heads: ["expression", "valence_arousal"],
    classes: ["neutral", "happy", "sad"],
  });
  const config = JSON.parse(readFileSync(join(at("model"), "config.json"), "utf8"));
  expect(config).toMatchObject({
    model_type: "duchenne",
    backbone: "tiny",
    image_size: 21,
    hidden_size: 192,
  });

  mkdirSync(at("diary"));
  writeFileSync(join(at("diary"), "monday.txt"), "dear");
  const [foreign, twice, nothing, unknown, told] = await Promise.all([
    duchenne(["export", at("va.probe"), "--out", at("diary")]),
    duchenne(["export", at("va.probe"), at("va.probe"), "--out", at("other")]),
    duchenne(["export", at("absent"), "--out", at("other")]),
    duchenne(["export", at("va.probe"), "--out", at("other"), "--crop-scale", "9"]),
    duchenne(["export", at("va.probe"), "--out", at("other"), "--size", "64"]),
  ]);
  expect(foreign).toMatchObject({ code: 2, stdout: "" });
  expect(foreign.stderr).toContain("--out: expected a new or empty folder");
  expect(twice.code).toBe(1);
  expect(twice.stderr).toContain("expected a probe of another task");
  expect(nothing.code).toBe(1);
  expect(nothing.stderr).toContain(
    `${at("absent")}: expected a run, a checkpoint or a weights file, received no such run, checkpoint or weights file`,
  );
  expect(unknown.code).toBe(2);
  expect(told.code).toBe(2);
  expect(told.stderr).toContain(
    "--size: expected a run, a checkpoint or a weights file as source, received saved",
  );
  expect(readdirSync(folder).sort()).toEqual(["diary", "expression.probe", "model", "va.probe"]);
});
