/** The page of runs, with real small ones. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { start } from "./fixture.ts";
import type { Visit } from "./visit.ts";

/** Declares the tests of the page. */
export function describeRuns(visit: Visit): void {
  describe("runs", () => {
    it("shows curves of the newest, and compares several with the settings that differ", async () => {
      const page = await visit.open("runs");
      const loss = page.getByRole("img", { name: /^Loss: runs\/\S+ [\d.]+$/ });
      await loss.waitFor();
      expect(await page.locator(".plot").count()).toBe(6);
      const first = await loss.getAttribute("aria-label");
      await page
        .getByRole("checkbox", { name: /runs\// })
        .nth(1)
        .check();
      const both = page.getByRole("img", {
        name: /^Loss: .*ssl-fer [\d.]+, .*simclr [\d.]+|^Loss: .*simclr [\d.]+, .*ssl-fer [\d.]+/,
      });
      await both.waitFor();
      expect(first).toContain(newestLoss(first!.includes("simclr") ? "simclr" : "ssl-fer"));
      const differing = page.locator("tr.differs");
      expect(await differing.getByRole("rowheader").allTextContents()).toContain("--method");
      const method = differing.filter({ hasText: "--method" }).getByRole("cell");
      expect((await method.allTextContents()).sort()).toEqual(["simclr", "ssl-fer"]);
      expect(await page.locator(".settings tr:not(.differs) td").count()).toBe(0);
      await page.getByLabel("also what is the same").check();
      expect(await page.getByRole("row", { name: /--temperature/ }).count()).toBe(1);
    });

    /** As a curve's description tells it: three digits of the log's last line. */
    function newestLoss(run: string): string {
      const lines = readFileSync(join(visit.made().folder, "runs", run, "metrics.jsonl"), "utf8")
        .trim()
        .split("\n");
      const { loss } = JSON.parse(lines.at(-1)!) as { loss: number };
      return String(Number(loss.toPrecision(3)));
    }

    it("grows while a run trains, and says so", async () => {
      const out = join(visit.made().folder, "runs", "live");
      const settings = [
        "--preset",
        "tiny",
        "--batch",
        "6",
        "--steps",
        "100000",
        "--warmup-steps",
        "2",
        "--log-every",
        "1",
      ];
      const training = start([
        "pretrain",
        visit.made().store,
        "--out",
        out,
        ...settings,
        "--threads",
        "1",
        "--workers",
        "0",
      ]);
      const ended = new Promise((resolve) => training.once("exit", resolve));
      onTestFinished(async () => {
        training.kill("SIGKILL");
        await ended;
      });
      const page = await visit.open("runs");
      const card = page.locator(".run-card", { hasText: "runs/live" });
      await card.getByText("training").waitFor();
      await card.click();
      const updates = async () =>
        Number((await card.textContent())!.match(/([\d,]+) of 100,000/)![1]!.replaceAll(",", ""));
      await expect.poll(updates).toBeGreaterThan(1);
      await expect.poll(() => card.textContent()).toMatch(/ left.* elapsed.* images\/s/);
      const before = await updates();
      const curve = page.getByRole("img", { name: /^Loss: .*live [\d.]+/ });
      const shown = await curve.getAttribute("aria-label");
      await expect.poll(updates).toBeGreaterThan(before);
      await expect.poll(() => curve.getAttribute("aria-label")).not.toBe(shown);
      training.kill("SIGKILL");
      await expect.poll(() => card.getByText("training").count()).toBe(0);
      await expect.poll(() => card.locator(".state").textContent()).toMatch(/^(stopped|failed)$/);
    });
  });
}
