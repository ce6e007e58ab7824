/** The report in a browser: nothing that axe finds, nothing beyond the edge. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { renderPage } from "../../../packages/duchenne/src/report/page/page.ts";
import { launchBrowser, PAGE_TIMEOUT_MS } from "../../../packages/duchenne/test/deploy/export/browser.ts";
import { lastingFolder } from "../../../packages/duchenne/test/deploy/predict/fixture.ts";
import { madeUpReport } from "../../../packages/duchenne/test/report/page/madeUp.ts";
import { violationsOf } from "./pages/axe.ts";
import { overhang } from "./pages/browserPages.ts";

it("can be used by everybody: both themes, on a desk and a phone, with one table or several", async () => {
  const report = madeUpReport();
  const file = join(lastingFolder(), "report.html");
  const [table] = report.tables;
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  for (const tables of [[table!], [table!, { ...table!, title: "another" }]]) {
    writeFileSync(file, renderPage({ ...report, tables }));
    for (const colorScheme of ["light", "dark"] as const)
      for (const width of [390, 1440]) {
        const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme });
        const page = await context.newPage();
        page.setDefaultTimeout(PAGE_TIMEOUT_MS);
        await page.goto(pathToFileURL(file).href);
        expect(await page.locator("table.results").count()).toBe(1);
        expect(await violationsOf(page), `${colorScheme}, ${width} px`).toEqual([]);
        expect(await overhang(page)).toBeLessThanOrEqual(0);
        // With room for wider fonts than this project's pages bring.
        expect(await page.evaluate<number>("document.documentElement.scrollHeight")).toBeLessThan(9000);
        await context.close();
      }
  }
});

it("prints every plot whole: none stands beyond the edge of the paper, to be moved into sight", async () => {
  const file = join(lastingFolder(), "report.html");
  const report = madeUpReport();
  writeFileSync(file, renderPage({ ...report, embeddings: [...report.embeddings, ...report.embeddings] }));
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  // A4 without its margins.
  const page = await browser.newPage({ viewport: { width: 700, height: 1000 } });
  page.setDefaultTimeout(PAGE_TIMEOUT_MS);
  const beyond = (): Promise<number> =>
    page.evaluate<number>(
      "[...document.querySelectorAll('figure.plot, .card, .sheet')].filter((one) => one.getBoundingClientRect().right > innerWidth).length",
    );
  await page.goto(pathToFileURL(file).href);
  // On a screen as wide they are moved through.
  expect(await beyond()).toBeGreaterThan(0);
  await page.emulateMedia({ media: "print" });
  expect(await beyond()).toBe(0);
});
