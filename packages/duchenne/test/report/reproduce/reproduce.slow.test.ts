import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { expect, it } from "vitest";
import { readInputs } from "../../../src/report/page/collect/inputs.ts";
import { tablesBesidePaper } from "../../../src/report/page/collect/tables.ts";
import { mapConcurrent } from "../../../src/report/reproduce/jobs.ts";
import { parsePlan } from "../../../src/report/reproduce/plan.ts";
import { PLANS } from "../../../src/report/reproduce/plans.ts";
import { reproduce } from "../../../src/report/reproduce/reproduce.ts";
import { reproduceTable } from "../../../src/report/reproduce/reproduceTable.ts";
import { checkpointsOf, listCheckpoints } from "../../../src/ssl/run/checkpoint.ts";
import { metricsOf } from "../../../src/ssl/run/runRecord.ts";
import { duchenne } from "../../data/prepare/support.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { QUICK, stillsOfPeople, writeStills } from "../../evaluate/support.ts";
import { TINY_SETTINGS, writeTinyStore } from "../../ssl/train/tinyStore.ts";

const { size: _size, steps: _steps, ...SETTINGS } = TINY_SETTINGS;
const BRIEF = { ...QUICK, epochs: 1, minSteps: 8 };
const CALL = { name: "test", command: "duchenne reproduce …" };

/** A plan of milliseconds a step. */
async function makePlan(change: object = {}): Promise<object> {
  const films = await writeTinyStore(join(temporaryFolder(), "films.store"));
  const store = await writeStills(stillsOfPeople(10, 2));
  return {
    name: "Tiny | table",
    store: films,
    arch: "tiny",
    size: 16,
    settings: SETTINGS,
    budget: { images: 80 },
    rows: ["untrained", "SimCLR", "SSL-FER (full)"],
    evaluations: [
      { store, ...BRIEF, labels: ["9", "all"] },
      { store, ...BRIEF, task: "va" },
      { store, task: "identity", minImages: 2, resamples: 20 },
    ],
    ...change,
  };
}

const affect = async () => ({
  store: await writeStills(stillsOfPeople(10, 1)),
  ...QUICK,
  minSteps: 1,
  epochs: 1,
  task: "va",
});

const read = (folder: string, name: string): string => readFileSync(join(folder, name), "utf8");

