import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { readPairs } from "../../src/evaluate/identity/verification.ts";
import { type StillLayout, synthesize, synthOptions } from "../../src/synth/index.ts";

const folder = mkdtempSync(path.join(tmpdir(), "stills-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function write(layout: StillLayout): Promise<string> {
  const out = path.join(folder, layout);
  const summary = await synthesize(
    synthOptions({ out, actors: 6, clips: 1, seconds: 4, seed: 2, stills: layout }),
  );
  expect(summary.frames).toBeGreaterThanOrEqual(6);
  return out;
}

describe("stills in AffectNet's first release", () => {
  it("have two tables with face boxes, 68 landmarks in the image, and labels in range", async () => {
    const out = await write("affectnet-csv");
    let rows = 0;
    for (const name of ["training.csv", "validation.csv"]) {
      const [header, ...lines] = readFileSync(path.join(out, name), "utf8").trimEnd().split("\n");
      expect(header).toBe(
        "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal",
      );
      for (const line of lines) {
        rows += 1;
        const [file, x, y, width, height, landmarks, expression, valence, arousal] = line.split(",");
        const { width: side, format } = await sharp(
          path.join(out, "Manually_Annotated_Images", file!),
        ).metadata();
        expect([side, format]).toEqual([256, "jpeg"]);
        const points = landmarks!.split(";").map(Number);
        expect(points).toHaveLength(136);
        expect(points.every((value) => value > 0 && value < 256)).toBe(true);
        // The nose lies in the box.
        expect(points[60]!).toBeGreaterThan(Number(x));
        expect(points[60]!).toBeLessThan(Number(x) + Number(width));
        expect(points[61]!).toBeLessThan(Number(y) + Number(height));
        expect(Number(expression)).toBeLessThanOrEqual(7);
        expect(Math.max(Math.abs(Number(valence)), Math.abs(Number(arousal)))).toBeLessThanOrEqual(1);
      }
    }
    expect(rows).toBeGreaterThanOrEqual(6);
  });
});

describe("stills in AffectNet's second release", () => {
  it("are 224 px crops by number with four .npy files each", async () => {
    const out = await write("affectnet-npy");
    for (const part of ["train_set", "val_set"]) {
      const images = readdirSync(path.join(out, part, "images"));
      expect(images.length).toBeGreaterThan(0);
      for (let number = 0; number < images.length; number += 1) {
        const { width, height } = await sharp(path.join(out, part, "images", `${number}.jpg`)).metadata();
        expect([width, height]).toEqual([224, 224]);
        const read = (label: string): Buffer =>
          readFileSync(path.join(out, part, "annotations", `${number}_${label}.npy`));
        const expression = read("exp");
        expect(expression.subarray(1, 6).toString()).toBe("NUMPY");
        expect(expression.length % 64).toBe(4);
        expect(expression.toString("latin1")).toContain("'descr': '<U1'");
        expect("01234567").toContain(String.fromCharCode(expression.at(-4)!));
        const landmarks = read("lnd");
        expect(landmarks.toString("latin1")).toContain(
          "'descr': '<f8', 'fortran_order': False, 'shape': (136,)",
        );
        const noseX = landmarks.readDoubleLE(landmarks.length - 136 * 8 + 60 * 8);
        expect(noseX).toBeGreaterThan(40);
        expect(noseX).toBeLessThan(184);
        expect(
          Math.abs(Number(read("val").toString("latin1").slice(128).replaceAll("\0", ""))),
        ).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe("stills in FER2013's layouts", () => {
  it("are rows of 48 x 48 grey pixels with FER2013's classes and usages", async () => {
    const out = await write("fer2013-csv");
    const [header, ...lines] = readFileSync(path.join(out, "fer2013.csv"), "utf8").trimEnd().split("\n");
    expect(header).toBe("emotion,pixels,Usage");
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const [emotion, pixels, usage] = line.split(",");
      expect(Number(emotion)).toBeLessThanOrEqual(6);
      const values = pixels!.split(" ").map(Number);
      expect(values).toHaveLength(48 * 48);
      expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)).toBe(true);
      expect(["Training", "PublicTest", "PrivateTest"]).toContain(usage);
    }
  });

  it("or JPEGs in folders by part and class", async () => {
    const out = await write("fer2013-folders");
    const known = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"];
    let count = 0;
    for (const part of ["train", "test"]) {
      for (const name of readdirSync(path.join(out, part))) {
        expect(known).toContain(name);
        for (const file of readdirSync(path.join(out, part, name))) {
          const { width, height, channels } = await sharp(path.join(out, part, name, file)).metadata();
          expect([width, height, channels]).toEqual([48, 48, 1]);
          count += 1;
        }
      }
    }
    expect(count).toBeGreaterThan(0);
  });
});

it("stills in LFW's layout are whole pictures, numbered by person", async () => {
  const out = path.join(folder, "lfw");
  const options = synthOptions({ out, actors: 6, clips: 3, seconds: 4, seed: 2, stills: "lfw" });
  await synthesize(options);
  const people = path.join(out, "lfw");
  const pictures = readdirSync(people).flatMap((name) => readdirSync(path.join(people, name)));
  expect(readdirSync(people)).toEqual(Array.from({ length: 6 }, (_, i) => `actor000${i}`));
  for (const name of readdirSync(people)) {
    const files = readdirSync(path.join(people, name));
    expect(files).toEqual(files.map((_, i) => `${name}_000${i + 1}.jpg`));
    const { width, height } = await sharp(path.join(people, name, files[0]!)).metadata();
    expect([width, height]).toEqual([256, 256]);
  }
  const { folds } = readPairs(path.join(out, "pairs.txt"));
  expect(folds.map(({ length }) => length)).toEqual(Array.from({ length: 10 }, () => 600));
  for (const { a, b, same } of folds.flat()) {
    expect(a).not.toBe(b);
    expect(a.slice(0, 9) === b.slice(0, 9)).toBe(same);
    for (const name of [a, b]) expect(pictures).toContain(`${name}.jpg`);
  }
  // Stopped in the middle of somebody, it draws that one anew, and the same.
  const last = path.join(people, "actor0003", readdirSync(path.join(people, "actor0003")).at(-1)!);
  const [whole, written] = [readFileSync(last), readFileSync(path.join(out, "pairs.txt"))];
  const count = readdirSync(path.join(people, "actor0003")).length;
  rmSync(last);
  rmSync(path.join(out, "pairs.txt"));
  expect(await synthesize(options)).toMatchObject({ actors: 6, frames: count });
  expect([readFileSync(last), readFileSync(path.join(out, "pairs.txt"))]).toEqual([whole, written]);
  const stopped = synthesize({ ...options, out: `${out}-stopped` }, () => {}, AbortSignal.abort());
  await expect(stopped).rejects.toThrow("aborted");
  expect(await synthesize(options)).toMatchObject({ actors: 6, frames: 0 });
});
