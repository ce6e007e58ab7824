/** The map of faces. */
import { type FaceMap, PACKED_MAP } from "duchenne/studio";
import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { violationsOf } from "./axe.ts";
import { isShown } from "./browserPages.ts";
import type { Visit } from "./visit.ts";

/** What is wanted of an element of the page. */
interface Placed {
  getBoundingClientRect(): { readonly top: number };
}

/** Declares the tests of the page. */
export function describeMap(visit: Visit): void {
  describe("map", () => {
    it("puts faces where the run's network has them, by any label, with the neighbours of the one chosen", async () => {
      const page = await visit.open("runs");
      const packed = page.waitForResponse(
        (answer) => answer.url().includes("/api/maps") && answer.headers()["content-type"] === PACKED_MAP,
      );
      await page.evaluate("location.hash = '/map'");
      const map = page.getByRole("img", { name: /A map of \d+ faces/ });
      await map.waitFor();
      await packed;
      const legend = page.locator(".legend");
      await expect.poll(() => legend.textContent()).toMatch(/happy/);
      await page.getByLabel("Colour").selectOption("Person");
      await expect.poll(() => legend.textContent()).toMatch(/actor0000/);
      await page.getByLabel("Colour").selectOption("Valence");
      await page.locator(".ramp").waitFor();

      await map.press("ArrowRight"); // the first face
      const neighbours = page.locator(".neighbours");
      await neighbours.waitFor();
      await expect.poll(() => isShown(page, ".neighbours ol img")).toBe(true);
      const cosines = async () => (await neighbours.locator("ol .muted").allTextContents()).map(Number);
      await expect.poll(cosines).toHaveLength(12);
      expect(await cosines()).toEqual([...(await cosines())].sort((a, b) => b - a));
      const person = await neighbours.locator("strong").textContent();
      const are = (of: string | null) => allAlts(neighbours.locator("ol"), (alt) => alt.includes(of!));
      expect(await allAlts(neighbours.locator("ol"), (alt) => !alt.includes(person!))).toBe(true); // of other clips, and each person has one
      await neighbours.getByLabel("in the same clip").check();
      await expect.poll(() => are(person)).toBe(true);
      const before = await neighbours.locator(".chosen img").getAttribute("src");
      await neighbours.locator("ol button").first().click();
      await expect.poll(() => neighbours.locator(".chosen img").getAttribute("src")).not.toBe(before);
      await map.press("Escape");
      await neighbours.waitFor({ state: "detached" });

      await hoverAFace(page);
      await expect.poll(() => isShown(page, ".face-tip img")).toBe(true);
    });

    it("brings the neighbours up from below on a phone, over the map, until the face is let go", async () => {
      const page = await visit.open("map", { width: 390, height: 844 });
      const map = page.getByRole("img", { name: /A map of \d+ faces/ });
      await map.waitFor();
      await map.press("ArrowRight");
      const neighbours = page.locator(".neighbours");
      await expect.poll(() => isShown(page, ".neighbours ol img")).toBe(true);
      const { x, y, width, height } = (await neighbours.boundingBox())!;
      expect([x, width]).toEqual([0, 390]);
      expect(y).toBeGreaterThan(844 / 4);
      expect(y + height).toBeLessThanOrEqual(844);
      await neighbours.getByRole("button", { name: "Let go" }).click();
      await neighbours.waitFor({ state: "detached" });
    });

    it("zooms and moves, leaves out what the legend or a person's name says, and shows the faces inside a line", async () => {
      const page = await visit.open("map");
      const map = page.getByRole("img", { name: /A map of \d+ faces/ });
      await map.waitFor();
      // Who chooses by keys goes on from where they are.
      const choice = page.getByLabel("Run", { exact: true });
      await choice.focus();
      await choice.selectOption("runs/simclr");
      await page.getByText(/updates of simclr/).waitFor();
      expect(await page.evaluate("document.activeElement.tagName")).toBe("SELECT");
      await map.waitFor();
      await page.getByRole("button", { name: "Closer" }).click();
      await page.getByRole("button", { name: "Whole map" }).click();
      const happy = page.locator(".legend button", { hasText: "happy" });
      await happy.click();
      await expect.poll(() => happy.getAttribute("aria-pressed")).toBe("false");
      expect(await page.evaluate<string>("location.hash")).toContain("without=happy");
      await happy.click();
      await expect.poll(() => happy.getAttribute("aria-pressed")).toBe("true");
      await page.getByLabel("Person").fill("actor0000");
      await expect.poll(() => page.evaluate<string>("location.hash")).toContain("person=actor0000");
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
      expect(await allAlts(sheet, (alt) => alt.includes("actor0000"))).toBe(true);
    });

    it("colours by what a saved probe predicts and where it is wrong, and leaves out what is right", async () => {
      const page = await visit.open("map");
      const legend = page.locator(".legend");
      await legend.waitFor();
      await page.getByText("Compare, predict, more faces").click();
      await page.getByLabel("Predictions of").selectOption("expression.probe");
      await page.getByText(/^Predictions of expression\.probe/).waitFor();
      await page.getByLabel("Colour").selectOption("Right or wrong");
      const faces = await numberOfFaces(page);
      await expect.poll(() => legend.textContent()).toMatch(/right \d+.*wrong \d+/);
      const counts = (await legend.textContent())!.match(/\d+/g)!.map(Number);
      expect(counts[0]! + counts[1]!).toBe(faces);
      await legend.getByRole("button", { name: "right" }).click();
      await expect.poll(() => page.evaluate<string>("location.hash")).toContain("without=right");
      await page.getByLabel("Colour").selectOption("Predicted expression");
      await expect.poll(() => legend.textContent()).not.toMatch(/right/);
      await page.getByLabel("Predictions of").selectOption("va.probe");
      await page.getByLabel("Colour").selectOption("Error of valence");
      const ends = async () =>
        (await page.locator(".ramp > span").allTextContents()).map((text) => Number(text.replace("−", "-")));
      await expect.poll(ends).toHaveLength(2);
      const [low, high] = await ends();
      expect(low).toBe(-high!);
      expect(high).toBeGreaterThan(0);
    });

    it("puts two checkpoints side by side, and shows a face that is chosen on both", async () => {
      const page = await visit.open("map");
      await page.getByLabel("Run").selectOption("runs/ssl-fer");
      await page.getByText("Compare, predict, more faces").click();
      await page.getByLabel("Beside it").waitFor();
      const choices = await page.getByLabel("Beside it").locator("option").allTextContents();
      // Nothing, the other run's only checkpoint, and perhaps the run that another test has trained.
      const other = choices.find((choice) => choice.startsWith("runs/simclr"));
      await page.getByLabel("Beside it").selectOption(other!);
      const maps = page.getByRole("img", { name: /A map of \d+ faces: runs\/\S+, 6 updates/ });
      await expect.poll(() => maps.count()).toBe(2);
      // At one moment: the page may move while it fills.
      const [first, second] = await maps.evaluateAll((all) =>
        all.map((map) => (map as unknown as Placed).getBoundingClientRect().top),
      );
      expect(first).toBe(second);
      await maps.nth(1).press("ArrowRight");
      const titles = page.locator(".neighbours h3");
      await expect.poll(() => titles.count()).toBe(2);
      expect(new Set(await titles.allTextContents()).size).toBe(2);
      await expect.poll(() => page.locator(".neighbours ol li").count()).toBe(24);
      expect(await violationsOf(page)).toEqual([]);
      await page.reload();
      await expect.poll(() => maps.count()).toBe(2);
    });

    it("moves ten thousand faces at the browser's pace", async () => {
      const page = await visit.open("runs");
      await page.route("**/api/maps?*", (route) =>
        route.fulfill({ json: { state: "done", result: mapOfMany(10_000) } }),
      );
      await page.evaluate("location.hash = '/map?faces=10000'");
      await page.getByRole("img", { name: /A map of 10000 faces/ }).waitFor();
      // The pointer moves once a frame, as a hand's does; how long drawing takes is measured beside it.
      const { framesPerSecond, drawMs, leastDrawMs, draws } = await page.evaluate<Record<string, number>>(`
        new Promise((resolve) => {
          const canvas = document.querySelector(".scatter canvas");
          const { left, top } = canvas.getBoundingClientRect();
          const send = (type, x, y) =>
            canvas.dispatchEvent(new PointerEvent(type, { bubbles: true, clientX: left + x, clientY: top + y }));
          canvas.setPointerCapture = () => {};
          const frame = requestAnimationFrame.bind(window);
          const [ticks, draws] = [[], []];
          window.requestAnimationFrame = (draw) =>
            frame((time) => {
              const start = performance.now();
              draw(time);
              draws.push(performance.now() - start);
            });
          const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
          const step = (time) => {
            ticks.push(time);
            const angle = ticks.length / 10;
            send("pointermove", 300 + 80 * Math.sin(angle), 300 + 60 * Math.cos(angle));
            if (ticks.length < 150) return frame(step);
            send("pointerup", 300, 300);
            const steps = ticks.slice(1).map((tick, i) => tick - ticks[i]);
            const [framesPerSecond, drawMs, leastDrawMs] = [1000 / median(steps), median(draws), Math.min(...draws)];
            resolve({ framesPerSecond, drawMs, leastDrawMs, draws: draws.length });
          };
          send("pointerdown", 300, 300);
          frame(step);
        })
      `);
      console.info(
        `map of 10,000, headless, software: ${framesPerSecond!.toFixed(0)} frames/s, ${drawMs!.toFixed(1)} ms each`,
      );
      expect(draws).toBeGreaterThan(100);
      // The pace is the machine's, which may be slow and busy; of so many frames one is drawn without other work, and drawing all
      // points one by one as elements would take seconds.
      expect(leastDrawMs).toBeLessThan(100);
    });

    const numberOfFaces = async (page: Page) =>
      Number(
        (await page.getByRole("img", { name: /A map of/ }).getAttribute("aria-label"))!.match(/\d+/)![0],
      );

    /** A map of faces in a spiral, without neighbours. */
    function mapOfMany(count: number): FaceMap {
      const faces = Array.from({ length: count }, (_, i) => ({
        ...{ key: 0, timeSeconds: 0, person: `actor${i % 40}`, clip: "a", split: null },
        ...{ x: Math.sqrt(i) * Math.cos(i), y: Math.sqrt(i) * Math.sin(i) },
        ...{ expression: i % 2 === 0 ? "happy" : "sad", valence: null, arousal: null, intensity: null },
      }));
      return { step: 6, faces, neighbours: faces.map(() => []), ownNeighbours: faces.map(() => []) };
    }

    /** Moves over the map to a face: where a dot is, the canvas has another colour than at its corner. */
    async function hoverAFace(page: Page): Promise<void> {
      const map = page.locator(".scatter canvas");
      const place = () =>
        page.evaluate<[number, number] | null>(`(() => {
          const canvas = document.querySelector(".scatter canvas");
          const { width, height } = canvas;
          const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, width, height).data.buffer);
          const dot = pixels.findIndex((pixel) => pixel !== pixels[0]);
          return dot < 0 ? null : [(dot % width) / width, Math.floor(dot / width) / height];
        })()`);
      await expect.poll(place).not.toBeNull();
      const [x, y] = (await place())!;
      const { width, height } = (await map.boundingBox())!;
      await map.hover({ position: { x: x * width, y: y * height + 2 } });
      await page.locator(".face-tip").waitFor();
    }

    /** Whether there are pictures inside, and all of them are told so. */
    const allAlts = async (inside: Locator, isSo: (alt: string) => boolean): Promise<boolean> => {
      const alts = await inside
        .locator("img")
        .evaluateAll((all) => all.map((one) => (one as unknown as { alt: string }).alt));
      return alts.length > 0 && alts.every(isSo);
    };
  });
}
