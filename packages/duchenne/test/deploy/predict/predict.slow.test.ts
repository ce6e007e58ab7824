import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readFrames } from "@duchenne/face";
import { parse } from "csv-parse/sync";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { drawFaces, writeVideo } from "../../../../face/test/media.ts";
import type { FaceRow } from "../../../src/deploy/predict/rows.ts";
import { duchenne } from "../../data/prepare/support.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { PROGRAM } from "../../program.ts";
import { FILM_FRAMES, faceImage, lastingFolder, makeFilm, makeModel } from "./fixture.ts";

const root = lastingFolder();
let [model, film, face, long] = ["", "", "", ""];
beforeAll(async () => {
  model = await makeModel(root);
  film = await makeFilm(root);
  face = await faceImage(film, root);
  // The film a hundred times: a command that is stopped has a minute of it left.
  long = join(root, "long.mp4");
  execFileSync("ffmpeg", ["-v", "error", "-stream_loop", "99", "-i", film, "-c", "copy", long]);
});

const rowsOf = (text: string): FaceRow[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as FaceRow);
const predict = (...args: string[]) => duchenne(["predict", ...args, "--model", model]);

/** A picture made of `face`, [columns x rows] times. */
async function crowd(columns: number, rows: number): Promise<string> {
  const side = 200;
  const one = await sharp(face).resize(side, side).toBuffer();
  const composite = Array.from({ length: columns * rows }, (_, i) => ({
    input: one,
    left: (i % columns) * side,
    top: Math.floor(i / columns) * side,
  }));
  const file = join(temporaryFolder(), "crowd.png");
  const canvas = { width: columns * side, height: rows * side, channels: 3, background: "#888" } as const;
  await sharp({ create: canvas }).composite(composite).png().toFile(file);
  return file;
}

