import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { findAddon } from "@duchenne/addon";
import { boxOfLandmarks, overlapOf } from "@duchenne/crop";
import { afterEach, describe, expect, test } from "vitest";
import { faceAddon } from "../../scripts/addon.mjs";
import { readFrames } from "../../src/decode/source.ts";
import { FaceError } from "../../src/errors.ts";
import { toGrey } from "../../src/image.ts";
import { detectFaces, LandmarkModel } from "../../src/native/dlib.ts";
import { findLandmarkModel, landmarkModelNotice } from "../../src/native/modelFile.ts";
import { testFolder } from "../folder.ts";
import { drawFaces, featuresOf } from "../media.ts";

const at = testFolder();
const face = { x: 120, y: 130, radius: 70 };
const grey = toGrey(drawFaces(256, 256, [face]));
const head = featuresOf(face);

describe("detectFaces", () => {
  test("finds a drawn face where it was drawn", async () => {
    const found = await detectFaces(grey);
    expect(found).toHaveLength(1);
    expect(overlapOf(found[0]!.box, head)).toBeGreaterThan(0.6);
    expect(found[0]!.score).toBeGreaterThan(0);
  });

  test("finds nothing in a plain image", async () => {
    expect(await detectFaces({ width: 200, height: 150, data: new Uint8Array(30000).fill(90) })).toEqual([]);
  });

  test("finds a face below its window's size once it is enlarged", async () => {
    const drawn = { x: 80, y: 80, radius: 32 };
    const small = toGrey(drawFaces(160, 160, [drawn]));
    expect(await detectFaces(small)).toEqual([]);
    const found = await detectFaces(small, { scale: 2 });
    expect(found).toHaveLength(1);
    expect(overlapOf(found[0]!.box, featuresOf(drawn))).toBeGreaterThan(0.6);
  });

  test("finds the same place in a part of the image, enlarged or reduced", async () => {
    const region = { left: 20, top: 30, width: 200, height: 200 };
    for (const scale of [0.8, 1, 1.5]) {
      const found = await detectFaces(grey, { region, scale });
      expect(overlapOf(found[0]!.box, head)).toBeGreaterThan(0.6);
    }
  });

  test("takes images of one pixel, and regions beyond the border", async () => {
    expect(await detectFaces({ width: 1, height: 1, data: Uint8Array.of(7) })).toEqual([]);
    const region = { left: -50, top: -50, width: 356, height: 356 };
    expect(await detectFaces(grey, { region })).toHaveLength(1);
  });

  test("refuses an empty region by name", async () => {
    const region = { left: 0, top: 0, width: 0, height: 0 };
    await expect(detectFaces(grey, { region })).rejects.toThrow(FaceError);
    await expect(detectFaces(grey, { region })).rejects.toThrow("a width and a height from 1");
  });

  test("refuses an option that it does not know, with those that it knows", async () => {
    await expect(detectFaces(grey, { upsample: 1 } as object)).rejects.toThrow(
      "option upsample: expected one of region, scale, threshold, levels, received an unknown name. Correct its name.",
    );
    const options = { fps: 5, threads: 1, maxSide: 64, strict: false, maxsize: 3 };
    const frames = readFrames({ kind: "still", path: "face.png" }, options);
    await expect(frames.next()).rejects.toThrow(
      "option maxsize: expected one of fps, threads, maxSide, strict, signal, received an unknown name",
    );
  });

  test("refuses buffers that do not match their size, before touching them", async () => {
    await expect(detectFaces({ ...grey, width: 300 })).rejects.toThrow("width x height");
  });
});

