/** Pages of a studio in headless Chromium, and what went wrong on them. */
import type { Browser, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { launchBrowser, PAGE_TIMEOUT_MS } from "../../../../packages/duchenne/test/deploy/export/browser.ts";

/** @param film what its camera shows, as a file of JPEGs */
export function launchWithCamera(film: string): Promise<Browser> {
  return launchBrowser([
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${film}`,
  ]);
}

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  /** Whether failed requests are expected. */
  readonly complaints?: "none" | "some";
}

/**
 * Opens a page. When the test is done nothing may have been complained of in its console (so nothing was refused by the
 * content security policy), and nothing asked for from elsewhere.
 */
export async function openPage(browser: Browser, url: string, look: Look = {}): Promise<Page> {
  const { width = 1280, height = 860, theme = "light", complaints: expected = "none" } = look;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_TIMEOUT_MS);
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (!/^(blob|data):/.test(request.url()) && new URL(request.url()).origin !== new URL(url).origin)
      elsewhere.push(request.url());
  });
  onTestFinished(async () => {
    await context.close();
    expect(elsewhere).toEqual([]);
    if (expected === "none") expect(complaints).toEqual([]);
  });
  await page.goto(url);
  await page.waitForSelector("h1, .empty");
  return page;
}

/** How far the page reaches beyond the window's right edge, pixels. */
export const overhang = (page: Page): Promise<number> =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

/** Whether an image was decoded, not only asked for. */
export const isShown = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate<boolean>(`document.querySelector(${JSON.stringify(selector)})?.naturalWidth > 0`);