describe("duchenne predict on a film", () => {
  test("tells of every frame, in order, as JSON lines", async () => {
    const { code, stdout, stderr } = await predict(film);
    expect(code).toBe(0);
    const rows = rowsOf(stdout);
    expect(rows.map(({ frame }) => frame)).toEqual(Array.from({ length: FILM_FRAMES }, (_, i) => i));
    for (const { path, frame, time, track, box, expression, probabilities, valence, arousal } of rows) {
      expect([path, track]).toEqual([film, 0]);
      expect(time).toBeCloseTo(frame / 25, 4);
      expect(box.left).toBeGreaterThan(0);
      expect(box.left + box.width).toBeLessThan(256);
      const [most] = Object.entries(probabilities!).sort((a, b) => b[1] - a[1]);
      expect(most![0]).toBe(expression);
      expect(Object.values(probabilities!).reduce((a, b) => a + b)).toBeCloseTo(1, 3);
      for (const value of [valence!, arousal!]) expect(Math.abs(value)).toBeLessThanOrEqual(1);
    }
    expect(stderr).toContain(`${FILM_FRAMES} frames, ${FILM_FRAMES} faces`);
  });

  test("writes a table, at the rate asked for, smoothed", async () => {
    const folder = temporaryFolder();
    const [plain, smooth] = [join(folder, "plain.csv"), join(folder, "smooth.csv")];
    expect((await predict(film, "--fps", "5", "--out", plain)).code).toBe(0);
    expect((await predict(film, "--fps", "5", "--smooth", "1", "--out", smooth)).code).toBe(0);
    const read = (file: string) =>
      parse(readFileSync(file), { columns: true, cast: true }) as Record<string, number>[];
    const [rough, even] = [read(plain), read(smooth)];
    expect(Object.keys(rough[0]!)).toEqual([
      ...["path", "frame", "time", "track", "left", "top", "width", "height"],
      ...["expression", "p_neutral", "p_happy", "p_sad", "valence", "arousal"],
    ]);
    expect(rough.map(({ time }) => time)).toEqual(even.map(({ time }) => time));
    expect(rough).toHaveLength(10);
    const roughness = (rows: Record<string, number>[]) =>
      rows.slice(1).reduce((sum, row, i) => sum + Math.abs(row.p_happy! - rows[i]!.p_happy!), 0);
    expect(roughness(even)).toBeLessThan(roughness(rough));
    expect(readdirSync(folder).sort()).toEqual(["plain.csv", "smooth.csv"]);
  });

  test("draws what it sees into a film of the same length", async () => {
    const out = join(temporaryFolder(), "seen.mp4");
    expect((await predict(film, "--render", out)).code).toBe(0);
    let frames = 0;
    const colours = new Set<string>();
    for await (const { data, width, height, index } of readFrames(
      { kind: "video", path: out },
      { fps: 25, threads: 1, maxSide: 4096, strict: true },
    )) {
      expect([width, height]).toEqual([794, 512]);
      expect(index).toBe(frames++);
      // The panel at the right is dark, the box around the face has the first track's colour.
      const panel = 3 * (2 * width - 4);
      expect(Math.max(...data.subarray(panel, panel + 3))).toBeLessThan(60);
      for (let i = 0; i < data.length; i += 3)
        if (data[i]! < 120 && data[i + 1]! > 150 && data[i + 2]! > 190) colours.add(`${index}`);
    }
    expect(frames).toBe(FILM_FRAMES);
    expect(colours.size).toBe(FILM_FRAMES);
  });

  test("never loads libtorch", async () => {
    const report = join(temporaryFolder(), "loaded.json");
    const hook = join(temporaryFolder(), "hook.mjs");
    writeFileSync(
      hook,
      `import { writeFileSync } from "node:fs";
       process.on("exit", () => writeFileSync(${JSON.stringify(report)}, JSON.stringify(process.report.getReport().sharedObjects)));`,
    );
    const { code } = await duchenne(
      ["predict", face, "--model", model],
      undefined,
      `export NODE_OPTIONS="--import=${hook}";`,
    );
    expect(code).toBe(0);
    const loaded = JSON.parse(readFileSync(report, "utf8")) as string[];
    expect(loaded.filter((name) => /onnxruntime/.test(name))).not.toEqual([]);
    expect(loaded.filter((name) => /libtorch|torch\.node|libc10/.test(name))).toEqual([]);
  });

  test("takes raw frames from a pipe", async () => {
    const { data, info } = await sharp(face).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const raw = join(temporaryFolder(), "frames.rgb");
    writeFileSync(raw, Buffer.concat([data, data, data]));
    const format = `${info.width}x${info.height}@12.5`;
    const { code, stdout } = await duchenne(
      ["predict", "-", "--raw", format, "--model", model],
      undefined,
      `exec < ${raw};`,
    );
    expect(code).toBe(0);
    expect(rowsOf(stdout).map(({ path, time }) => [path, time])).toEqual([
      ["-", 0],
      ["-", 0.08],
      ["-", 0.16],
    ]);
    truncateSync(raw, 2.5 * data.length);
    const cut = await duchenne(
      ["predict", "-", "--raw", format, "--model", model],
      undefined,
      `exec < ${raw};`,
    );
    expect(cut.code).toBe(2);
    expect(cut.stderr).toContain(`-: expected whole frames of ${data.length} bytes`);
  });

  test("ends quietly with its reader, and leaves no film half-drawn", async () => {
    const folder = temporaryFolder();
    const args = [PROGRAM, "predict", long, "--model", model];
    const child = spawn(process.execPath, [...args, "--render", join(folder, "seen.mp4")]);
    let said = "";
    child.stderr.on("data", (data: Buffer) => {
      said += data;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect([code, said.includes("error")]).toEqual([0, false]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("stopped, leaves nothing half-written, and says so", async () => {
    const folder = temporaryFolder();
    const [out, render] = [join(folder, "rows.jsonl"), join(folder, "seen.mp4")];
    const args = [PROGRAM, "predict", long, "--model", model];
    const child = spawn(process.execPath, [...args, "--out", out, "--render", render]);
    let said = "";
    child.stderr.on("data", (data: Buffer) => {
      said += data;
      if (/frames\/s/.test(said) && !child.killed) child.kill("SIGINT");
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(said).toContain("stopped; nothing was written");
    expect(code).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("duchenne predict ends quietly when nobody reads its rows any more, and leaves no half film", async () => {
  const folder = temporaryFolder();
  const { code, stderr } = await duchenne(
    ["predict", long, "--model", model, "--render", join(folder, "seen.mp4")],
    undefined,
    "exec > >(head -1 > /dev/null);",
  );
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/EPIPE|error/);
  expect(readdirSync(folder)).toEqual([]);
});

describe("duchenne predict on pictures", () => {
  test("of a folder tells of each, warns of what has no face or cannot be read, and goes on", async () => {
    const folder = temporaryFolder();
    copyFileSync(face, join(folder, "a.png"));
    const grey = sharp(face).removeAlpha().greyscale();
    await grey.clone().toFile(join(folder, "grey.png"));
    await grey.clone().toColourspace("grey16").png().toFile(join(folder, "sixteen.png"));
    await sharp({ create: { width: 90, height: 90, channels: 3, background: "#456" } }).toFile(
      join(folder, "plain.png"),
    );
    writeFileSync(join(folder, "torn.jpg"), "no picture");
    writeFileSync(join(folder, "notes.txt"), "left alone");
    const { code, stdout, stderr } = await predict(folder);
    expect(code).toBe(0);
    expect(rowsOf(stdout).map(({ path }) => path)).toEqual(
      ["a.png", "grey.png", "sixteen.png"].map((name) => join(folder, name)),
    );
    expect((await sharp(join(folder, "sixteen.png")).metadata()).depth).toBe("ushort");
    expect(stderr).toContain(`${join(folder, "plain.png")}: no face found`);
    expect(stderr).toContain(
      `left out: ${join(folder, "torn.jpg")}: expected an image that sharp or FFmpeg reads`,
    );
    expect(stderr).toContain("4 frames, 3 faces; no face in 1 file, 1 unreadable");
  });

  test("tells of forty faces", async () => {
    const { stdout } = await predict(await crowd(8, 5));
    const boxes = rowsOf(stdout).map(
      ({ box }) => `${Math.floor(box.left / 200)},${Math.floor(box.top / 200)}`,
    );
    expect(new Set(boxes).size).toBe(40);
    expect(boxes).toHaveLength(40);
  });

  test("of a huge picture gives boxes in its own pixels", async () => {
    const file = join(temporaryFolder(), "huge.jpg");
    await sharp(face).resize(6000, 6000).toFile(file);
    const [small] = rowsOf((await predict(face)).stdout);
    const [huge] = rowsOf((await predict(file)).stdout);
    const scale = 6000 / 256;
    for (const side of ["left", "top", "width", "height"] as const)
      expect(Math.abs(huge!.box[side] - small!.box[side] * scale)).toBeLessThan(8 * scale);
  });
});

describe("duchenne predict refuses", () => {
  test.each([
    ["onnx/model.onnx", undefined, "onnx/model.onnx: expected a file of a model"],
    ["onnx/model.onnx", "no network", "onnx/model.onnx: expected an ONNX model that onnxruntime reads"],
    ["config.json", undefined, "config.json: expected a file of a model"],
    ["config.json", '{"model_type":"vit"}', 'config.json: model_type: expected "duchenne", received "vit"'],
    ["preprocessor_config.json", "{", "preprocessor_config.json: expected JSON"],
  ] as const)("a model whose %s is %o", async (name, content, message) => {
    const folder = join(temporaryFolder(), "model");
    mkdirSync(join(folder, "onnx"), { recursive: true });
    for (const file of ["config.json", "preprocessor_config.json", "onnx/model.onnx"])
      if (file !== name) copyFileSync(join(model, file), join(folder, file));
      else if (content !== undefined) writeFileSync(join(folder, file), content);
    const { code, stderr, stdout } = await duchenne(["predict", face, "--model", folder]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`error: ${join(folder, message)}`);
  });

  test.each([
    [["nowhere.mp4"], 2, "nowhere.mp4: expected an image, a video or a folder of them, received a path that"],
    [["-"], 2, "-: expected no other input, and --raw"],
    [["-", "--raw", "9x9@9", "--fps", "2"], 2, "--fps: expected videos or pictures, received raw frames"],
    [["FACE", "--raw", "9x9@9"], 2, "--raw: expected the input -"],
    [["FACE", "--render", "x.mp4"], 2, "--render: expected one video as input, received a picture"],
    [["FILM", "--render", "x.avi"], 2, "--render: expected a name that ends with .mp4"],
    [["FACE", "--out", "ROOT"], 2, "(it is not a file)"],
    [["FACE", "--out", "FACE/x.csv"], 2, "--out: expected a path that can be written"],
    [
      ["FACE", "--out", ""],
      2,
      "--out: expected a path that can be written, received an empty name (it is not a file)",
    ],
    [["FACE", "--out", "/dev/full"], 2, "--out: expected a path that can be written, received /dev/full"],
    [["FACE", "--out", "FACE"], 2, "expected a file that the command does not read or write otherwise"],
    [["FILM", "--render", "FILM"], 2, "expected a file that the command does not read or write otherwise"],
    [["FILM", "--render", "FACE/x.mp4"], 2, "--render: expected a path that can be written"],
    [["FACE", "--smooth", "0"], 2, "expected a number from 0.001 to 60"],
  ] as const)("%o", async (args, expected, message) => {
    const named = args.map((arg) => arg.replace("FACE", face).replace("FILM", film).replace("ROOT", root));
    const { code, stderr, stdout } = await predict(...named);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([expected, ""]);
  });

  test("a folder of which nothing can be read", async () => {
    const folder = temporaryFolder();
    for (const name of ["a.jpg", "b.jpg"]) writeFileSync(join(folder, name), "no picture");
    const { code, stderr } = await predict(folder);
    expect(code).toBe(2);
    expect(stderr).toContain(`warning: left out: ${join(folder, "a.jpg")}`);
    expect(stderr).toContain(`error: ${join(folder, "b.jpg")}: expected an image that sharp or FFmpeg reads`);
  });

  test("nothing of a film that ends early but can be read: it tells of what there is, and warns", async () => {
    const images = Array.from({ length: 75 }, (_, i) =>
      drawFaces(256, 192, [{ x: 100 + i / 2, y: 95, radius: 60 }]),
    );
    const cut = join(temporaryFolder(), "cut.mkv");
    await writeVideo(cut, images);
    truncateSync(cut, Math.round(0.5 * readFileSync(cut).length));
    const { code, stdout, stderr } = await predict(cut);
    expect(code).toBe(0);
    const frames = rowsOf(stdout).length;
    expect(frames).toBeGreaterThan(10);
    expect(frames).toBeLessThan(70);
    expect(stderr).toContain(`warning: ${cut}: read in part: `);
  });

  test("a film that was cut off before its index", async () => {
    const cut = join(temporaryFolder(), "cut.mp4");
    writeFileSync(cut, readFileSync(film).subarray(0, 20_000));
    const out = temporaryFolder();
    const files = ["--out", join(out, "rows.csv"), "--render", join(out, "seen.mp4")];
    const { code, stderr } = await predict(cut, ...files);
    expect(code).toBe(2);
    expect(stderr).toContain(`${cut}: expected media that FFmpeg reads`);
    expect(readdirSync(out)).toEqual([]);
  });
});
