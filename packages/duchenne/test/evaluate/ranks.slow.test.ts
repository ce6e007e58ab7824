import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, runRanks } from "../../../torch/test/rankProcesses.ts";
import { type ProbeResult, probeResultSchema } from "../../src/evaluate/schema/result.ts";
import { duchenne } from "../data/prepare/support.ts";
import { stillsOfPeople, writeStills } from "./support.ts";

const CHILD = join(import.meta.dirname, "children/rankProbe.ts");
const timeless = ({ cells, ...rest }: ProbeResult) => ({
  ...rest,
  cells: cells.map((cell) => ({ ...cell, seconds: 0 })),
});

describe("a probe of several processes", () => {
  const folder = mkdtempSync(join(tmpdir(), "duchenne-rank-probe-"));
  const store = join(folder, "store");
  // Forward passes of 256, 256 and 88 images: one process does one of them, the other two.
  beforeAll(() => writeStills(stillsOfPeople(20, 10), "csv", store));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("gives the bits of one process: features, duplicates, scores", async () => {
    const run = async (name: string, ...more: string[]) => {
      const [out, cache] = [join(folder, `${name}.json`), join(folder, name)];
      const settings = "--arch tiny --size 21 --augment 1 --epochs 1 --min-steps 20 --resamples 20".split(
        " ",
      );
      const files = ["--data", store, "--out", out, "--cache", cache];
      const { code, stdout, stderr } = await duchenne(["probe", "untrained", ...settings, ...files, ...more]);
      expect({ code, error: stderr.match(/error.*/)?.[0] }).toEqual({ code: 0, error: undefined });
      const [file] = readdirSync(cache);
      return {
        stdout,
        result: timeless(probeResultSchema.parse(JSON.parse(readFileSync(out, "utf8")))),
        features: readFileSync(join(cache, file!)).toString("base64"),
      };
    };
    const one = await run("one");
    const two = await run("two", "--nproc", "2");
    const { train, validation, test } = one.result.data;
    expect(train.images + validation.images + test.images).toBe(2 * 256 + 88);
    expect(two.features === one.features).toBe(true);
    expect(two.result).toEqual(one.result);
    expect(two.stdout).toBe(one.stdout);
  });

  it("ends in all processes when one is stopped, has other settings, or fails", async () => {
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const ranks = await runRanks(CHILD, 2, { args: [store, ...ports.map(String)] });
    const [first, second] = ranks.map(({ status, stderr, printed }) => {
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      return printed as { name: string; message: string }[];
    });
    const own = {
      name: "RankMismatchError",
      message: expect.stringMatching(/^rank 1: seed: expected 0, .+ received 1/),
    };
    expect(second).toMatchObject([{ name: "AbortError" }, own, { name: "StoreError" }]);
    expect(first).toMatchObject([{ name: "AbortError" }, own, { name: "ProcessGroupError" }]);
  });

  it("is refused for fine-tuning", async () => {
    const args = ["probe", "untrained", "--data", store, "--nproc", "2", "--mode", "finetune"];
    const stderr = expect.stringMatching(/--mode: expected frozen, linear or knn .+received finetune/);
    expect(await duchenne(args)).toMatchObject({ code: 2, stderr });
  });
});
