import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  parseIntensity,
  SynthError,
  type SynthOptions,
  synthesize,
  synthOptions,
} from "../../src/synth/index.ts";
import { decodeFilm } from "./decode.ts";

const folder = mkdtempSync(path.join(tmpdir(), "synth-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function optionsFor(name: string, more: Partial<SynthOptions> = {}): SynthOptions {
  return synthOptions({
    out: path.join(folder, name),
    actors: 2,
    clips: 1,
    seconds: 1,
    seed: 9,
    workers: 1,
    ...more,
  });
}

function sha256(data: Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

const film = (name: string, actor: number): string =>
  path.join(folder, name, `actor000${actor}`, "clip00.mp4");

describe("a small data set", () => {
  beforeAll(async () => {
    await synthesize(optionsFor("first"));
  });

  it("is H.264, 256 px, 25 fps, and has every frame when decoded back", () => {
    const decoded = decodeFilm(film("first", 0));
    expect(decoded.codec).toBe("h264");
    expect([decoded.width, decoded.height]).toEqual([256, 256]);
    expect(decoded.frameRateHz).toBe(25);
    expect(decoded.frames).toHaveLength(25);
  });

  it("has as many frames a second as asked for, each with its row of labels", async () => {
    await synthesize({ ...optionsFor("slow"), frameRateHz: 12.5 });
    const decoded = decodeFilm(film("slow", 0));
    expect(decoded.frameRateHz).toBe(12.5);
    expect(decoded.frames).toHaveLength(13);
    const rows = readFileSync(path.join(folder, "slow", "labels.csv"), "utf8")
      .split("\n")
      .slice(1, 3);
    expect(rows.map((row) => row.split(",")[1])).toEqual(["0.000", "0.080"]);
  });

  it("moves: no two frames are the same", () => {
    const { frames } = decodeFilm(film("first", 0));
    expect(new Set(frames.map(sha256)).size).toBe(frames.length);
  });

  it("is the same again, byte by byte and pixel by pixel, from the same seed", async () => {
    const summary = await synthesize(optionsFor("second"));
    expect(summary).toMatchObject({ actors: 2, clips: 2, frames: 50, skippedClips: 0 });
    for (const actor of [0, 1]) {
      expect(sha256(readFileSync(film("second", actor)))).toBe(sha256(readFileSync(film("first", actor))));
    }
    const pixels = (name: string): string[] => decodeFilm(film(name, 1)).frames.map(sha256);
    expect(pixels("second")).toEqual(pixels("first"));
    expect(readFileSync(path.join(folder, "second", "labels.csv"))).toEqual(
      readFileSync(path.join(folder, "first", "labels.csv")),
    );
  });

  it("has the same actors when there are more of them, and others from another seed", async () => {
    await synthesize(optionsFor("larger", { actors: 3 }));
    expect(sha256(readFileSync(film("larger", 1)))).toBe(sha256(readFileSync(film("first", 1))));
    await synthesize(optionsFor("other", { seed: 10, actors: 1 }));
    expect(sha256(readFileSync(film("other", 0)))).not.toBe(sha256(readFileSync(film("first", 0))));
  });

  it("goes on where it stopped: finished films stay, half-written ones go", async () => {
    const before = statSync(film("first", 0)).mtimeMs;
    const expected = sha256(readFileSync(film("first", 1)));
    rmSync(film("first", 1));
    rmSync(path.join(folder, "first", "labels.csv"));
    writeFileSync(`${film("first", 1)}.unfinished.mp4`, "half a film");
    const summary = await synthesize(optionsFor("first"));
    expect(summary).toMatchObject({ frames: 25, skippedClips: 1 });
    expect(statSync(film("first", 0)).mtimeMs).toBe(before);
    expect(sha256(readFileSync(film("first", 1)))).toBe(expected);
    expect(existsSync(`${film("first", 1)}.unfinished.mp4`)).toBe(false);
    expect(existsSync(path.join(folder, "first", "labels.csv"))).toBe(true);
  });

  it("refuses a folder that holds another data set, naming the option that differs", async () => {
    const error = await synthesize(optionsFor("first", { seed: 12 })).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SynthError);
    expect(error).toMatchObject({ setting: "seed", received: "12" });
    expect((error as SynthError).expected).toContain("9");
  });
});

describe("bad input", () => {
  it.each([
    ["actors", { actors: 0 }, "0"],
    ["actors", { actors: 2.5 }, "2.5"],
    ["clips", { clips: -1 }, "-1"],
    ["seconds", { seconds: Number.NaN }, "NaN"],
    ["seconds", { seconds: 0.5 }, "0.5"],
    ["frameRateHz", { frameRateHz: 0.5 }, "0.5"],
    ["workers", { workers: 0 }, "0"],
    ["seed", { seed: -3 }, "-3"],
    ["intensity", { intensity: { low: 0.9, high: 0.3 } }, "0.9..0.3"],
    ["intensity", { intensity: { low: 0.1, high: 0.3 } }, "0.1..0.3"],
    ["stills", { stills: "gif" as never }, "gif"],
  ] as const)("%s %o is named, with what was expected and received", (option, given, received) => {
    const attempt = (): unknown => synthOptions({ out: "somewhere", ...given });
    expect(attempt).toThrow(SynthError);
    expect(attempt).toThrow(`${option}: expected`);
    expect(attempt).toThrow(`received ${received}`);
  });

  it("reads ranges of intensity, and names those that are none", () => {
    expect(parseIntensity("0.25..0.5")).toEqual({ low: 0.25, high: 0.5 });
    expect(parseIntensity("1..1")).toEqual({ low: 1, high: 1 });
    for (const text of ["0.5", "a..b", "0.3-0.5", ""])
      expect(() => parseIntensity(text)).toThrow("intensity: expected");
  });

  it("names a folder that is not empty, not a folder, or broken", async () => {
    const full = path.join(folder, "full");
    mkdirSync(full);
    writeFileSync(path.join(full, "holiday.jpg"), "");
    await expect(synthesize(optionsFor("full"))).rejects.toThrow(
      /^out: expected an empty folder.*holiday\.jpg/,
    );
    writeFileSync(path.join(folder, "file"), "");
    await expect(synthesize(optionsFor("file"))).rejects.toThrow(SynthError);
    mkdirSync(path.join(folder, "broken"));
    writeFileSync(path.join(folder, "broken", "synth.json"), "{");
    await expect(synthesize(optionsFor("broken"))).rejects.toThrow(/readable manifest/);
  });
});
