import {
  ARCHITECTURES,
  buildBackbone,
  loadBackbone,
  resnet18,
  resolveConfig,
  simclr,
  sslFer,
} from "duchenne/ssl";
import { synthOptions } from "duchenne/synth";
import { describe, expect, it } from "vitest";
import { resolveSettings } from "../../../src/data/prepare/settings.ts";

/** As code without types would call it. */
const untyped = (value: object): never => value as never;

describe("what is not known is refused, with the list of what is", () => {
  it.each([
    [{ preset: "nope" }, "preset: expected one of paper, tiny"],
    [{ preset: "toString" }, "preset: expected one of paper, tiny"],
    [{ method: "dino" }, "method: expected one of ssl-fer, simclr, moco-v2, byol, received"],
    [{ arch: "vit" }, `arch: expected one of ${ARCHITECTURES.join(", ")}, received`],
    [{ batches: 3 }, "batches: expected one of preset, method, "],
  ])("resolveConfig(%j)", (settings, message) => {
    expect(() => resolveConfig(untyped(settings))).toThrow(message);
  });

  it("by methods, backbones and their options", () => {
    expect(() => sslFer(untyped({ backbone: "resnet18" }))).toThrow(
      'ssl-fer: backbone: expected a definition, such as resnet18(), received "resnet18"',
    );
    expect(() => simclr(untyped({}))).toThrow("simclr: backbone: expected a definition");
    expect(() => sslFer(untyped({ backbone: resnet18(), temprature: 1 }))).toThrow(
      /^ssl-fer: temprature: expected one of .*temperature.*, received an unknown setting/,
    );
    expect(() => buildBackbone("vit")).toThrow(`${ARCHITECTURES.join(", ")}, received vit`);
    expect(() => loadBackbone("untrained", untyped({ arhc: "tiny" }))).toThrow(
      "loadBackbone: arhc: expected one of arch, ",
    );
    expect(() => loadBackbone("untrained", untyped({ arch: "vit", size: 48 }))).toThrow(
      `(${ARCHITECTURES.join(", ")}), received "vit"`,
    );
  });

  it("by prepare and synth", async () => {
    const prepare = (options: object) => resolveSettings("films", untyped(options));
    await expect(prepare({ fps: 3 })).rejects.toThrow("prepare: fps: expected one of dataset, frameRateHz");
    await expect(prepare({ dataset: "nope" })).rejects.toThrow("dataset: expected one of auto, ");
    await expect(prepare({ codec: "gif" })).rejects.toThrow(/^codec: expected one of .*jpeg.*received "gif"/);
    expect(() => synthOptions(untyped({ out: "x", actrs: 3 }))).toThrow(
      "synthOptions: actrs: expected one of ",
    );
  });
});
