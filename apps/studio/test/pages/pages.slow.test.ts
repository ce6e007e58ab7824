/** Every page of the studio in a real browser, with real small runs. */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { describeBatch } from "./batchPage.ts";
import { launchWithCamera, openPage } from "./browserPages.ts";
import { describeEveryPage } from "./everyPage.ts";
import { makeFolder, type StudioFolder, startStudio, writeCameraFilm } from "./fixture.ts";
import { describeMap } from "./mapPage.ts";
import { describeMirror } from "./mirrorPage.ts";
import { describeRuns } from "./runsPage.ts";
import type { Visit } from "./visit.ts";

let made: StudioFolder;
let studio: Awaited<ReturnType<typeof startStudio>>;
let browser: Browser;

beforeAll(async () => {
  made = await makeFolder();
  const camera = join(made.folder, "camera.mjpeg");
  await writeCameraFilm(made.film, camera);
  [studio, browser] = await Promise.all([startStudio(made.folder), launchWithCamera(camera)]);
});
afterAll(async () => {
  await browser.close();
  expect(await studio.stop()).toBe(0);
});

const visit: Visit = {
  made: () => made,
  browser: () => browser,
  open: (hash, look) => openPage(browser, `${studio.url}#/${hash}`, look),
};

describeRuns(visit);
describeBatch(visit);
describeMap(visit);
describeMirror(visit);
describeEveryPage(visit);
