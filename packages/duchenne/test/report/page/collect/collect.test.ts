import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { probe } from "../../../../src/evaluate/probe.ts";
import { collectReport, type ReportInputs } from "../../../../src/report/page/collect/collect.ts";
import { collectEmbedding } from "../../../../src/report/page/collect/embedding.ts";
import { ReportError, readInputs } from "../../../../src/report/page/collect/inputs.ts";
import { collectPredictions } from "../../../../src/report/page/collect/predictions.ts";
import { collectCurves } from "../../../../src/report/page/collect/runs.ts";
import { temporaryFolder } from "../../../data/store/synthetic.ts";
import { QUICK, stillsOfPeople, untrained, writeStills } from "../../../evaluate/support.ts";
import { tinyConfig, trainTiny, writeTinyStore } from "../../../ssl/train/tinyStore.ts";

const JPEG = /^data:image\/jpeg;base64,\/9j\//;

it("shows the mistakes a probe was most certain of, two of a person at most, and every class's confusions", async () => {
  const store = await writeStills(stillsOfPeople(10, 4));
  const result = await probe(untrained(), store, { ...QUICK, minSteps: 2, epochs: 1 });
  const { confusions, failures, notes } = await collectPredictions([{ name: "a", result }]);
  expect(confusions[0]!.counts).toEqual(result.cells[0]!.best.confusion);

  const { predictions, confidence } = result.cells[0]!.best;
  const wrong = result.test.labels.flatMap((label, i) => (label === predictions[i] ? [] : [confidence![i]!]));
  const shown = failures[0]!.faces.map((face) => face.confidence!);
  expect(shown[0]).toBe(Math.max(...wrong));
  expect(shown).toEqual([...shown].sort((a, b) => b - a));
  expect(shown.length).toBe(Math.min(wrong.length, 2 * new Set(result.test.persons).size));
  for (const face of failures[0]!.faces) {
    expect(face.image).toMatch(JPEG);
    expect(face.truth).not.toBe(face.prediction);
  }
  expect(notes).toEqual([]);

  const moved = { ...result, data: { ...result.data, store: "/moved/away.store" } };
  const without = await collectPredictions([{ name: "a", result: moved }]);
  expect([without.failures, without.notes]).toEqual([[], [expect.stringContaining("/moved/away.store")]]);
});

it("pairs predicted with true valence and arousal", async () => {
  const store = await writeStills(stillsOfPeople(10, 2));
  const result = await probe(untrained(), store, { ...QUICK, task: "va" });
  const { valenceArousal } = await collectPredictions([{ name: "a", result }]);
  const flat = valenceArousal[0]!.points.flatMap(({ valence, arousal }) => [valence, arousal]);
  expect(flat).toEqual(result.test.labels);
  const predicted = valenceArousal[0]!.points.flatMap((point) => [
    point.predictedValence,
    point.predictedArousal,
  ]);
  expect(predicted).toEqual(result.cells[0]!.best.predictions);
});

it("maps faces the same way each time, and takes no frame of the query's film for a neighbour", async () => {
  const store = await writeStills(stillsOfPeople(8, 2));
  const source = { name: "a", from: "untrained", store, backbone: { arch: "tiny", size: 21 } } as const;
  const first = await collectEmbedding(source);
  expect(await collectEmbedding(source)).toEqual(first);
  expect(first.map.points).toHaveLength(48);
  expect(new Set(first.map.points.map(({ person }) => person)).size).toBe(8);
  expect(first.neighbours.rows.map(({ query }) => query.expression).sort()).toEqual([
    "happy",
    "neutral",
    "sad",
  ]);
  for (const { query, neighbours } of first.neighbours.rows) {
    expect(neighbours.map(({ image }) => image)).not.toContain(query.image);
    const similarities = neighbours.map(({ similarity }) => similarity);
    expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
    expect(similarities[0]).toBeLessThanOrEqual(1.000001);
  }
});

it("gathers runs and results from folders, with curves, commands, notices and stores", async () => {
  const folder = temporaryFolder();
  const films = await writeTinyStore(join(folder, "films.store"));
  await trainTiny(films, join(folder, "work", "simclr"), tinyConfig({ method: "simclr" }), {
    command: "duchenne …",
  });
  const store = await writeStills(stillsOfPeople(10, 2));
  await probe(untrained(), store, { ...QUICK, out: join(folder, "work", "result.json") });
  writeFileSync(join(folder, "work", "other.json"), "{}");

  const found = readInputs([join(folder, "work")]);
  expect(found.runs.map(({ name }) => name)).toEqual(["simclr"]);
  expect(found.results.map(({ name }) => name)).toEqual(["untrained tiny"]);
  const nothing = { embeddings: [], views: [], stores: {}, highlights: [], notes: ["first"] };
  const inputs: ReportInputs = { title: "t", summary: "s", ...found, ...nothing };
  const data = await collectReport(inputs, new Date(0));
  expect(data.madeAt).toBe("1970-01-01T00:00:00.000Z");
  const loss = data.curves.find(({ title }) => title === "Loss")!;
  expect(loss.series[0]!.points.map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(data.curves.map(({ warning }) => warning)).toEqual(data.curves.map(() => undefined));
  expect(data.runs[0]).toMatchObject({
    name: "simclr",
    command: "duchenne …",
    settings: { method: "simclr" },
  });
  expect(data.data.map(({ role }) => role)).toEqual(["pre-training, without labels", "evaluation"]);
  for (const { licence } of data.data) expect(licence).toMatch(/300-W/);
  expect(data.notes[0]).toBe("first");
  const measured = inputs.results[0]!.result.summary[0]!.figures.macroF1!;
  expect(data.tables[0]!.rows[0]!.cells[0]).toMatchObject({ value: measured.mean });
});

it("says beside the losses of different methods that they cannot be compared", async () => {
  const folder = temporaryFolder();
  const films = await writeTinyStore(join(folder, "films.store"));
  const runs = [];
  for (const method of ["simclr", "byol"] as const) {
    runs.push({ name: method, folder: join(folder, method) });
    await trainTiny(films, join(folder, method), tinyConfig({ method, steps: 1, warmupSteps: 0 }));
  }
  const warned = collectCurves(runs).filter(({ warning }) => warning?.includes("cannot be compared"));
  expect(warned.map(({ title }) => title)).toEqual(["Loss"]);
});

it("names what is no run and no result", () => {
  const folder = temporaryFolder();
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const empty = join(folder, "empty");
  mkdirSync(empty);
  expect(() => readInputs([join(folder, "missing")])).toThrow(ReportError);
  expect(() => readInputs([join(folder, "missing")])).toThrow(/missing: expected a run, .*nothing there/);
  expect(() => readInputs([empty])).toThrow(/empty: .*a folder without these/);
  expect(() => readInputs([file("cut.json", '{"format": "duch')])).toThrow(/cut\.json: expected JSON/);
  expect(() => readInputs([file("other.json", '{"format": "else"}')])).toThrow(
    /other\.json: expected .*received else/,
  );
  const old = file("old.json", '{"format": "duchenne-probe", "formatVersion": 0}');
  expect(() => readInputs([old])).toThrow(
    /old\.json: expected a result of this version, received formatVersion/,
  );
});
