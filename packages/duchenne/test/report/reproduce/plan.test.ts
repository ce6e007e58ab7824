import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PlanError } from "../../../src/report/reproduce/errors.ts";
import { onMachine, parsePlan, readPlan } from "../../../src/report/reproduce/plan.ts";
import { PLANS } from "../../../src/report/reproduce/plans.ts";
import { ROWS } from "../../../src/report/reproduce/rows.ts";
import { probeSettingsOf } from "../../../src/report/reproduce/runRow.ts";
import { workRows } from "../../../src/report/reproduce/workRows.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

const PLAN = {
  name: "p",
  store: "films.store",
  budget: { images: 51_200 },
  settings: { preset: "tiny" },
  evaluations: [{ store: "faces.store" }],
} as const;

const rowsOf = (plan: object) => workRows(parsePlan({ ...PLAN, ...plan }, "p"), "/out");

describe("a plan", () => {
  it("has defaults, and paths relative to its file", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "plan.json"), JSON.stringify({ ...PLAN, imagenet: "/weights.pth" }));
    const plan = readPlan(join(folder, "plan.json"));
    expect(plan).toMatchObject({ store: join(folder, "films.store"), imagenet: "/weights.pth", seeds: [0] });
    expect(plan.rows).toEqual(ROWS.map(({ name }) => name));
    expect(plan.evaluations[0]).toMatchObject({
      store: join(folder, "faces.store"),
      task: "expression",
      modes: ["frozen"],
      labels: ["all"],
    });
  });

  const rowFrom = (start: unknown) => ({ rows: [{ name: "mine", settings: {}, start }] });
  it.each([
    [{ colour: "red" }, /^p: colour: expected only known keys \(name, store,/],
    [
      { evaluations: [{ store: "a", colour: "red" }] },
      /^p: evaluations\.0\.colour: expected only known keys \(store, modes, pairs,/,
    ],
    [{ settings: { temperatur: 1 } }, /^p: settings\.temperatur: expected only known keys/],
    [{ settings: { colour: 1 } }, /^p: settings\.colour: expected only known keys \(preset, method,/],
    [
      { rows: ["SimCLR", { name: "mine", settings: {}, colour: 1 }] },
      /^p: rows\.1\.colour: expected only known keys \(name, settings, start\), received another\. Correct its name\.$/,
    ],
    [
      { rows: [{ name: "mine", settings: { temperatur: 1 } }] },
      /^p: rows\.0\.settings\.temperatur: expected only known keys \(preset, method,/,
    ],
    [{ rows: [{ name: "mine", settings: { batch: 0 } }] }, /^p: rows\.0\.settings\.batch: .*received 0/],
    [{ rows: [{ settings: {} }] }, /^p: rows\.0\.name: expected string, received nothing/],
    [
      rowFrom({ store: "a", budget: { steps: 1 }, colour: 1 }),
      /^p: rows\.0\.start\.colour: expected only known keys \(store, settings, budget\)/,
    ],
    [
      rowFrom({ store: "a", budget: { steps: 1 }, settings: { colour: 1 } }),
      /^p: rows\.0\.start\.settings\.colour: expected only known keys \(preset, method,/,
    ],
    [rowFrom({ budget: { steps: 1 } }), /^p: rows\.0\.start\.store: expected string, received nothing/],
    [rowFrom({ store: "a", budget: { hours: 1 } }), /^p: rows\.0\.start\.budget: .*received \{"hours":1\}/],
    [rowFrom("first.store"), /^p: rows\.0\.start: expected object, received "first\.store"/],
    [{ settings: { seed: 1 } }, /^p: settings\.seed: expected only known keys/],
    [{ evaluations: [] }, /^p: evaluations: /],
    [{ budget: { hours: 3 } }, /^p: budget: .*"images".*"steps".*"epochs".*received \{"hours":3\}/],
    [{ rows: ["SimCRL"] }, /^p: rows\.0: .*SimCLR.*received "SimCRL"/],
    [{ store: undefined }, /^p: store: .*received nothing/],
    [{ imagesPerStep: 126 }, /^p: imagesPerStep: .*received 126/],
    [{ imagesPerStep: 128, settings: { batch: 8 } }, /^p: settings\.batch: .*imagesPerStep, received both/],
    [
      { imagesPerStep: 128, rows: ["SimCLR", { name: "mine", settings: { batch: 8 } }] },
      /^p: rows\.1\.settings\.batch: /,
    ],
  ])("refuses %j by name", (change, message) => {
    expect(() => parsePlan({ ...PLAN, ...change }, "p")).toThrow(PlanError);
    expect(() => parsePlan({ ...PLAN, ...change }, "p")).toThrow(message);
  });

  it("that is no JSON is refused by its file", () => {
    const file = join(temporaryFolder(), "plan.json");
    writeFileSync(file, "{");
    expect(() => readPlan(file)).toThrow(`${file}: expected a JSON file`);
  });

  it.each(Object.keys(PLANS))("that ships is good: %s", (name) => {
    const plan = parsePlan(PLANS[name], name);
    const rows = workRows({ ...plan, imagenet: "/weights.pth" }, "/out");
    expect(rows.length).toBeGreaterThanOrEqual({ "fer-model": 1, fer2013: 6 }[name] ?? 12);
  });
});

it("goes to another machine with its pre-trainings and its fine-tunings", () => {
  const plan = parsePlan(PLANS["fer-model"], "fer-model");
  const moved = onMachine(plan, { device: "cuda", autocast: "auto" });
  const [row] = workRows(moved, "/out");
  for (const { config } of row!.stages) expect(config).toMatchObject({ device: "cuda", autocast: "auto" });
  expect(moved.evaluations[0]).toMatchObject({ autocast: "auto" });
  expect(onMachine(plan, {})).toEqual(plan);
  const paper = onMachine(parsePlan(PLANS.paper, "paper"), { autocast: "on" });
  for (const evaluation of paper.evaluations)
    for (const mode of evaluation.modes)
      expect(probeSettingsOf(evaluation, mode).autocast).toBe(mode === "finetune" ? "on" : "off");
});

it("fer2013: every pre-training sees as many images", () => {
  const rows = workRows(parsePlan(PLANS.fer2013, "fer2013"), "/out");
  const images = rows.map(({ stages }) =>
    stages.map(({ config }) => config.steps! * config.batch * (config.hardNeg ? 4 : 2)),
  );
  expect(images.filter((stages) => stages.length > 0)).toEqual(Array(4).fill([102_400, 281_600]));
});

describe("its rows", () => {
  it("have the components their names say", () => {
    const components = ["timeAug", "hardNeg", "faceSwap", "maskFn", "cutMix"] as const;
    for (const { name, stages } of rowsOf({})) {
      const config = stages.at(-1)?.config;
      if (config === undefined) continue;
      const on = components
        .filter((component) => config[component])
        .map((component) => component[0]!.toUpperCase() + component.slice(1));
      const said = name === "SSL-FER (full)" ? ["TimeAug", "HardNeg", "FaceSwap", "MaskFN"] : name.split("+");
      expect(on.map((component) => component.toLowerCase()).sort()).toEqual(
        said
          .filter((word) => !/SimCLR|MoCo|BYOL/.test(word))
          .map((word) => word.toLowerCase())
          .sort(),
      );
    }
  });

  it("see equal images, or make equal updates, or passes", () => {
    const steps = (budget: object) =>
      Object.fromEntries(
        rowsOf({ budget, rows: ["SimCLR", "SSL-FER (full)"], settings: { preset: "tiny", batch: 64 } }).map(
          ({ name, stages }) => [name, stages.at(-1)?.config],
        ),
      );
    const byImages = steps({ images: 51_200 });
    expect([byImages.SimCLR!.steps, byImages["SSL-FER (full)"]!.steps]).toEqual([400, 200]);
    const bySteps = steps({ steps: 7 });
    expect([bySteps.SimCLR!.steps, bySteps["SSL-FER (full)"]!.steps, bySteps.SimCLR!.epochs]).toEqual([
      7,
      7,
      null,
    ]);
    expect(steps({ epochs: 3 }).SimCLR).toMatchObject({ epochs: 3, steps: null });
  });

  it("have updates of one size where the plan says so: equal images are then equal updates", () => {
    const rows = rowsOf({ imagesPerStep: 128, rows: ["SimCLR", "SSL-FER (full)"] });
    expect(rows.map(({ stages: [stage] }) => [stage!.config.batch, stage!.config.steps])).toEqual([
      [64, 400],
      [32, 400],
    ]);
  });

  it("may start from a pre-training on another store", () => {
    const start = { store: "/films.store", settings: { batch: 8, hardNeg: true }, budget: { steps: 5 } };
    const [row] = rowsOf({
      budget: { steps: 7 },
      rows: [{ name: "two", settings: { hardNeg: false }, start }],
    });
    expect(row!.stages).toMatchObject([
      { store: "/films.store", out: "/out/runs/two-seed0-start", config: { steps: 5, batch: 8, init: null } },
      { out: "/out/runs/two-seed0", config: { steps: 7, hardNeg: false, init: "/out/runs/two-seed0-start" } },
    ]);
  });

  it("come once for each seed, the weights file once, and not at all without one", () => {
    const plan = { seeds: [3, 4], rows: ["untrained", "ImageNet", "SimCLR"] };
    const of = (imagenet: string | null) =>
      rowsOf({ ...plan, imagenet }).map(({ name, seed }) => `${name} ${seed}`);
    expect(of("/w.pth")).toEqual(["untrained 3", "ImageNet 3", "SimCLR 3", "untrained 4", "SimCLR 4"]);
    expect(of(null)).toEqual(["untrained 3", "SimCLR 3", "untrained 4", "SimCLR 4"]);
    expect(
      rowsOf(plan).find(({ name, seed }) => name === "SimCLR" && seed === 4)!.stages[0]!.config.seed,
    ).toBe(4);
  });

  it("may be one's own, but not of one name, and not with components a method cannot do", () => {
    const own = {
      name: "Swap only",
      settings: { method: "ssl-fer", hardNeg: false, maskFn: false, timeAug: false },
    };
    expect(rowsOf({ rows: [own] })[0]).toMatchObject({
      slug: "swap-only-seed0",
      from: "/out/runs/swap-only-seed0",
      stages: [
        { store: "films.store", config: { faceSwap: true, hardNeg: false, arch: "resnet50", size: 112 } },
      ],
    });
    expect(() => rowsOf({ rows: [own, { ...own, name: "swap: only" }] })).toThrow(/names that differ/);
    const impossible = { name: "x", settings: { method: "byol", hardNeg: true } };
    expect(() => rowsOf({ rows: [impossible] })).toThrow(/byol: hardNeg/);
  });
});