function checkTable(folder: string, markdown: string): void {
  expect(read(folder, "table.md")).toBe(markdown);
  expect(markdown).toMatch(
    /^\| {2}\| F1 ↑ \| Acc ↑ \| V-CCC ↑ \| V-RMSE ↓ \| A-CCC ↑ \| A-RMSE ↓ \| identified ↓ \|/m,
  );
  expect(markdown).toMatch(/^\| untrained \| \**\d+\.\d \[.*\]\** \|/m);
  expect(markdown).toMatch(/^### As published: AffectNet$/m);
  expect(markdown).toMatch(/^\| SSL-FER \(full\) \| 59\.3 \| 59\.3 \|/m);
  const table = JSON.parse(read(folder, "table.json"));
  expect(table).toMatchObject({ format: "duchenne-table", complete: true, plan: { name: "Tiny | table" } });
  const names = table.tables[0].rows.map(({ name }: { name: string }) => name);
  expect(names).toEqual(["untrained", "SimCLR", "SSL-FER (full)"]);
  const { document } = parseHTML(read(folder, "report.html"));
  expect(document.querySelector("h1")!.textContent).toBe("Tiny | table");
  expect(document.querySelector("#results")!.textContent).toContain("As published: AffectNet");
  expect(document.querySelectorAll("#training figure").length).toBeGreaterThan(0);
  const { runs, results } = readInputs([folder]);
  expect(runs.map(({ name }) => name)).toEqual(["SimCLR", "SSL-FER (full)"]);
  expect(tablesBesidePaper(results)).toEqual(table.tables);
}

/** Stops at each of these, once. */
async function stopAndGoOn(plan: object, folder: string, stops: readonly RegExp[]): Promise<void> {
  for (const stop of stops) {
    const controller = new AbortController();
    const onProgress = ([line]: readonly string[]) => {
      if (stop.test(line!)) controller.abort(new DOMException("interrupted", "AbortError"));
    };
    const hooks = { signal: controller.signal, onProgress };
    await expect(reproduceTable(parsePlan(plan, "plan"), folder, CALL, hooks)).rejects.toThrow("interrupted");
    expect(existsSync(join(folder, "report.html"))).toBe(false);
  }
  await reproduceTable(parsePlan(plan, "plan"), folder, CALL);
}

/** @param jobs rows at a time */
async function killAndGoOn(plan: object, folder: string, jobs: number): Promise<string> {
  const [file, out] = [join(folder, `plan${jobs}.json`), join(folder, `table${jobs}`)];
  writeFileSync(file, JSON.stringify(plan));
  const args = ["reproduce", "--plan", file, "--out", out, "--jobs", `${jobs}`];
  const finished = join(out, "results", "untrained-seed0-2-identity-frozen.json");
  const killed = await duchenne(args, { at: [{ file: finished, containing: '"complete":true' }] });
  expect(killed.code).toBeNull();
  const before = statSync(finished).mtimeMs;
  const { stdout } = await duchenne(args);
  expect(statSync(finished).mtimeMs).toBe(before);
  return stdout.slice(0, stdout.lastIndexOf("\n", stdout.length - 2));
}

it("gives one table, undisturbed, stopped within a run or a probe, or killed", async () => {
  const plan = await makePlan();
  const folder = temporaryFolder();
  const { markdown } = await reproduceTable(parsePlan(plan, "plan"), join(folder, "undisturbed"), CALL);
  checkTable(join(folder, "undisturbed"), markdown);
  await stopAndGoOn(plan, join(folder, "stopped"), [
    /^[█░]{20} .* left {2}SimCLR, seed 0 {2}step 3 /,
    /^[█░]{20} .*SimCLR, seed 0 {2}va/,
    /SSL-FER \(full\), seed 0 {2}step 1 /,
  ]);
  expect(read(join(folder, "stopped"), "table.md")).toBe(markdown);
  expect(await killAndGoOn(plan, folder, 1)).toBe(markdown);
  expect(await killAndGoOn(plan, folder, 2)).toBe(markdown);
});

it("continues a folder of an older version, under today's row names", async () => {
  const out = join(temporaryFolder(), "table");
  const plan = await makePlan({ rows: ["all four"], evaluations: [await affect()] });
  const { markdown } = await reproduceTable(parsePlan(plan, "plan"), out, CALL);
  const [former, current] = ["all-four-seed0", "ssl-fer-full-seed0"];
  renameSync(join(out, "runs", current), join(out, "runs", former));
  const result = `${former}-0-va-frozen.json`;
  renameSync(join(out, "results", result.replace(former, current)), join(out, "results", result));
  const age = (name: string) =>
    writeFileSync(
      join(out, name),
      read(out, name).replaceAll("SSL-FER (full)", "all four").replaceAll(current, former),
    );
  for (const name of ["plan.json", "table.json"]) age(name);
  expect(readInputs([out]).runs).toEqual([{ name: "SSL-FER (full)", folder: join(out, "runs", former) }]);
  const before = statSync(join(out, "results", result)).mtimeMs;
  expect((await reproduceTable(parsePlan(plan, "plan"), out, CALL)).markdown).toBe(markdown);
  expect(statSync(join(out, "results", result)).mtimeMs).toBe(before);
  expect(existsSync(join(out, "runs", current))).toBe(false);
});

it("stops rows that are worked on side by side, each with its work saved, and goes on", async () => {
  const settings = { ...SETTINGS, checkpointEvery: 100_000 };
  const plan = await makePlan({ settings, rows: ["SimCLR", "SSL-FER (full)"], budget: { images: 300 } });
  const [file, out] = [join(temporaryFolder(), "plan.json"), join(temporaryFolder(), "table")];
  writeFileSync(file, JSON.stringify(plan));
  const args = ["reproduce", "--plan", file, "--out", out, "--jobs", "2"];
  const runs = ["simclr-seed0", "ssl-fer-full-seed0"].map((name) => join(out, "runs", name));
  const stopped = await duchenne(args, {
    at: runs.map((run) => ({ file: metricsOf(run) })),
    signal: "SIGINT",
  });
  expect([stopped.code, stopped.stdout]).toEqual([130, ""]);
  expect(stopped.stderr).toContain(`stopped; finished work is in ${out}`);
  for (const run of runs) {
    expect(listCheckpoints(checkpointsOf(run)).length).toBe(1);
    expect(existsSync(join(run, "run.lock"))).toBe(false);
  }
  const finished = await duchenne(args);
  expect(finished.stderr).toMatch(/(SimCLR|SSL-FER \(full\)), seed 0: resuming from step \d+/);
  expect(finished.stdout).toMatch(/^\| SSL-FER \(full\) \| /m);
});

it("stops the other rows when one fails, and throws that failure", async () => {
  const begun: string[] = [];
  const work = async (item: string, _: number, signal: AbortSignal) => {
    begun.push(item);
    if (item === "bad") throw new Error("bad failed");
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  await expect(mapConcurrent(["endless", "bad", "never"], 2, undefined, work)).rejects.toThrow("bad failed");
  expect(begun).toEqual(["endless", "bad"]);
});

it("refuses a folder of another plan, and names stores and weights that are not there, before any work", async () => {
  const plan = await makePlan({ rows: ["untrained"], evaluations: [await affect()] });
  const folder = join(temporaryFolder(), "table");
  await reproduce(parsePlan(plan, "plan"), folder);
  for (const jobs of [0, -1, 1.5, Number.NaN])
    await expect(reproduce(parsePlan(plan, "plan"), folder, { jobs })).rejects.toThrow(
      /jobs: expected an integer of at least 1/,
    );
  const other = { ...plan, budget: { steps: 3 } };
  await expect(reproduce(parsePlan(other, "plan"), folder)).rejects.toThrow(
    /differs in budget.*another `out`/,
  );
  const fresh = join(temporaryFolder(), "table");
  const missing = { ...plan, store: "/nowhere.store" };
  await expect(reproduce(parsePlan(missing, "plan"), fresh)).rejects.toThrow(
    /table: store: expected a store made by/,
  );
  const evaluations = [{ store: "/nowhere.store" }];
  await expect(reproduce(parsePlan({ ...plan, evaluations }, "plan"), fresh)).rejects.toThrow(
    /evaluations\.0\.store/,
  );
  const weights = { ...plan, imagenet: "/nowhere.pth" };
  await expect(reproduce(parsePlan(weights, "plan"), fresh)).rejects.toThrow(
    /imagenet: expected a weights file/,
  );
  const onGpu = { ...plan, settings: { device: "cuda:99" } };
  await expect(reproduce(parsePlan(onGpu, "plan"), fresh)).rejects.toThrow(/cuda:99/);
  expect(existsSync(fresh)).toBe(false);
});

it("ends with 2 for a plan with an unknown key, and prints a ready plan to start from", async () => {
  const file = join(temporaryFolder(), "plan.json");
  writeFileSync(file, JSON.stringify({ ...PLANS.tiny, colour: "red" }));
  const wrong = await duchenne(["reproduce", "--plan", file, "--out", "x"]);
  expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
  expect(wrong.stderr).toContain(`${file}: colour: expected only known keys`);
  const printed = await duchenne(["reproduce", "--plan", "tiny", "--print"]);
  expect(parsePlan(JSON.parse(printed.stdout), "printed").arch).toBe("tiny");
});

it("prints a plan for another machine with its paths as they are, once its settings are right", async () => {
  const file = join(temporaryFolder(), "plan.json");
  const evaluations = [{ store: "faces.store" }];
  const plan = { name: "p", store: "films.store", arch: "tiny", size: 48, budget: { steps: 1 }, evaluations };
  writeFileSync(file, JSON.stringify({ ...plan, rows: ["SimCLR"] }));
  const printed = await duchenne(["reproduce", "--plan", file, "--print", "--device", "cuda"]);
  expect(JSON.parse(printed.stdout)).toMatchObject({
    store: "films.store",
    settings: { device: "cuda" },
    evaluations: [{ store: "faces.store" }],
  });
  const rows = [{ name: "mine", settings: { method: "byol", decoupled: true } }];
  writeFileSync(file, JSON.stringify({ ...plan, rows }));
  const wrong = await duchenne(["reproduce", "--plan", file, "--print"]);
  expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
  expect(wrong.stderr).toMatch(
    /decoupled: expected false for .*byol.*: BYOL has no negatives, received true\./,
  );
});
