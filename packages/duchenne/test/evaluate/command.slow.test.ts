import { readFileSync } from "node:fs";
import { join } from "node:path";
import { saveWeights } from "@duchenne/torch";
import { describe, expect, it } from "vitest";
import { type ProbeResult, probeResultSchema } from "../../src/evaluate/schema/result.ts";
import { duchenne } from "../data/prepare/support.ts";
import { temporaryFolder } from "../data/store/synthetic.ts";
import { stillsOfPeople, untrained, writeStills } from "./support.ts";

const UNTRAINED = ["probe", "untrained", "--arch", "tiny", "--size", "21"];
const QUICK = ["--epochs", "3", "--min-steps", "40", "--resamples", "20"];

const timeless = ({ cells, ...rest }: ProbeResult) => ({
  ...rest,
  cells: cells.map((cell) => ({ ...cell, seconds: 0 })),
});
const read = (file: string) => probeResultSchema.parse(JSON.parse(readFileSync(file, "utf8")));

describe("duchenne probe", () => {
  it("prints a table, or JSON; killed at any cell, goes on to the same result", async () => {
    const store = await writeStills(stillsOfPeople(10, 3));
    const folder = temporaryFolder();
    const [whole, killed] = [join(folder, "whole.json"), join(folder, "killed.json")];
    const args = [...UNTRAINED, "--data", store, "--labels", "6,12,50%,all", "--seeds", "2", ...QUICK];
    const plain = await duchenne([...args, "--out", whole]);
    expect(plain.code).toBe(0);
    expect(plain.stdout).toMatch(/^untrained tiny, 21 px: expression, frozen/);
    expect(plain.stdout).toMatch(/\n50% +\d+ +[\d.]+ ± [\d.]+ \[[\d.]+, [\d.]+\]/);
    expect(plain.stderr).toContain("a fifth, by person, is the test");

    await duchenne([...args, "--out", killed], { at: [{ file: killed, change: 3 }] });
    const partial = read(killed);
    expect(partial.complete).toBe(false);
    expect(partial.cells.length).toBeGreaterThan(0);
    const resumed = await duchenne([...args, "--out", killed, "--json"]);
    expect(resumed.code).toBe(0);
    expect(JSON.parse(resumed.stdout)).toEqual(read(killed));
    expect(timeless(read(killed))).toEqual(timeless(read(whole)));
    expect(read(killed).cells.slice(0, partial.cells.length)).toEqual(partial.cells);
  });

  it("says which weights do not fit, and what an option should be", async () => {
    const store = await writeStills(stillsOfPeople(10, 2));
    const weights = join(temporaryFolder(), "tiny.safetensors");
    saveWeights(weights, untrained().backbone.stateDict());
    const run = (...args: string[]) => duchenne(["probe", ...args, "--data", store, ...QUICK]);
    const [other, budget] = await Promise.all([
      run(weights, "--arch", "resnet18", "--size", "21"),
      run(weights, "--arch", "tiny", "--size", "21", "--labels", "some"),
    ]);
    expect(other).toMatchObject({ code: 1, stdout: "" });
    expect(other.stderr).toContain(
      `${weights}: resnet18: expected weights that fit, received others; they do not fit: `,
    );
    expect(budget.code).toBe(2);
    expect(budget.stderr).toContain("--labels: expected a share or a number of training labels");
  });

  it("has help with examples", async () => {
    const { code, stdout } = await duchenne(["probe", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("duchenne probe runs/first --data films.store --labels 100,400,all");
    expect(stdout).toMatch(/--min-steps <n> +least number of updates \(default: 1000\s+frozen/s);
  });
});
