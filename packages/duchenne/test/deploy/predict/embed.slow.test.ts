import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { beforeAll, expect, test } from "vitest";
import { openModel } from "../../../src/deploy/predict/openModel.ts";
import { duchenne } from "../../data/prepare/support.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { FILM_FRAMES, lastingFolder, makeFilm, makeModel } from "./fixture.ts";

const root = lastingFolder();
let [model, film] = ["", ""];
beforeAll(async () => {
  model = await makeModel(root);
  film = await makeFilm(root);
});

/** A float32 matrix of NumPy's, read by its published format. */
function readMatrix(file: string): { shape: number[]; values: Float32Array } {
  const bytes = readFileSync(file);
  expect(bytes.subarray(0, 8)).toEqual(Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]));
  const start = 10 + bytes.readUInt16LE(8);
  expect(start % 64).toBe(0);
  const header = bytes.toString("latin1", 10, start);
  const [, shape] = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+, \d+)\), \} *\n$/.exec(
    header,
  )!;
  return {
    shape: shape!.split(", ").map(Number),
    values: new Float32Array(new Uint8Array(bytes.subarray(start)).buffer),
  };
}

test("writes a matrix and, row by row, where each face was", async () => {
  const out = join(temporaryFolder(), "embeddings");
  for (let again = 0; again < 2; again++)
    expect(await duchenne(["embed", film, "--model", model, "--out", out])).toMatchObject({
      code: 0,
      stdout: `${out}\n`,
    });
  expect(readdirSync(out).sort()).toEqual(["embeddings.npy", "faces.csv"]);
  const { shape, values } = readMatrix(join(out, "embeddings.npy"));
  const { embeddingSize } = (await openModel(model)).info;
  expect(shape).toEqual([FILM_FRAMES, embeddingSize]);
  expect(values).toHaveLength(FILM_FRAMES * embeddingSize);
  expect(new Set(values).size).toBeGreaterThan(embeddingSize);
  const rows = parse(readFileSync(join(out, "faces.csv")), { columns: true, cast: true }) as object[];
  expect(rows).toHaveLength(FILM_FRAMES);
  expect(Object.keys(rows[0]!)).toEqual(["path", "frame", "time", "track", "left", "top", "width", "height"]);
  expect(rows[3]).toMatchObject({ path: film, frame: 3, time: 0.12, track: 0 });
});

test("replaces nothing of another program", async () => {
  const out = join(temporaryFolder(), "mine");
  mkdirSync(out);
  writeFileSync(join(out, "diary.txt"), "dear");
  const { code, stderr } = await duchenne(["embed", film, "--model", model, "--out", out]);
  expect(code).toBe(2);
  expect(stderr).toContain("--out: expected a new folder, or one that holds only embeddings");
  expect(readdirSync(out)).toEqual(["diary.txt"]);
});
