import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PlanError } from "../../../src/report/reproduce/errors.ts";
import { parsePlan } from "../../../src/report/reproduce/plan.ts";
import { reproduce } from "../../../src/report/reproduce/reproduce.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { TINY_SETTINGS, writeTinyStore } from "../../ssl/train/tinyStore.ts";

const { size: _size, steps: _steps, batch: _batch, ...SETTINGS } = TINY_SETTINGS;

it.each([
  ["imagesPerStep", { imagesPerStep: 4000, settings: SETTINGS }],
  ["settings.batch", { settings: { ...SETTINGS, batch: 1000 } }],
])(
  "a plan with too many images a step (%s) is refused before its first row, and leaves the folder free",
  async (key, change) => {
    const store = await writeTinyStore(join(temporaryFolder(), "films.store"));
    const plan = parsePlan(
      {
        ...{
          name: "large",
          store,
          arch: "tiny",
          size: 16,
          budget: { steps: 2 },
          rows: ["untrained", "SimCLR"],
        },
        ...{ evaluations: [{ store, task: "expression" }], ...change },
      },
      "plan.json",
    );
    const out = join(temporaryFolder(), "table");
    const error = await reproduce(plan, out).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PlanError);
    expect((error as PlanError).subject).toBe(`large: ${key} (row SimCLR)`);
    expect((error as Error).message).toMatch(/expected at least \d+ usable clips.*Lower it in the plan/);
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
  },
);
