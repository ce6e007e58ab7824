/** The mirror, with a camera, films and pictures. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { violationsOf } from "./axe.ts";
import { pictureOfTwo } from "./fixture.ts";
import type { Visit } from "./visit.ts";

/** The film has 12.5 frames a second. */
const FRAME_SECONDS = 0.08;

/** Declares the tests of the page. */
export function describeMirror(visit: Visit): void {
  describe("mirror", () => {
    it("says what the model makes of the camera's picture", async () => {
      const page = await visit.open("mirror");
      await page.getByRole("button", { name: "Use the camera" }).click();
      await page.locator(".bars .first").waitFor();
      // Headless Chromium has no adapter for WebGPU.
      expect(await page.locator(".model-note .note").textContent()).toMatch(
        /It runs on WebAssembly, in this browser\.$/,
      );
      // At one moment: the bars go on moving.
      const barsAt = async () => {
        const [first, ...shares] = await page.evaluate<number[]>(
          "['.first output', 'output'].flatMap((which) => [...document.querySelectorAll('.bars ' + which)]).map((one) => Number.parseInt(one.textContent, 10))",
        );
        const total = shares.reduce((sum, share) => sum + share, 0);
        return {
          bars: shares.length,
          isWhole: Math.abs(total - 100) <= 4,
          isFirst: first === Math.max(...shares),
        };
      };
      // Each share is rounded.
      await expect.poll(barsAt).toEqual({ bars: 8, isWhole: true, isFirst: true });
      await page
        .getByRole("img", { name: /Valence and arousal: valence [+−]?\d\.\d\d, arousal [+−]?\d\.\d\d/ })
        .waitFor();
      await expect.poll(() => page.getByText("No face found.").count()).toBe(0);
      const pace = (await page.locator(".pace").textContent())!;
      console.info(`mirror, headless, WebAssembly: ${pace}`);
      expect(pace).toMatch(/^\d+ frames\/s · faces \d+ ms · model \d+ ms$/);
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByRole("button", { name: "Use the camera" }).waitFor();
    });

    it("says what the model learned from, and shows a label that is always the bars' own", async () => {
      const page = await visit.open("mirror");
      expect(await page.getByRole("note").textContent()).toMatch(/^Learned from drawn faces alone/);
      expect(await page.locator(".model-note .note").textContent()).toMatch(
        /models\/happy.*drawn actors.*[Mm]acro F1/,
      );
      // The label is drawn: what was written last on a canvas of the stage.
      await page.evaluate(`
        const write = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
          if (this.canvas.closest(".overlay") && / %$/.test(text)) window.label ??= text;
          return write.call(this, text, ...place);
        };
        const size = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, "width");
        Object.defineProperty(HTMLCanvasElement.prototype, "width", {
          ...size,
          set(value) {
            if (this.closest(".overlay")) window.label = undefined;
            size.set.call(this, value);
          },
        });
      `);
      await page.getByRole("button", { name: "Use the camera" }).click();
      await page.locator(".bars .first").waitFor();
      const differing = await page.evaluate<string[]>(`
        new Promise((resolve) => {
          const differing = [];
          let samples = 0;
          const sample = () => {
            const first = document.querySelector(".bars .first");
            const bar = first && first.querySelector("span").textContent + " " + first.querySelector("output").textContent;
            if (window.label !== (bar ?? undefined)) differing.push(window.label + " / " + bar);
            if (++samples < 40) setTimeout(sample, 53);
            else resolve(differing);
          };
          sample();
        })
      `);
      expect(differing).toEqual([]);
    });

    it("has bars for each of several people, equal to the labels on the picture", async () => {
      const page = await visit.open("mirror");
      await page.evaluate(`
        window.labels = [];
        const write = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
          if (this.canvas.closest(".overlay")) window.labels.push(text);
          return write.call(this, text, ...place);
        };
      `);
      const other = visit.made().film.replace("actor0000", "actor0001");
      const buffer = await pictureOfTwo([visit.made().film, other]);
      const input = page.locator("input[type=file]");
      await input.setInputFiles({ name: "two.jpg", mimeType: "image/jpeg", buffer });
      const bars = page.getByRole("list", { name: /^Expressions of track \d/ });
      await bars.nth(1).waitFor();
      expect(await bars.count()).toBe(2);
      const told = [];
      for (const list of await bars.all()) {
        const track = (await list.getAttribute("aria-label"))!.match(/\d+$/)![0];
        const first = list.locator(".first");
        told.push(
          `${track}: ${await first.locator("span").textContent()} ${await first.locator("output").textContent()}`,
        );
      }
      expect((await page.evaluate<string[]>("labels")).sort()).toEqual(told);
      const map = page.getByRole("img", { name: /Valence and arousal: track 0: .*; track 1: / });
      expect(await map.count()).toBe(1);
      expect(await violationsOf(page)).toEqual([]);
    });

    it("records the picture alone or with labels, with a row for each face and frame, and opens it again", async () => {
      const page = await visit.open("mirror");
      await page.getByRole("button", { name: "Use the camera" }).click();
      await page.locator(".bars .first").waitFor();
      await page.evaluate(`
        [window.marks, window.recorded] = [0, 0];
        const record = HTMLCanvasElement.prototype.captureStream;
        HTMLCanvasElement.prototype.captureStream = function () {
          this.isRecorded = true;
          return record.call(this);
        };
        const draw = CanvasRenderingContext2D.prototype.drawImage;
        CanvasRenderingContext2D.prototype.drawImage = function (...what) {
          if (this.canvas.isRecorded) window.recorded++;
          return draw.call(this, ...what);
        };
        const stroke = CanvasRenderingContext2D.prototype.stroke;
        CanvasRenderingContext2D.prototype.stroke = function (...path) {
          if (!this.canvas.isConnected) window.marks++;
          return stroke.call(this, ...path);
        };
      `);
      const seconds = page.locator(".record-tools output");
      const record = async () => {
        const before = await page.evaluate<number>("recorded");
        await page.getByRole("button", { name: "Record", exact: true }).click();
        await expect.poll(() => page.evaluate<number>("recorded")).toBeGreaterThan(before + 8);
        await expect.poll(async () => Number.parseFloat((await seconds.textContent())!)).toBeGreaterThan(2.5);
        const [file] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("button", { name: "Stop recording" }).click(),
        ]);
        expect(file.suggestedFilename()).toBe("webcam-recording.webm");
        return readFileSync((await file.path())!);
      };
      const clean = await record();
      expect(await page.evaluate<number>("marks")).toBe(0);
      await page.getByLabel("with lines and labels").check();
      const start = performance.now();
      expect((await record()).length).toBeGreaterThan(10_000);
      const longest = (performance.now() - start) / 1000;
      expect(await page.evaluate<number>("marks")).toBeGreaterThan(0);
      const [table] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save its CSV" }).click(),
      ]);
      const [head, ...rows] = readFileSync((await table.path())!, "utf8")
        .trim()
        .split("\n");
      expect(head).toMatch(/^path,frame,time,track,left,top,width,height,expression,/);
      const times = rows.map((row) => Number(row.split(",")[2]));
      expect(times.length).toBeGreaterThan(3);
      expect(Math.max(...times)).toBeLessThan(longest);
      const again = { name: "again.webm", mimeType: "video/webm", buffer: clean };
      await page.locator("input[type=file]").setInputFiles(again);
      const length = page.locator(".film-tools output");
      await expect
        .poll(async () => Number.parseFloat((await length.textContent())!.split(" of ")[1]!))
        .toBeGreaterThan(1);
      await page.locator(".bars .first").waitFor();
      expect(await violationsOf(page)).toEqual([]);
    });

    it("goes through a film by frames and keeps a row for each, ranges left out", async () => {
      const page = await visit.open("mirror");
      // As on a slow machine: while a film plays, one frame of many is looked at.
      await page.evaluate(`
        const { requestVideoFrameCallback: request } = HTMLVideoElement.prototype;
        HTMLVideoElement.prototype.requestVideoFrameCallback = function (callback) {
          const since = this.paused ? undefined : this.currentTime;
          const come = (now, frame) => {
            if (since === undefined || this.paused || Math.abs(frame.mediaTime - since) > 0.15) callback(now, frame);
            else request.call(this, come);
          };
          return request.call(this, come);
        };
      `);
      await page.locator("input[type=file]").setInputFiles(visit.made().film);
      await page.locator(".bars .first").waitFor();
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByRole("button", { name: "Play" }).waitFor();
      const slider = page.getByRole("slider", { name: "Time in the film" });
      const seek = async (seconds: number) => {
        await slider.evaluate((element, value) => {
          (element as unknown as { value: string }).value = String(value);
          element.dispatchEvent(new Event("input", { bubbles: true }));
        }, seconds);
        // The frame whose middle that is, and no other: what was shown before the seek may be near.
        await expect.poll(async () => (await shownAt()) + FRAME_SECONDS / 2).toBeCloseTo(seconds);
      };
      const shownAt = async () => Number.parseFloat((await slider.getAttribute("aria-valuetext"))!);
      await seek(1);
      const before = await shownAt();
      await page.getByRole("button", { name: "The next frame" }).click();
      await expect.poll(shownAt).toBeGreaterThan(before);
      expect((await shownAt()) - before).toBeCloseTo(FRAME_SECONDS);
      await page.getByRole("button", { name: "The frame before" }).click();
      await expect.poll(shownAt).toBe(before);
      await page.getByRole("button", { name: "The next frame" }).click();
      await expect.poll(shownAt).toBeGreaterThan(before);
      const at = await shownAt();
      const [name, share] = [
        await page.locator(".bars .first span").textContent(),
        await page.locator(".bars .first output").textContent(),
      ];
      const rows = async () => {
        const [file] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("button", { name: "Save CSV" }).click(),
        ]);
        const [head, ...lines] = readFileSync((await file.path())!, "utf8")
          .trim()
          .split("\n")
          .map((line) => line.split(","));
        return lines.map((line) => Object.fromEntries(head!.map((column, i) => [column, line[i]!])));
      };
      const row = (await rows()).find(({ time }) => Math.abs(Number(time) - at) < 0.006)!;
      expect(Object.keys(row).slice(0, 9)).toEqual([
        "path",
        "frame",
        "time",
        "track",
        "left",
        "top",
        "width",
        "height",
        "expression",
      ]);
      expect(row.expression).toBe(name);
      expect(`${Math.round(100 * Number(row[`p_${name}`]))} %`).toBe(share);
      // Somebody who is found again where they were keeps their number, whatever was looked at meanwhile.
      await seek(3.24);
      await seek(1);
      const again = (await rows()).filter(({ time }) => Math.abs(Number(time) - before) < 0.01);
      expect(again.length).toBeGreaterThan(0);
      expect(new Set(again.map(({ track }) => track))).toEqual(new Set([row.track]));
      await seek(0.92);
      await page.getByRole("button", { name: "Leave out from here" }).click();
      await seek(1.32);
      await page.getByRole("button", { name: /^Leave out from 0\.\d+ s to here/ }).click();
      expect((await rows()).some(({ time }) => Number(time) > 0.95 && Number(time) < 1.25)).toBe(false);
      // A click on the timeline goes there.
      const timeline = page.getByRole("img", { name: /^Expressions over time/ });
      const middle = Number(await slider.getAttribute("max")) / 2;
      const { width } = (await timeline.boundingBox())!;
      await timeline.click({ position: { x: width / 2, y: 10 } });
      await expect.poll(async () => Math.abs((await shownAt()) - middle)).toBeLessThan(3 * FRAME_SECONDS);
    });

    it("reads a film of a browser that does not tell its frames, while it plays and after a seek", async () => {
      const page = await visit.open("mirror");
      // As WebKit on Linux; nor does it hand on frames without drawing them.
      await page.evaluate(
        "HTMLVideoElement.prototype.requestVideoFrameCallback = () => 0; window.VideoFrame = undefined;",
      );
      await page.locator("input[type=file]").setInputFiles(visit.made().film);
      await page.locator(".bars .first").waitFor();
      await page.getByRole("button", { name: "Pause" }).click();
      const slider = page.getByRole("slider", { name: "Time in the film" });
      for (const seconds of [1, 2.5]) {
        await slider.evaluate((element, value) => {
          (element as unknown as { value: string }).value = String(value);
          element.dispatchEvent(new Event("input", { bubbles: true }));
        }, seconds);
        await expect
          .poll(async () => Number.parseFloat((await slider.getAttribute("aria-valuetext"))!))
          .toBe(seconds);
      }
    });

    it("lets go of the camera when the page is left, also while it opens", async () => {
      const page = await visit.open("runs");
      // Cameras take a moment: this one opens when the test says so.
      await page.evaluate(`
        const devices = navigator.mediaDevices;
        const ask = devices.getUserMedia.bind(devices);
        devices.getUserMedia = async (wish) => {
          window.camera = await ask(wish);
          await new Promise((resolve) => (window.letOpen = resolve));
          return window.camera;
        };
      `);
      await page.keyboard.press("4");
      await page.getByRole("button", { name: "Use the camera" }).click();
      await expect.poll(() => page.evaluate("typeof letOpen")).toBe("function");
      await page.keyboard.press("1");
      await page.getByRole("button", { name: "Use the camera" }).waitFor({ state: "detached" });
      await page.evaluate("letOpen()");
      const states = () => page.evaluate<string[]>("camera.getTracks().map(({ readyState }) => readyState)");
      await expect.poll(states).toEqual(["ended"]);
    });

    it("says what to do if the camera is refused, absent or in use", async () => {
      const page = await visit.open("mirror");
      for (const [name, told] of [
        ["NotAllowedError", /was not allowed to use the camera: allow it beside the address/],
        ["NotFoundError", /No camera was found: connect one, or open a picture or a video/],
        ["NotReadableError", /in use by another program: close that, then try again/],
        ["AbortError", /cannot be used: broken\. Connect another, or open a picture or a video/],
      ] as const) {
        await page.evaluate(
          `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("broken", "${name}"))`,
        );
        await page.getByRole("button", { name: "Use the camera" }).first().click();
        await expect.poll(() => page.getByRole("alert").textContent()).toMatch(told);
      }
    });

    it("takes a picture and a film that are opened, and says what is neither", async () => {
      const page = await visit.open("mirror");
      const input = page.locator("input[type=file]");
      const still = readFileSync(join(visit.made().folder, "camera.mjpeg"));
      const end = still.indexOf(Buffer.from([0xff, 0xd9])) + 2;
      await input.setInputFiles({ name: "face.jpg", mimeType: "image/jpeg", buffer: still.subarray(0, end) });
      await page.locator(".bars .first").waitFor();
      expect(await page.locator(".pace").count()).toBe(0);
      await input.setInputFiles({
        name: "notes.txt",
        mimeType: "text/plain",
        buffer: Buffer.from("no picture"),
      });
      expect(await page.getByRole("alert").textContent()).toMatch(
        /^notes\.txt: expected a picture .*, received .* Convert it/,
      );
      await input.setInputFiles(visit.made().film);
      await page.locator(".pace").waitFor();
      expect(await page.getByRole("alert").count()).toBe(0);
    });
  });
}
