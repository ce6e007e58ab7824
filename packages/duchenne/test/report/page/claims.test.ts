/** The report says no more than was measured. */
import { execFileSync } from "node:child_process";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { probeSettings } from "../../../src/evaluate/schema/options.ts";
import { shellCommand } from "../../../src/lib/shellCommand.ts";
import { probeCommandOf } from "../../../src/report/page/collect/collect.ts";
import { resultTables } from "../../../src/report/page/collect/tables.ts";
import { renderPage } from "../../../src/report/page/page.ts";
import { pretrainCommandOf } from "../../../src/report/reproduce/runRow.ts";
import { renderMarkdown } from "../../../src/report/reproduce/table.ts";
import { checkSettings, resolveConfig } from "../../../src/ssl/config/resolveConfig.ts";
import { madeUpReport } from "./madeUp.ts";
import { type MadeUpFigure, madeUpResult } from "./madeUpResult.ts";

const tableOf = (figures: Readonly<Record<string, MadeUpFigure>>) =>
  resultTables(
    Object.entries(figures).map(([name, macroF1]) => ({
      name,
      result: madeUpResult("expression", { all: { macroF1 } }),
    })),
  )[0]!;

describe("the best of a column", () => {
  it("is bold if its interval overlaps no other", () => {
    expect(renderMarkdown(tableOf({ a: [0.6, 0.55, 0.65], b: [0.4, 0.3, 0.5] }))).toContain("**60.0");
  });

  it("is not bold if the intervals overlap: in Markdown and on the page", () => {
    const table = tableOf({ a: [0.6, 0.5, 0.7], b: [0.55, 0.45, 0.65], c: [0.2, 0.1, 0.3] });
    expect(renderMarkdown(table)).not.toContain("**");
    const { document } = parseHTML(renderPage({ ...madeUpReport(), tables: [table] }));
    expect(document.querySelectorAll("#results td.best, #results td strong")).toHaveLength(0);
  });
});

it("prints no figure of a test with two people", () => {
  const result = madeUpResult("expression", { all: { macroF1: [0, 0, 0] } });
  const small = { ...result, data: { ...result.data, test: { ...result.data.test, persons: 2 } } };
  const markdown = renderMarkdown(resultTables([{ name: "a", result: small }])[0]!);
  expect(markdown).toContain("| a | too small to measure |");
  expect(markdown).not.toMatch(/0\.0|\*\*/);
});

it("says at the top that all faces are drawn, and does not if any is real", () => {
  const report = madeUpReport();
  const banner = (origin: "drawn" | "real") => {
    const data = report.data.map((one) => ({ ...one, origin }));
    return parseHTML(renderPage({ ...report, data })).document.querySelector("header .banner")?.textContent;
  };
  expect(banner("drawn")).toMatch(/Drawn faces alone/);
  expect(banner("real")).toBeUndefined();
});

describe("commands", () => {
  const words = (command: string): string[] =>
    JSON.parse(
      execFileSync("sh", ["-c", `node -p 'JSON.stringify(process.argv.slice(1))' -- ${command}`], {
        encoding: "utf8",
      }),
    );

  it("reach the program as they were, whatever the shell thinks of their letters", () => {
    const odd = ["it's", "a b", "$HOME", "*", "", "1%", "--labels=x", "`id`"];
    expect(words(shellCommand(odd))).toEqual(odd);
  });

  it("of a pre-training give its settings again", () => {
    const config = resolveConfig({ preset: "tiny", method: "ssl-fer", hardNeg: false, steps: 7, batch: 6 });
    const [, , store, , out, ...flags] = words(pretrainCommandOf("my films.store", "runs/a", config));
    expect([store, out]).toEqual(["my films.store", "runs/a"]);
    const given: Record<string, unknown> = {};
    for (let i = 0; i < flags.length; i++) {
      const key = (flag: string) => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const name = flags[i]!.slice(2);
      if (flags[i + 1] === undefined || flags[i + 1]!.startsWith("--"))
        given[key(name.replace(/^no-/, ""))] = !name.startsWith("no-");
      else given[key(name)] = Number.isNaN(Number(flags[i + 1])) ? flags[++i] : Number(flags[++i]);
    }
    expect(resolveConfig(checkSettings(given, (name) => name))).toEqual(config);
  });

  it("of a probe name the backbone, and every setting that is not the default", () => {
    const result = madeUpResult("va", {});
    const backbone = { ...result.backbone, from: "runs/my first" };
    const settings = probeSettings({
      task: "va",
      labels: ["100", "all"],
      minSteps: 20,
      classes: ["happy", "sad"],
    });
    const command = probeCommandOf({ ...result, backbone, settings });
    expect(command).toBe(
      "duchenne probe 'runs/my first' --data /somewhere/faces.store --task va --labels 100,all --classes happy,sad --min-steps 20",
    );
    const untrained = probeCommandOf({ ...result, backbone: { ...backbone, from: "untrained" } });
    expect(untrained).toContain("probe untrained --data /somewhere/faces.store --arch tiny --size 16");
    expect(probeCommandOf(result)).toMatch(/^# /);
  });
});
