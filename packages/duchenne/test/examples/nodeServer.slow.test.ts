import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { faceImage, lastingFolder, makeFilm, makeModel } from "../deploy/predict/fixture.ts";

const REPOSITORY = fileURLToPath(new URL("../../../..", import.meta.url));
const root = lastingFolder();
let face = "";
let url = "";
let server: ChildProcess;

beforeAll(async () => {
  const model = await makeModel(root);
  face = await faceImage(await makeFilm(root), root);
  const args = ["--import", "tsx", "examples/node-server/server.ts", model, "0"];
  const started = spawn(process.execPath, args, { cwd: REPOSITORY, stdio: ["ignore", "pipe", "inherit"] });
  server = started;
  url = await new Promise<string>((resolve, reject) => {
    started.stdout.once("data", (line: Buffer) => resolve(line.toString().trim()));
    started.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
});
afterAll(() => {
  server.kill();
});

test("answers a picture with its face", async () => {
  const response = await fetch(url, { method: "POST", body: readFileSync(face) });
  expect(response.status).toBe(200);
  const faces = (await response.json()) as Record<string, unknown>[];
  expect(faces).toHaveLength(1);
  expect(Object.keys(faces[0]!)).toEqual(["box", "expression", "probabilities", "valence", "arousal"]);
});

test("answers what is no picture with what was expected", async () => {
  const response = await fetch(url, { method: "POST", body: "hello" });
  expect(response.status).toBe(400);
  expect(((await response.json()) as { error: string }).error).toContain("no picture that can be read");
  expect((await fetch(url)).status).toBe(405);
});
