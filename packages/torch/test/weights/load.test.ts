import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Generator,
  loadWeights,
  nn,
  readSafetensors,
  readWeights,
  saveWeights,
  scope,
  tensorsOf,
} from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { goldenPath } from "../golden.ts";

const folder = mkdtempSync(join(tmpdir(), "weights-"));

function network(seed: number): nn.Sequential {
  const generator = Generator.seeded(seed);
  return new nn.Sequential(
    new nn.Conv2d(3, 4, 3, { generator }),
    new nn.BatchNorm2d(4),
    new nn.Linear(5, 6, { generator }),
  );
}

function values(module: nn.Module): [string, unknown][] {
  return [...module.stateDict()].map(([name, tensor]) => [name, tensor.toArray()]);
}

describe("saveWeights and loadWeights", () => {
  test("a module comes back as it was, channels last or not", () => {
    const path = join(folder, "model.safetensors");
    const saved = network(1).to({ memoryFormat: "channelsLast" });
    saveWeights(path, saved.stateDict(), { note: "hello" });
    const loaded = network(2);
    expect(values(loaded)).not.toEqual(values(saved));
    expect(loadWeights(loaded, path)).toEqual({ missing: [], unexpected: [], mismatched: [] });
    expect(values(loaded)).toEqual(values(saved));
    expect(readSafetensors(path).metadata).toEqual({ note: "hello" });
  });

  test("a file's names may carry a prefix", () => {
    const path = join(folder, "prefixed.safetensors");
    const saved = network(3);
    saveWeights(
      path,
      new Map([...saved.stateDict()].map(([name, tensor]) => [`module.backbone.${name}`, tensor])),
    );
    const loaded = network(4);
    loadWeights(loaded, path, {
      rename: [
        ["module.", ""],
        ["backbone.", ""],
      ],
    });
    expect(values(loaded)).toEqual(values(saved));
  });

  test("missing, unexpected and mismatched names are lists, and a strict load changes nothing", () => {
    const path = join(folder, "other.safetensors");
    const generator = Generator.seeded(5);
    saveWeights(
      path,
      new nn.Sequential(new nn.Conv2d(3, 8, 3, { generator, bias: false }), new nn.Linear(5, 6)).stateDict(),
    );
    const module = network(6);
    const before = values(module);
    const report = {
      missing: ["0.bias", "1.running_mean", "1.running_var", "2.weight", "2.bias"],
      unexpected: [],
      mismatched: [
        { name: "0.weight", expected: [4, 3, 3, 3], received: [8, 3, 3, 3] },
        { name: "1.weight", expected: [4], received: [6, 5] },
        { name: "1.bias", expected: [4], received: [6] },
      ],
    };
    expect(() => loadWeights(module, path)).toThrowError(nn.StateDictError);
    expect(values(module)).toEqual(before);
    expect(loadWeights(module, path, { strict: false })).toEqual(report);
    expect(values(module)).toEqual(before);
  });

  test("a file from before num_batches_tracked loads strictly", () => {
    const path = join(folder, "old.safetensors");
    const saved = network(7);
    saveWeights(
      path,
      new Map([...saved.stateDict()].filter(([name]) => !name.endsWith("num_batches_tracked"))),
    );
    const loaded = network(8);
    loadWeights(loaded, path);
    expect(values(loaded)).toEqual(values(saved));
  });

  test("a file of torch.save becomes tensors of its dtypes, equal to its values", () => {
    const path = goldenPath(join("weights", "checkpoint_zip.pth.tar"));
    scope(() => {
      const tensors = tensorsOf(readWeights(path));
      expect(tensors.get("bfloat16")!.dtype).toBe("bfloat16");
      expect(tensors.get("int32")!.toArray()).toEqual([0, 1, 2, 3]);
      expect(tensors.get("scalar")!.item()).toBe(2.5);
      expect(tensors.get("empty")!.shape).toEqual([0, 3]);
    });
  });
});
