import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parsePth, readPth } from "../../src/weights/pth.ts";
import type { PthFile } from "../../src/weights/pthStateDict.ts";
import type { TensorData } from "../../src/weights/tensorData.ts";
import { goldenPath } from "../golden.ts";
import { valuesOf } from "./values.ts";

interface GoldenTensor {
  readonly dtype: TensorData["dtype"];
  readonly shape: number[];
  readonly data: number[];
}

const index = JSON.parse(readFileSync(goldenPath("weights/index.json"), "utf8")) as {
  tensors: Record<string, GoldenTensor>;
};

const PLAIN = ["state_dict_zip.pth", "state_dict_legacy.pth"];
const CHECKPOINTS = ["checkpoint_zip.pth.tar", "checkpoint_legacy.pth.tar"];
const EVIL = ["evil_zip.pth", "evil_legacy.pth"];
const EXECUTED = join(tmpdir(), "pickle-was-executed");

function asGolden(file: PthFile): Record<string, GoldenTensor> {
  return Object.fromEntries(
    [...file.tensors].map(([name, tensor]) => [
      name,
      { dtype: tensor.dtype, shape: [...tensor.shape], data: valuesOf(tensor) },
    ]),
  );
}

describe("files PyTorch wrote", () => {
  beforeAll(() => rmSync(EXECUTED, { force: true }));

  it.each([...PLAIN, ...CHECKPOINTS, ...EVIL])(
    "%s: every tensor has exactly the values PyTorch gave",
    (name) => {
      expect(Object.keys(index.tensors).length).toBeGreaterThan(0);
      expect(asGolden(readPth(goldenPath(`weights/${name}`)))).toEqual(index.tensors);
    },
  );

  it.each([...PLAIN, ...CHECKPOINTS, ...EVIL])("%s: reads the same from memory, at any alignment", (name) => {
    const bytes = readFileSync(goldenPath(`weights/${name}`));
    for (const shift of [0, 1, 2, 3]) {
      const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
      shifted.set(bytes);
      expect(asGolden(parsePth(shifted, name))).toEqual(index.tensors);
    }
  });

  it.each(PLAIN)("%s: holds nothing else", (name) => {
    const { skipped, extra } = readPth(goldenPath(`weights/${name}`));
    expect(skipped).toEqual([]);
    expect(extra.size).toBe(0);
  });

  it.each(CHECKPOINTS)("%s: gives epoch and arch, skips optimiser and scheduler", (name) => {
    const { skipped, extra } = readPth(goldenPath(`weights/${name}`));
    expect(skipped).toEqual(["optimizer", "scheduler"]);
    expect(Object.fromEntries(extra)).toEqual({ epoch: 410, arch: "resnet50" });
  });

  it.each(EVIL)("%s: skips the object that runs a command, and runs nothing", (name) => {
    expect(readPth(goldenPath(`weights/${name}`)).skipped).toHaveLength(1);
    expect(existsSync(EXECUTED)).toBe(false);
  });
});
