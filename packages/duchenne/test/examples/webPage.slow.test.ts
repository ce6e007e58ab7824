import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { launchBrowser, PAGE_TIMEOUT_MS, serve } from "../deploy/export/browser.ts";
import { faceImage, lastingFolder, makeFilm, makeModel } from "../deploy/predict/fixture.ts";

const REPOSITORY = fileURLToPath(new URL("../../../..", import.meta.url));

/** The page as `make build` leaves it: it takes the packages' compiled files. */
test("shows what the model sees in a box drawn by hand", async () => {
  const root = lastingFolder();
  const model = await makeModel(root);
  const face = await faceImage(await makeFilm(root), root);
  const folders = {
    model,
    node_modules: join(REPOSITORY, "node_modules"),
    examples: join(REPOSITORY, "examples"),
  };
  const { url, server } = await serve(folders, {});
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PAGE_TIMEOUT_MS);
    await page.goto(`${url}/examples/web-page/index.html`);
    await page.getByText("Ready.").waitFor();
    await page.goto(`${url}/examples/web-page/index.html?model=/model/`);
    await page.getByText("Ready.").waitFor();
    await page.locator("input").setInputFiles(face);
    await page.getByText("Draw a box around the face.").waitFor();
    const canvas = (await page.locator("canvas").boundingBox())!;
    await page.mouse.move(canvas.x + 70, canvas.y + 80);
    await page.mouse.down();
    await page.mouse.move(canvas.x + 180, canvas.y + 200, { steps: 4 });
    await page.mouse.up();
    await page.getByText("Classified as ").waitFor();
    expect(await page.locator("tr td:first-child").allTextContents()).toEqual([
      ...["neutral", "happy", "sad"],
      ...["valence", "arousal"],
    ]);
    const widths = await page
      .locator("td:nth-child(2)")
      .evaluateAll((cells) =>
        cells.map((cell) => [cell.querySelector("meter")!.offsetWidth / cell.clientWidth, cell.clientWidth]),
      );
    for (const [share, cell] of widths as [number, number][]) {
      expect(cell).toBeGreaterThan(200);
      expect(share, "a meter as wide as its box").toBeGreaterThan(0.95);
    }
    await page.goto(`${url}/examples/web-page/index.html?model=/nowhere/`);
    await page.getByText("expected a file of a model, received 404").waitFor();
  } finally {
    await browser.close();
    server.close();
  }
});
