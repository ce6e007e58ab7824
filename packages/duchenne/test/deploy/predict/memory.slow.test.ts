import { type FrameStream, readStill } from "@duchenne/face";
import { Smoother } from "@duchenne/predict";
import { beforeAll, expect, test } from "vitest";
import { collectGarbage } from "../../../../torch/test/garbage.ts";
import { openModel } from "../../../src/deploy/predict/openModel.ts";
import { faceOptionsFor, predictFrames } from "../../../src/deploy/predict/predictFrames.ts";
import { faceImage, lastingFolder, makeFilm, makeModel } from "./fixture.ts";

const root = lastingFolder();
let [model, face] = ["", ""];
beforeAll(async () => {
  model = await makeModel(root);
  face = await faceImage(await makeFilm(root), root);
});

const FRAMES = 1200;
const WARM_UP = 300;
/** The frames after the warm-up alone are 177 MB. */
const ALLOWED_BYTES = 40e6;

test("a long film takes no more memory than a short one", async () => {
  const picture = await readStill(face, 4096);
  async function* film(): FrameStream {
    for (let index = 0; index < FRAMES; index++)
      yield { ...picture, data: picture.data.slice(), index, timeSeconds: index / 25 };
    return null;
  }
  const loaded = await openModel(model, 1);
  const held = () => {
    collectGarbage();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + external + arrayBuffers;
  };
  let [before, most, frames] = [0, 0, 0];
  for await (const { faces } of predictFrames(loaded, film(), faceOptionsFor(loaded, 25), new Smoother(1))) {
    expect(faces).toHaveLength(1);
    frames += 1;
    if (frames === WARM_UP) before = held();
    if (frames > WARM_UP && frames % 100 === 0) most = Math.max(most, held());
  }
  expect(frames).toBe(FRAMES);
  expect(most - before).toBeLessThan(ALLOWED_BYTES);
  await loaded.dispose();
});
