import { parseHTML } from "linkedom";
import { expect, it } from "vitest";
import { emptyReport, type ReportData } from "../../../src/report/page/data/reportData.ts";
import { renderPage } from "../../../src/report/page/page.ts";
import { madeUpReport } from "./madeUp.ts";

const HOSTILE = `</style><script>alert(1)</script>"'><img src=x onerror=alert(1)>&amp;`;

const parse = (data: ReportData) => parseHTML(renderPage(data)).document;
const texts = (document: ReturnType<typeof parse>, selector: string): string[] =>
  [...document.querySelectorAll(selector)].map((element) => element.textContent ?? "");

it("has every section there is something for, linked from the top, and no other", () => {
  const document = parse(madeUpReport());
  const ids = [...document.querySelectorAll("section")].map(({ id }) => id);
  expect(ids).toEqual([
    "results",
    "few-labels",
    "embedding",
    "neighbours",
    "confusion",
    "valence-arousal",
    "failures",
    "training",
    "views",
    "data",
    "how",
  ]);
  expect([...document.querySelectorAll("nav a")].map((link) => link.getAttribute("href"))).toEqual(
    ids.map((id) => `#${id}`),
  );
  const empty = parse(emptyReport("Nothing", "", "2030-01-02T03:04:05Z"));
  expect(empty.querySelectorAll("section, nav a, .highlights, .notes").length).toBe(0);
});

it("escapes whatever text the data bring, wherever it stands", () => {
  const hostile = JSON.parse(
    JSON.stringify(madeUpReport(), (_, value) => (typeof value === "string" ? HOSTILE : value)),
  ) as ReportData;
  const document = parse(hostile);
  expect(document.querySelectorAll("script, [onerror], iframe, object").length).toBe(0);
  expect(document.querySelectorAll("style").length).toBe(
    1 + document.querySelectorAll("figure.plot > svg").length,
  );
  expect(texts(document, "h1")).toEqual([HOSTILE]);
  expect(texts(document, ".results tbody th")).toEqual([HOSTILE, HOSTILE, HOSTILE]);
  expect(texts(document, "pre code")).toEqual([HOSTILE]);
  expect(texts(document, "figure.plot .legend li")).toContain(HOSTILE);
});

it("fetches nothing: pictures are inside the file, and there is no script", () => {
  const page = renderPage(madeUpReport());
  const { document } = parseHTML(page);
  const sources = [...document.querySelectorAll("[src], [href]")].map(
    (element) => element.getAttribute("src") ?? element.getAttribute("href")!,
  );
  expect(sources.filter((source) => !/^(data:image\/(jpeg|png);base64,|#)/.test(source))).toEqual([]);
  expect(/url\((?!#)|@import|<script|<link/.exec(page)?.[0]).toBeUndefined();
  expect(document.querySelector("meta[http-equiv]")?.getAttribute("content")).toMatch(/^default-src 'none'/);
});

it("shows values with their intervals and the published figure, and marks the best of a column either way", () => {
  const document = parse(madeUpReport());
  const rows = [...document.querySelectorAll(".results tbody tr")].map((row) =>
    [...row.querySelectorAll("td")].map((cell) => cell.textContent),
  );
  expect(rows).toEqual([
    ["14.012.0 to 16.0paper 57.5", ".460", "51,200"],
    ["31.029.0 to 33.0paper 57.5", "–", "51,200"],
    ["48.046.0 to 50.0paper 57.5", ".440", "51,200"],
  ]);
  expect(texts(document, "td.best strong")).toEqual(["48.0", ".440"]);
});

it("draws plots as SVG with text: classes, percents of each true class, label counts", () => {
  const document = parse(madeUpReport());
  const confusion = texts(document, "#confusion svg text");
  expect(confusion).toEqual(expect.arrayContaining(["contempt", "predicted", "true", "69"]));
  expect(texts(document, "#few-labels svg text")).toEqual(expect.arrayContaining(["100", "400", "3,541"]));
  expect(texts(document, "#few-labels svg title")).toContain("SSL-FER (full), 100 labels: 44.0 [41.0, 47.0]");
  expect(document.querySelectorAll("#embedding svg circle").length).toBe(480);
  expect(document.querySelectorAll("#valence-arousal figure > svg").length).toBe(3);
});

it("does not count people whom a store does not tell apart", () => {
  const [first] = madeUpReport().data;
  const document = parse({ ...madeUpReport(), data: [{ ...first!, people: 0, origin: "real" }] });
  expect(texts(document, "#data dd")).toContain("not told apart, real");
});

it("shows a curve of one point as a dot, at a place that is written in full", () => {
  const curve = { title: "Loss", xLabel: "updates", yLabel: "loss" };
  const series = ["SimCLR", "BYOL"].map((name, i) => ({ name, points: [[1200, i] as const] }));
  const document = parse({
    ...emptyReport("One", "", "2030-01-02T03:04:05Z"),
    curves: [{ ...curve, series }],
  });
  expect(document.querySelectorAll("#training circle").length).toBe(2);
  expect(texts(document, "#training [aria-label='x-axis tick label'] text")).toEqual(["1,200"]);
});

it("keeps long curves light and drops what is no number", () => {
  const points = Array.from({ length: 5000 }, (_, i) => [i, i === 7 ? Number.NaN : 1] as const);
  const curve = { title: "Loss", xLabel: "step", yLabel: "loss", series: [{ name: "a", points }] };
  const document = parse({ ...madeUpReport(), curves: [curve] });
  const path = document.querySelector('#training svg [aria-label="line"] path')!.getAttribute("d")!;
  expect(path.split("L").length).toBeLessThan(260);
  expect(path).not.toContain("NaN");
  expect(document.querySelector("#training .note")).toBeNull();
  const warned = parse({ ...madeUpReport(), curves: [{ ...curve, warning: "cannot be compared" }] });
  expect(texts(warned, "#training figure .note")).toEqual(["cannot be compared"]);
});

it("says which neighbours show the same expression and which are the same person", () => {
  const document = parse(madeUpReport());
  const first = [...document.querySelectorAll("#neighbours tbody tr:first-child td")].slice(1);
  expect(first.map((cell) => cell.textContent?.trim())).toEqual([
    "✓ neutralsame person",
    "✓ neutralother person",
    "✗ surprisesame person",
    "✓ neutralother person",
    "✗ happysame person",
    "✗ disgustother person",
  ]);
});
