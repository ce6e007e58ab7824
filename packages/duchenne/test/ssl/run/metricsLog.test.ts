import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cutMetrics, MetricsLog, readMetrics } from "../../../src/ssl/run/metricsLog.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

it("is cut back to a step, with the half line that a killed process leaves", () => {
  const path = join(temporaryFolder(), "metrics.jsonl");
  const log = new MetricsLog(path);
  for (const step of [10, 20, 30]) log.append({ step, loss: 1 / step });
  log.close();
  writeFileSync(path, '{"step":40,"lo', { flag: "a" });
  expect(readMetrics(path).map(({ step }) => step)).toEqual([10, 20, 30]);
  cutMetrics(path, 20);
  expect(readFileSync(path, "utf8")).toBe('{"step":10,"loss":0.1}\n{"step":20,"loss":0.05}\n');
});

it("names the file and line that is no JSON", () => {
  const path = join(temporaryFolder(), "metrics.jsonl");
  writeFileSync(path, '{"step":1}\nstep 2\n');
  expect(() => readMetrics(path)).toThrow(`${path}:2: `);
});
