import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Tensor, tensor } from "@duchenne/torch";
import { describe, expect, it } from "vitest";
import {
  bestCheckpoint,
  listCheckpoints,
  type NewCheckpoint,
  pruneCheckpoints,
  readCheckpoint,
  readLastGood,
  saveCheckpoint,
} from "../../../src/ssl/run/checkpoint.ts";
import { CheckpointError } from "../../../src/ssl/run/errors.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { tinyConfig } from "../train/tinyStore.ts";

const about = (step: number, smoothedLoss: number): NewCheckpoint => ({
  ...{ step, epoch: step / 2, smoothedLoss, config: tinyConfig(), optimizerSteps: [step, step] },
  ...{ store: { path: "/films.store", digest: "d" }, figures: { count: 1, totals: { loss: 0.1 } } },
});

function save(folder: string, step: number, loss = step): string {
  const model = new Map<string, Tensor>([["backbone.weight", tensor([step, 0.1])]]);
  return saveCheckpoint(folder, about(step, loss), model, new Map([["0.exp_avg", tensor([-step])]]));
}

const steps = (folder: string): number[] => listCheckpoints(folder).map(({ step }) => step);

describe("checkpoints", () => {
  it("come back as they were saved", () => {
    const { state, model, optimizer } = readCheckpoint(save(temporaryFolder(), 7));
    expect(state).toMatchObject(about(7, 7));
    expect(Object.keys(state.sha256)).toEqual(["model.safetensors", "optimizer.safetensors"]);
    const bytes = Buffer.from(new Float32Array([7, 0.1]).buffer);
    expect([...model]).toEqual([
      ["backbone.weight", expect.objectContaining({ shape: [2], dtype: "float32" })],
    ]);
    expect(Buffer.from(model.get("backbone.weight")!.bytes)).toEqual(bytes);
    expect([...optimizer.keys()]).toEqual(["0.exp_avg"]);
  });

  it("are listed by number, whatever else lies beside them", () => {
    const folder = temporaryFolder();
    for (const step of [100, 20, 3]) save(folder, step);
    mkdirSync(join(folder, ".40.unfinished.tmp"));
    mkdirSync(join(folder, "50"));
    expect(steps(folder)).toEqual([3, 20, 100]);
    expect(steps(join(folder, "nowhere"))).toEqual([]);
  });

  it("keeps the newest, the best, and nothing unfinished", () => {
    const folder = temporaryFolder();
    for (const [step, loss] of [3, 1, 2, 5, 4].entries()) save(folder, step, loss);
    mkdirSync(join(folder, ".9.unfinished.tmp"));
    expect(bestCheckpoint(folder)).toBe(join(folder, "1"));
    pruneCheckpoints(folder, 2);
    expect(readdirSync(folder).sort()).toEqual(["1", "3", "4"]);
  });

  it("replaces one of the same step", () => {
    const folder = temporaryFolder();
    save(folder, 5, 9);
    save(folder, 5, 8);
    expect(readCheckpoint(join(folder, "5")).state.smoothedLoss).toBe(8);
  });

  it.each([
    [
      "cut off",
      (path: string) => truncateSync(join(path, "model.safetensors"), 30),
      /model.safetensors is damaged/,
    ],
    [
      "changed",
      (path: string) => flipByte(join(path, "optimizer.safetensors")),
      /optimizer.safetensors is damaged/,
    ],
    ["missing", (path: string) => rmSync(join(path, "model.safetensors")), /ENOENT/],
    ["no state", (path: string) => writeFileSync(join(path, "state.json"), "{"), /state.json, received/],
    [
      "another state",
      (path: string) => writeFileSync(join(path, "state.json"), "{}"),
      /state.json of a checkpoint, received format: /,
    ],
  ])("passes over a damaged one (%s), and says why", (_, damage, message) => {
    const folder = temporaryFolder();
    save(folder, 3);
    damage(save(folder, 6));
    const { checkpoint, damaged } = readLastGood(folder);
    expect(checkpoint!.state.step).toBe(3);
    expect(damaged.map((error) => error.message)).toEqual([expect.stringMatching(message)]);
    expect(damaged[0]).toBeInstanceOf(CheckpointError);
    expect(damaged[0]!.subject).toBe(join(folder, "6"));
  });
});

function flipByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
}
