/** The map of faces. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { isShown } from "./browserPages.ts";
import type { Visit } from "./visit.ts";

/** Declares the tests of the page. */
export function describeMap(visit: Visit): void {
  describe("map", () => {
    it("puts faces where the run's network has them, by any label, with the neighbours of the one chosen", async () => {
      const page = await visit.open("map");
      const map = page.getByRole("img", { name: /A map of \d+ faces/ });
      await map.waitFor();
      const legend = page.locator(".legend");
      expect(await legend.textContent()).toMatch(/happy/);
      await page.getByLabel("Colour").selectOption("Person");
      expect(await legend.textContent()).toMatch(/actor0000/);
      await page.getByLabel("Colour").selectOption("Valence");
      await page.locator(".ramp").waitFor();

      await map.press("ArrowRight"); // the first face
      const neighbours = page.locator(".neighbours");
      await neighbours.waitFor();
      await expect.poll(() => isShown(page, ".neighbours ol img")).toBe(true);
      const cosines = async () => (await neighbours.locator("ol .muted").allTextContents()).map(Number);
      expect(await cosines()).toHaveLength(12);
      expect(await cosines()).toEqual([...(await cosines())].sort((a, b) => b - a));
      const person = await neighbours.locator("strong").textContent();
      for (const other of await neighbours.locator("ol img").all())
        expect(await other.getAttribute("alt")).not.toContain(person); // of other clips, and each person has one
      await neighbours.getByLabel("in the same clip").check();
      for (const other of await neighbours.locator("ol img").all())
        expect(await other.getAttribute("alt")).toContain(person);
      const before = await neighbours.locator(".chosen img").getAttribute("src");
      await neighbours.locator("ol button").first().click();
      await expect.poll(() => neighbours.locator(".chosen img").getAttribute("src")).not.toBe(before);
      await map.press("Escape");
      expect(await neighbours.count()).toBe(0);

      await hoverAFace(page);
      await expect.poll(() => isShown(page, ".face-tip img")).toBe(true);
    });

    it("zooms and moves, leaves out what the legend or a person's name says, and shows the faces inside a line", async () => {
      const page = await visit.open("map");
      const map = page.getByRole("img", { name: /A map of \d+ faces/ });
      await map.waitFor();
      await page.getByRole("button", { name: "Closer" }).click();
      await page.getByRole("button", { name: "Whole map" }).click();
      const happy = page.locator(".legend button", { hasText: "happy" });
      await happy.click();
      expect(await happy.getAttribute("aria-pressed")).toBe("false");
      expect(await page.evaluate<string>("location.hash")).toContain("without=happy");
      await happy.click();
      await page.getByLabel("Person").fill("actor0000");
      await page.evaluate("scrollTo(0, 0)");
      const { x, y, width, height } = (await page.locator(".scatter canvas").boundingBox())!;
      await page.keyboard.down("Shift");
      await page.mouse.move(x + 8, y + 8);
      await page.mouse.down();
      for (const [dx, dy] of [
        [1, 0],
        [1, 1],
        [0, 1],
        [0, 0],
      ] as const)
        await page.mouse.move(x + 8 + dx * (width - 16), y + 8 + dy * (height - 16), { steps: 2 });
      await page.mouse.up();
      await page.keyboard.up("Shift");
      const sheet = page.getByRole("region", { name: "Faces inside the line" });
      await sheet.waitFor();
      for (const face of await sheet.getByRole("img").all())
        expect(await face.getAttribute("alt")).toContain("actor0000");
    });

    /** Moves over the map until a face shows. */
    async function hoverAFace(page: Page): Promise<void> {
      const { x, y, width, height } = (await page.locator(".scatter canvas").boundingBox())!;
      for (let i = 0; i < 2500; i++) {
        await page.mouse.move(x + ((i % 50) / 50) * width, y + (Math.floor(i / 50) / 50) * height);
        if ((await page.locator(".face-tip").count()) > 0) return;
      }
    }
  });
}