describe("LandmarkModel", () => {
  test("places the points on the face", async () => {
    const model = await LandmarkModel.load();
    const boxes = (await detectFaces(grey)).map(({ box }) => box);
    const [landmarks] = await model.place(grey, boxes);
    expect(landmarks).toHaveLength(136);
    expect(overlapOf(boxOfLandmarks(landmarks!), head)).toBeGreaterThan(0.6);
    // Left eye, right eye and mouth as drawn, within a tenth of the head.
    const expected: [number, number, number][] = [
      [36, 99, 116],
      [42, 141, 116],
      [62, 120, 166],
    ];
    for (const [point, x, y] of expected) {
      expect(Math.hypot(landmarks![2 * point]! - x, landmarks![2 * point + 1]! - y)).toBeLessThan(20);
    }
  });

  test("gives the same points when many jobs run at once", async () => {
    const model = await LandmarkModel.load();
    const job = async () => {
      const boxes = (await detectFaces(grey)).map(({ box }) => box);
      return (await model.place(grey, [...boxes, ...boxes])).map((points) => Array.from(points));
    };
    const [first, ...others] = await Promise.all(Array.from({ length: 8 }, job));
    expect(first![0]).toEqual(first![1]);
    for (const other of others) expect(other).toEqual(first);
  });

  test("takes no boxes for an answer", async () => {
    expect(await (await LandmarkModel.load()).place(grey, [])).toEqual([]);
  });

  test("names a file that is missing, compressed, or something else", async () => {
    await expect(LandmarkModel.load(at("absent.dat"))).rejects.toThrow(
      /landmarkModel .*absent\.dat: .*ENOENT/,
    );
    writeFileSync(at("model.bz2"), "BZh91AY&SY");
    await expect(LandmarkModel.load(at("model.bz2"))).rejects.toThrow("bunzip2");
    writeFileSync(at("other.dat"), "something else altogether");
    await expect(LandmarkModel.load(at("other.dat"))).rejects.toThrow("the file is no dlib shape predictor");
  });

  // dlib's numbers: how many bytes, and these; a fraction is two numbers.
  const number = (value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    const length = Math.max(1, Math.ceil(value.toString(2).length / 8));
    return Buffer.concat([Buffer.from([length]), bytes.subarray(0, length)]);
  };
  const shape = (points: number) => {
    const values = Array.from({ length: 2 * points }, (_, i) => [number(i % 2), number(0)]);
    return Buffer.concat([number(2 * points), number(1), ...values.flat()]);
  };
  const begun = (points: number) => Buffer.concat([number(1), shape(points)]);

  test("takes no memory for what a file only claims to hold", async () => {
    writeFileSync(at("claims.dat"), Buffer.concat([begun(68), number(50e6)]));
    const before = process.resourceUsage().maxRSS;
    await expect(LandmarkModel.load(at("claims.dat"))).rejects.toThrow("the file is no dlib shape predictor");
    // 50 million empty forests are 1.2 GB.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(600e3);
  });

  const position = (exponent: number) => [number(1), number(exponent), number(0), number(0)];
  // One level of one tree without a split: a leaf, an anchor, and the position of a pixel beside it.
  const model = (exponent: number) =>
    Buffer.concat([
      ...[begun(68), number(1), number(1), number(0), number(1), shape(68)],
      ...[number(1), number(1), number(0), number(1), number(1), ...position(exponent)],
    ]);

  test("refuses a model that ends early, and one with a number of another length than it says", async () => {
    const whole = model(0);
    const refused = async (bytes: Uint8Array, name: string) => {
      writeFileSync(at(name), bytes);
      await expect(LandmarkModel.load(at(name))).rejects.toThrow("the file is no dlib shape predictor");
    };
    for (const length of [0, 1, 2, 3, 5, 100, whole.length >> 1, whole.length - 2, whole.length - 1])
      await refused(whole.subarray(0, length), `cut${length}.dat`);
    for (const length of [0, 9, 15]) await refused(Buffer.from([length, ...whole]), `length${length}.dat`);
  });

  test("reads what later versions of dlib write: rows and columns as negative numbers", async () => {
    const negative = Buffer.from(model(0));
    const rows = negative.indexOf(Buffer.concat([number(136), number(1)]));
    for (const place of [rows, rows + number(136).length]) negative[place]! |= 0x80;
    writeFileSync(at("later.dat"), negative);
    await expect(LandmarkModel.load(at("later.dat"))).resolves.toBeInstanceOf(LandmarkModel);
  });

  test("refuses numbers that no face has: they would lead to pixels beyond all whole numbers", async () => {
    writeFileSync(at("odd.dat"), model(0));
    await expect(LandmarkModel.load(at("odd.dat"))).resolves.toBeInstanceOf(LandmarkModel);
    writeFileSync(at("far.dat"), model(100));
    await expect(LandmarkModel.load(at("far.dat"))).rejects.toThrow("the file is no dlib shape predictor");
  });

  test("says how many points a model of another kind has", async () => {
    writeFileSync(at("five.dat"), Buffer.concat([begun(5), number(0)]));
    await expect(LandmarkModel.load(at("five.dat"))).rejects.toThrow("the model has 5 points");
    writeFileSync(at("claims.dat"), Buffer.concat([number(1), number(4e9), number(1)]));
    await expect(LandmarkModel.load(at("claims.dat"))).rejects.toThrow("the model has 2000000000 points");
  });
});

