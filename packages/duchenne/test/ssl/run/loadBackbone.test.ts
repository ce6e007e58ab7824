import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Generator, noGrad, ops, randn, saveWeights, scope, type Tensor } from "@duchenne/torch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Backbone, buildBackbone } from "../../../src/ssl/backbones/index.ts";
import type { MethodName } from "../../../src/ssl/config/config.ts";
import type { Method } from "../../../src/ssl/methods/index.ts";
import { checkpointsOf } from "../../../src/ssl/run/checkpoint.ts";
import { CheckpointError } from "../../../src/ssl/run/errors.ts";
import { loadBackbone } from "../../../src/ssl/run/loadBackbone.ts";
import { initializeNetwork } from "../../../src/ssl/train/initialize.ts";
import { build } from "../methods/fixture.ts";
import { tinyConfig, trainTiny, writeTinyStore } from "../train/tinyStore.ts";

const folder = mkdtempSync(join(tmpdir(), "duchenne-backbone-"));
const run = join(folder, "run");
beforeAll(async () => {
  const store = await writeTinyStore(join(folder, "store"));
  await trainTiny(store, run, tinyConfig({ method: "simclr", steps: 4 }));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A numbered sum of what it makes of the same images: equal only for equal weights. */
function fingerprint(backbone: Backbone): number {
  return scope(() =>
    noGrad(() =>
      backbone
        .embed(randn([2, 3, 16, 16], { generator: Generator.seeded(1) }))
        .sum()
        .item(),
    ),
  );
}

/** Weights under other names, as other programs write them. */
function written(
  name: string,
  backbone: Backbone,
  rename: (name: string) => string,
  others: string[] = [],
): string {
  const path = join(folder, name);
  const tensors = [...backbone.stateDict()].map(([key, tensor]) => [rename(key), tensor] as const);
  const more = others.map((key) => [key, ops.ones([3])] as const);
  saveWeights(path, new Map<string, Tensor>([...more, ...tensors]));
  return path;
}

it("refuses a device that is not there before it reads anything", () => {
  expect(() => loadBackbone("nowhere", { device: "cuda:99" })).toThrow(/^device.*received.*cuda:99/s);
});

describe("loadBackbone", () => {
  it("loads the newest of a run, in evaluation mode, with what is known of it", () => {
    const fromRun = loadBackbone(run);
    expect(fromRun).toMatchObject({ arch: "tiny", size: 16, config: { method: "simclr", steps: 4 } });
    expect(fromRun.description).toBe(`tiny after 4 steps of simclr, from ${run}`);
    expect(fromRun.backbone.training).toBe(false);
    const fromCheckpoint = loadBackbone(join(checkpointsOf(run), "4"));
    expect(fingerprint(fromCheckpoint.backbone)).toBe(fingerprint(fromRun.backbone));
    const earlier = loadBackbone(join(checkpointsOf(run), "2"));
    expect(fingerprint(earlier.backbone)).not.toBe(fingerprint(fromRun.backbone));
  });

  it("knows the data of the pre-trainings before, as far as their runs are there", async () => {
    const store = await writeTinyStore(join(folder, "store2"));
    const [second, third] = [join(folder, "second"), join(folder, "third")];
    await trainTiny(store, second, tinyConfig({ method: "simclr", steps: 2, init: run }));
    await trainTiny(store, third, tinyConfig({ method: "simclr", steps: 2, init: second }));
    expect(loadBackbone(run).earlier).toEqual([]);
    const { dataset, origin, earlier } = loadBackbone(third);
    expect(earlier).toEqual([
      { dataset, origin },
      { dataset, origin },
    ]);
    rmSync(run, { recursive: true });
    expect(loadBackbone(second).earlier).toEqual([{}]);
    await trainTiny(store, run, tinyConfig({ method: "simclr", steps: 4 }));
  });

  it("makes untrained ones by seed", () => {
    const made = (seed: number) => loadBackbone("untrained", { arch: "tiny", size: 48, seed });
    expect(made(1)).toMatchObject({ arch: "tiny", size: 48, config: null, description: "untrained tiny" });
    expect(fingerprint(made(1).backbone)).toBe(fingerprint(made(1).backbone));
    expect(fingerprint(made(1).backbone)).not.toBe(fingerprint(made(2).backbone));
  });

  it("finds the network in other programs' files, whatever stands before the names", () => {
    const source = buildBackbone("resnet18", { generator: Generator.seeded(4) });
    const expected = fingerprint(source.eval() as Backbone);
    const files = [
      written("plain.safetensors", source, (name) => name, ["fc.weight", "fc.bias"]),
      written("moco.safetensors", source, (name) => `module.encoder_q.${name}`, ["module.queue"]),
      written("ours.safetensors", source, (name) => `backbone.${name}`, ["projection.0.weight"]),
    ];
    for (const file of files) {
      const { backbone, config } = loadBackbone(file, { arch: "resnet18", size: 64 });
      expect([fingerprint(backbone), config]).toEqual([expected, null]);
    }
  });

  it.each([
    ["nothing there", () => loadBackbone(join(folder, "nowhere")), /no such run, checkpoint or weights file/],
    ["no checkpoint", () => loadBackbone(folder), /expected checkpoints\/<step>\/state.json/],
    [
      "another architecture",
      () => loadBackbone(run, { arch: "resnet18" }),
      /expected a checkpoint of resnet18.*one of tiny/,
    ],
    ["no architecture", () => loadBackbone("untrained", { size: 48 }), /expected `arch`/],
    ["no size", () => loadBackbone("untrained", { arch: "tiny" }), /expected `size`/],
  ])("refuses: %s", (_, load, message) => {
    expect(load).toThrow(CheckpointError);
    expect(load).toThrow(message);
  });

  it("refuses a file of another network, naming what does not fit", () => {
    const tiny = written("tiny.safetensors", buildBackbone("tiny"), (name) => name);
    expect(() => loadBackbone(tiny, { arch: "resnet18", size: 64 })).toThrow(
      /do not fit: .*\n.*(missing|conv1.weight)/,
    );
    const text = join(folder, "text.pth");
    writeFileSync(text, "not weights");
    expect(() => loadBackbone(text, { arch: "resnet18", size: 64 })).toThrow(CheckpointError);
    const head = join(folder, "head.safetensors");
    saveWeights(head, new Map([["fc.weight", ops.ones([2, 2])]]));
    expect(() => loadBackbone(head, { arch: "resnet18", size: 64 })).toThrow(
      /no tensor is named conv1.weight/,
    );
  });
});

describe("initializeNetwork", () => {
  const built = (method: MethodName): Method =>
    build({ ...tinyConfig({ method, seed: 9 }), featureLength: 64 });
  const values = ({ network }: Method, name: string) => [...network.stateDict().get(name)!.toTypedArray()];
  const [backboneName, headName] = ["backbone.conv1.weight", "projection.0.weight"];

  it("takes backbone and heads from an earlier run, and says so", () => {
    const method = built("ssl-fer");
    const said = initializeNetwork(method.network, run);
    expect(said).toBe(`started from tiny after 4 steps of simclr, from ${run}: backbone, projection`);
    const loaded = loadBackbone(run).backbone.stateDict().get("conv1.weight")!;
    expect(values(method, backboneName)).toEqual([...loaded.toTypedArray()]);
  });

  it("gives a momentum copy what its original got", () => {
    const method = built("moco-v2");
    expect(initializeNetwork(method.network, run)).toMatch(/: backbone, projection, momentum; new: queue$/);
    for (const name of [backboneName, headName])
      expect(values(method, `momentum.${name}`)).toEqual(values(method, name));
  });

  it("leaves a queue of neighbours empty: its people are those of the other run's store", async () => {
    const queue = { neighbourWeight: 0.5, neighbourQueue: 8 } as const;
    const earlier = join(folder, "neighbours");
    await trainTiny(join(folder, "store"), earlier, tinyConfig({ method: "simclr", steps: 2, ...queue }));
    const method = build({ ...tinyConfig({ method: "simclr", seed: 9, ...queue }), featureLength: 64 });
    expect(initializeNetwork(method.network, earlier)).toMatch(/: backbone, projection; new: neighbours$/);
    expect(method.network.stateDict().get("neighbours.persons")!.toArray()).toEqual(new Array(8).fill(-1));
  });

  it("takes the backbone alone from a weights file", () => {
    const source = buildBackbone("tiny", { generator: Generator.seeded(4) });
    const file = written("init.safetensors", source, (name) => name, ["fc.weight"]);
    const method = built("simclr");
    const head = values(method, headName);
    expect(initializeNetwork(method.network, file)).toBe(
      `started from weights of ${file}: backbone; new: projection`,
    );
    expect(values(method, headName)).toEqual(head);
    expect(values(method, backboneName)).toEqual([...source.stateDict().get("conv1.weight")!.toTypedArray()]);
  });

  it("refuses weights of another architecture", () => {
    const file = written("other.safetensors", buildBackbone("resnet18"), (name) => name);
    expect(() => initializeNetwork(built("simclr").network, file)).toThrow(
      /of another architecture, which differ in backbone\./,
    );
  });
});
