/** What every page keeps to: sizes, themes, keys, and what an empty folder shows. */
import { readdirSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { lastingFolder } from "../../../../packages/duchenne/test/deploy/predict/fixture.ts";
import { violationsOf } from "./axe.ts";
import { openPage, overhang } from "./browserPages.ts";
import { startStudio } from "./fixture.ts";

import type { Visit } from "./visit.ts";

const PAGES = ["runs", "batch", "map", "mirror", "results"] as const;
const ASSETS = new URL("../../dist/assets/", import.meta.url);
/** Parts of the build that find faces and run models. */
const HEAVY_CHUNKS = ["startWatcher", "faceWorker", "modelWorker"] as const;

/** Declares the tests of the pages. */
export function describeEveryPage(visit: Visit): void {
  describe("every page", () => {
    it.each(PAGES)("%s fits a phone and a desk, light and dark", async (name) => {
      for (const theme of ["light", "dark"] as const)
        for (const width of [390, 1280, 1440]) {
          const page = await visit.open(name, { theme, width, height: 844 });
          expect(await overhang(page), `${theme}, ${width} px`).toBeLessThanOrEqual(0);
          expect(await violationsOf(page), `${theme}, ${width} px`).toEqual([]);
          const ground = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
          expect(ground).toBe(theme === "light" ? "rgb(250, 248, 244)" : "rgb(21, 19, 17)");
          await page.context().close();
        }
    });

    it("fetches the mirror's networks and models once the mirror has a picture, and on no other page", async () => {
      const page = await visit.open("runs");
      const fetched: string[] = [];
      page.context().on("request", (request) => fetched.push(new URL(request.url()).pathname));
      // Under another name a chunk would be fetched unseen.
      for (const chunk of HEAVY_CHUNKS)
        expect(readdirSync(ASSETS).filter((file) => file.startsWith(`${chunk}-`))).toHaveLength(1);
      const isHeavy = (path: string) =>
        /\.(wasm|onnx|bin)$|^\/(ort|models)\//.test(path) ||
        HEAVY_CHUNKS.some((chunk) => path.includes(`/${chunk}-`));
      const heavy = () => fetched.filter(isHeavy);
      await page.reload();
      await page.locator(".plot canvas").first().waitFor();
      for (const [key, shown] of [
        ["2", ".tile img"],
        ["3", ".map canvas"],
        ["5", "table.results, .empty"],
        ["4", ".invitation"],
      ] as const) {
        await page.keyboard.press(key);
        await page.locator(shown).first().waitFor();
        expect(heavy(), `page ${key}`).toEqual([]);
      }
      await page.getByRole("button", { name: "Use the camera" }).click();
      await page.locator(".bars .first").waitFor();
      expect(heavy().join(" ")).toMatch(/model\.onnx/);
      expect(heavy().join(" ")).toMatch(/\/ort\/.*\.wasm/);
    });

    it("is reached by keys: numbers, tab, ? and Escape; the theme is kept", async () => {
      const page = await visit.open("runs");
      await page.keyboard.press("?");
      const help = page.getByRole("dialog", { name: "Keys and pages" });
      await help.waitFor();
      await page.keyboard.press("Escape");
      await help.waitFor({ state: "detached" });
      await page.keyboard.press("3");
      await page.getByRole("heading", { name: "Map" }).waitFor();
      await page.keyboard.press("1");
      await page.getByRole("heading", { name: "Runs", exact: true, level: 1 }).waitFor();
      await page.keyboard.press("Tab");
      expect(await page.evaluate<string>("document.activeElement.textContent")).toMatch(/Skip to the page/);
      await page.getByRole("button", { name: "Use the dark theme" }).click();
      await page.reload();
      expect(await page.evaluate<string>("document.documentElement.dataset.theme")).toBe("dark");
    });

    it("says what to run where there is nothing yet", async () => {
      const empty = await startStudio(lastingFolder());
      onTestFinished(async () => void (await empty.stop()));
      for (const [name, command] of [
        ["runs", "duchenne pretrain"],
        ["batch", "duchenne pretrain"],
        ["map", "duchenne pretrain"],
        ["results", "duchenne probe"],
      ] as const) {
        const page = await openPage(visit.browser(), `${empty.url}#/${name}`);
        expect(await page.locator(".empty pre").textContent()).toContain(command);
        await page.context().close();
      }
      // The installed model is there at once.
      const mirror = await openPage(visit.browser(), `${empty.url}#/mirror`);
      await mirror.getByRole("button", { name: "Use the camera" }).click();
      await mirror.locator(".bars .first").waitFor();
      expect(await mirror.locator(".model-note .note").textContent()).toMatch(/^@duchenne\/model-fer \d/);
    });
  });
}