describe("findLandmarkModel", () => {
  afterEach(() => {
    delete process.env.DUCHENNE_LANDMARK_MODEL;
  });

  test("prefers the option to the environment, and the environment to the distribution", async () => {
    writeFileSync(at("a.dat"), "a");
    writeFileSync(at("b.dat"), "b");
    process.env.DUCHENNE_LANDMARK_MODEL = at("b.dat");
    expect(await findLandmarkModel(at("a.dat"))).toBe(at("a.dat"));
    expect(await findLandmarkModel(undefined)).toBe(at("b.dat"));
    delete process.env.DUCHENNE_LANDMARK_MODEL;
    expect(await findLandmarkModel(undefined)).toMatch(/shape_predictor_68_face_landmarks\.dat$/);
  });

  test("says under which terms the usual model comes", () => {
    expect(landmarkModelNotice).toMatch(/300-W.*commercial/);
  });
});

describe("the addon", () => {
  test("works in several worker threads at once, and survives their end", async () => {
    const code = `
      const { parentPort, workerData } = require("node:worker_threads");
      const addon = require(workerData.addon);
      (async () => {
        const model = await addon.loadPredictor(workerData.model);
        const scan = Float64Array.of(0, 0, 256, 256, 1, 0, 0);
        const found = await addon.detect(workerData.grey, 256, 256, scan);
        const points = await addon.landmarks(model, workerData.grey, 256, 256, found.slice(0, 4));
        parentPort.postMessage([...points]);
      })();`;
    const addon = findAddon(faceAddon)!.file;
    const workerData = { addon, model: await findLandmarkModel(undefined), grey: grey.data };
    const run = () =>
      new Promise<number[]>((resolve, reject) => {
        const worker = new Worker(code, { eval: true, workerData });
        worker.once("message", resolve).once("error", reject);
      });
    const model = await LandmarkModel.load();
    const boxes = (await detectFaces(grey)).map(({ box }) => box);
    const expected = Array.from((await model.place(grey, boxes))[0]!);
    expect(await Promise.all([run(), run(), run()])).toEqual([expected, expected, expected]);
    expect(await run()).toEqual(expected);
  });

  test("lets a worker end while its jobs run", async () => {
    const code = `
      const { parentPort, workerData } = require("node:worker_threads");
      const addon = require(workerData.addon);
      const grey = new Uint8Array(1500 * 1500);
      for (let i = 0; i < 6; i++) addon.detect(grey, 1500, 1500, Float64Array.of(0, 0, 1500, 1500, 1, 0, 0));
      parentPort.postMessage("started");`;
    const addon = findAddon(faceAddon)!.file;
    const worker = new Worker(code, { eval: true, workerData: { addon } });
    await new Promise((resolve, reject) => {
      worker.once("message", resolve).once("error", reject);
    });
    expect(await worker.terminate()).toBe(1);
    expect(await detectFaces(grey)).toHaveLength(1);
  });

  test("checks its arguments", () => {
    const addon = createRequire(import.meta.url)(findAddon(faceAddon)!.file);
    expect(() => addon.detect()).toThrow("expected 4 arguments");
    expect(() => addon.detect(grey.data, 256, 256, new Float32Array(7))).toThrow("argument 4");
    expect(() => addon.detect(grey.data, Number.NaN, 256, new Float64Array(7))).toThrow("width x height");
    expect(() => addon.landmarks({}, grey.data, 256, 256, new Float64Array(4))).toThrow("loaded predictor");
    expect(() => addon.loadPredictor(7)).toThrow("expected a string");
    const far = [Int32Array.of(0, 300), Float64Array.of(1, 1)];
    const near = [Int32Array.of(0, 1), Float64Array.of(1, 1)];
    expect(() => addon.resample(new Uint8Array(12), 2, 2, 2, ...near, ...far)).toThrow("positions within");
  });
});
