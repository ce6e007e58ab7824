/** The page of batches. */
import { describe, expect, it } from "vitest";
import { isShown } from "./browserPages.ts";
import type { Visit } from "./visit.ts";

/** Declares the tests of the page. */
export function describeBatch(visit: Visit): void {
  describe("batch", () => {
    it("shows what the network sees, and the clip's frames under a slider that the arrow keys move", async () => {
      const page = await visit.open("batch");
      await page.getByLabel("Run").selectOption("runs/ssl-fer");
      const clip = page.locator(".clip").first();
      await clip.getByText("MaskFN: false negatives").waitFor();
      expect(await clip.locator(".group h3").allTextContents()).toEqual([
        "Frames",
        "FaceSwap",
        "What the network sees",
        "MaskFN: false negatives",
      ]);
      expect(await page.locator(".clip").count()).toBe(6);
      // All that the full method shows of a clip stands in one row, to the last false negative.
      await page.setViewportSize({ width: 1440, height: 900 });
      const boxes = await Promise.all(
        (await clip.locator(".group").all()).map(async (group) => (await group.boundingBox())!),
      );
      expect(new Set(boxes.map(({ y }) => Math.round(y))).size).toBe(1);
      expect(boxes.at(-1)!.x + boxes.at(-1)!.width).toBeLessThan(1440);
      // Names stand beneath the pictures, and are not read twice.
      expect(await clip.locator(".tile img:not([alt=''])").count()).toBe(0);
      await expect.poll(() => isShown(page, ".tile img")).toBe(true);
      await expect.poll(() => isShown(page, ".player img")).toBe(true);
      const slider = clip.getByRole("slider", { name: "Time in the clip" });
      const picture = clip.locator(".player img");
      await slider.press("Home");
      const [start, first] = [await picture.getAttribute("src"), await slider.getAttribute("aria-valuetext")];
      await slider.press("ArrowRight");
      expect(first).toBe("0.0 seconds");
      expect(await slider.getAttribute("aria-valuetext")).toBe("0.2 seconds");
      expect(await picture.getAttribute("src")).not.toBe(start);
      await clip.getByRole("button", { name: "Play" }).click();
      await expect.poll(() => slider.getAttribute("aria-valuetext")).not.toBe("0.2 seconds");

      const tile = page.locator(".tile img").first();
      const before = await tile.getAttribute("src");
      await page.getByRole("button", { name: "The next batch" }).click();
      await expect.poll(() => tile.getAttribute("src")).not.toBe(before);
      await page.getByText(/^Batch 2:/).waitFor();
    });
  });
}
