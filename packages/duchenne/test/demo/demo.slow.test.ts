import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { expect, it } from "vitest";
import { duchenne } from "../data/prepare/support.ts";
import { temporaryFolder } from "../data/store/synthetic.ts";

it("goes from nothing to a table and a page, and does nothing twice", async () => {
  const out = join(temporaryFolder(), "demo");
  const first = await duchenne(["demo", "--size", "smallest", "--out", out]);
  expect(first.stderr).toMatch(/done in/);
  expect(first.code).toBe(0);

  const report = join(out, "table", "report.html");
  expect(first.stdout.trim().split("\n").at(-1)).toBe(report);
  for (const row of ["untrained", "SimCLR", "SSL-FER (full)"])
    expect(first.stdout).toMatch(new RegExp(`^\\| ${row.replace(/[()]/g, "\\$&")} \\| .*\\d`, "m"));
  for (const column of ["F1 ↑", "V-CCC ↑", "A-RMSE ↓", "identified ↓"])
    expect(first.stdout).toContain(column);

  const { document } = parseHTML(readFileSync(report, "utf8"));
  const sections = [...document.querySelectorAll("section")].map(({ id }) => id);
  const wanted = [
    "results",
    "few-labels",
    "embedding",
    "neighbours",
    "confusion",
    "valence-arousal",
    "training",
    "views",
    "data",
  ];
  expect(sections).toEqual(expect.arrayContaining(wanted));

  // A page that is gone is made again from what is there: no run, no probe is repeated.
  const table = join(out, "table");
  const result = join(table, "results", "simclr-seed0-0-expression-frozen.json");
  const before = statSync(result).mtimeMs;
  rmSync(report);
  const again = await duchenne(["demo", "--size", "smallest", "--out", out]);
  expect(again.stdout).toBe(first.stdout);
  expect(existsSync(report)).toBe(true);
  expect(statSync(result).mtimeMs).toBe(before);
});
