import { describe, expect, it } from "vitest";
import { WeightsError } from "../../src/weights/errors.ts";
import { matchNames } from "../../src/weights/names.ts";
import type { TensorData } from "../../src/weights/tensorData.ts";
import { caught } from "./caught.ts";

function tensor(...shape: number[]): TensorData {
  const count = shape.reduce((product, size) => product * size, 1);
  return { dtype: "float32", shape, bytes: new Uint8Array(4 * count) };
}

const model = [
  { name: "conv1.weight", shape: [2, 3] },
  { name: "bn1.weight", shape: [2] },
  { name: "bn1.num_batches_tracked", shape: [] },
  { name: "fc.weight", shape: [7, 2] },
];

describe("matchNames", () => {
  it("pairs equal names of equal shape", () => {
    const file = new Map(model.map(({ name, shape }) => [name, tensor(...shape)]));
    const { matched, ...rest } = matchNames(model, file);
    expect(rest).toEqual({ missing: [], unexpected: [], mismatched: [] });
    expect([...matched.keys()]).toEqual(model.map(({ name }) => name));
    expect(matched.get("fc.weight")).toBe(file.get("fc.weight"));
  });

  it("puts every name of either side into one list", () => {
    const file = new Map([
      ["conv1.weight", tensor(2, 3)],
      ["bn1.weight", tensor(1, 2)],
      ["fc.weight", tensor(2, 7)],
      ["head.weight", tensor(1)],
    ]);
    const { matched, missing, unexpected, mismatched } = matchNames(model, file);
    expect([...matched.keys()]).toEqual(["conv1.weight"]);
    expect(missing).toEqual(["bn1.num_batches_tracked"]);
    expect(unexpected).toEqual(["head.weight"]);
    expect(mismatched).toEqual([
      { name: "bn1.weight", expected: [2], received: [1, 2] },
      { name: "fc.weight", expected: [7, 2], received: [2, 7] },
    ]);
  });

  const rename = [
    ["module.", ""],
    ["backbone.", ""],
  ] as const;

  it.each(["", "module."])("loads a published backbone into a torchvision ResNet, prefix '%s'", (prefix) => {
    const file = new Map(
      Object.entries({
        "backbone.conv1.weight": tensor(2, 3),
        "backbone.bn1.weight": tensor(2),
        "backbone.bn1.num_batches_tracked": tensor(),
        "backbone.fc.0.weight": tensor(5, 2),
        "backbone.fc.2.bias": tensor(5),
      }).map(([name, value]) => [prefix + name, value]),
    );
    const { matched, missing, unexpected, mismatched } = matchNames(model, file, { rename });
    expect([...matched.keys()]).toEqual(["conv1.weight", "bn1.weight", "bn1.num_batches_tracked"]);
    expect(missing).toEqual(["fc.weight"]);
    // As they stand in the file, so that they can be found there.
    expect(unexpected).toEqual([`${prefix}backbone.fc.0.weight`, `${prefix}backbone.fc.2.bias`]);
    expect(mismatched).toEqual([]);
  });

  it.each<[string, [string, string][], string]>([
    ["once", [["a.", ""]], "a.b.a.x"],
    ["at the start only", [["b.", ""]], "a.a.b.a.x"],
    [
      "in order",
      [
        ["a.a.b.", "c."],
        ["c.a.", "d."],
      ],
      "d.x",
    ],
    [
      "not again",
      [
        ["c.a.", "d."],
        ["a.a.b.", "c."],
      ],
      "c.a.x",
    ],
  ])("replaces a prefix %s", (_, rules, name) => {
    const file = new Map([["a.a.b.a.x", tensor(1)]]);
    expect(matchNames([{ name, shape: [1] }], file, { rename: rules }).missing).toEqual([]);
  });

  it("refuses two names that become one", () => {
    const file = new Map([
      ["backbone.conv1.weight", tensor(2, 3)],
      ["module.backbone.conv1.weight", tensor(2, 3)],
    ]);
    const error = caught(() => matchNames(model, file, { rename }));
    expect(error).toBeInstanceOf(WeightsError);
    expect(error.reason).toBe(
      '"backbone.conv1.weight" and "module.backbone.conv1.weight" both become "conv1.weight"',
    );
  });
});
