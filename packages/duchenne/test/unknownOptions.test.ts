import { expect, it } from "vitest";
import { exportModel, predictFile, predictVideos, scoreModel } from "../src/deploy/index.ts";
import { probe } from "../src/evaluate/index.ts";
import { ConfigError, loadBackbone } from "../src/ssl/index.ts";

const wrong = { cropscale: 1 } as object;
const none = {} as never;

it.each([
  ["exportModel", () => exportModel([], "model", wrong), "cropScale, precision"],
  [
    "predictFile",
    () => predictFile(none, "talk.mp4", wrong).next(),
    "fps, smoothSeconds, landmarkModel, signal",
  ],
  [
    "predictVideos",
    () => predictVideos(none, [], wrong, { onFrame: () => {} }),
    "fps, smoothSeconds, landmarkModel, signal",
  ],
  [
    "predictVideos",
    () => predictVideos(none, [], {}, { onFrame: () => {}, ...wrong }),
    "onFrame, onProgress, onProblem",
  ],
  ["scoreModel", () => scoreModel(none, "films.store", wrong), "split, signal, onProgress"],
  ["probe", () => probe(none, "films.store", {}, wrong), "onProgress, onNotice, signal"],
  ["loadBackbone", async () => loadBackbone("runs/first", wrong), "backbone, "],
])("%s refuses an option that it does not know, and lists those it knows", async (name, call, known) => {
  const error = await Promise.resolve(call()).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as Error).message).toContain(`${name}: cropscale: expected one of `);
  expect((error as Error).message).toContain(known);
  expect((error as Error).message).toMatch(/received an unknown setting\. Correct its name\.$/);
});
