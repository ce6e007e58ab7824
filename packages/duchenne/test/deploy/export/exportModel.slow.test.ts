import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors, saveWeights } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { FrameStore } from "../../../src/data/store/index.ts";
import { DATA_TERMS } from "../../../src/data/store/origin.ts";
import { exportModel, loadPart } from "../../../src/deploy/export/index.ts";
import { OPTIONS, temporaryFolder } from "../../data/store/synthetic.ts";
import { SIZE, untrained } from "../../evaluate/support.ts";
import { tinyConfig, trainTiny, writeTinyStore } from "../../ssl/train/tinyStore.ts";
import { openModel, saved } from "./support.ts";

/** What a model says of a store's frames. */
async function predictStored(folder: string, storePath: string, keys: readonly number[]) {
  const model = await openModel(folder);
  const store = FrameStore.open(storePath);
  const crops = keys.map((key) => model.view({ width: SIZE, height: SIZE, data: store.readFrames([key]) }));
  await store.close();
  return { model, predictions: await model.predictCrops(crops) };
}

async function exported(from: string, out: string, options?: { cropScale: number }) {
  await exportModel([await loadPart(from)], out, options);
  return (await openModel(out)).info;
}

describe("exportModel", () => {
  test.each(["frozen", "linear", "finetune"] as const)(
    "of a saved %s probe says what the probe's result says",
    async (mode) => {
      const { store, save, result } = await saved({ mode });
      const out = join(temporaryFolder(), "model");
      await exportModel([await loadPart(save)], out);
      const { keys } = result.test;
      const { model, predictions } = await predictStored(out, store, keys);
      const told = predictions.map(({ expression }) => model.info.classes.indexOf(expression!));
      expect(new Set(told).size).toBeGreaterThan(1);
      // The network's input is bytes here and fractions there, so a tie may fall otherwise.
      const cell = result.cells[0]!.best;
      const differing = told.filter((c, i) => c !== cell.predictions[i]);
      expect(differing.length).toBeLessThanOrEqual(0.02 * keys.length);
      for (const [i, { probabilities }] of predictions.entries()) {
        const confidence = Math.max(...Object.values(probabilities!));
        expect(Math.abs(confidence - cell.confidence![i]!)).toBeLessThan(0.02);
      }
      expect(Object.keys(predictions[0]!)).toEqual(["expression", "probabilities", "embedding"]);
    },
  );

  test("joins expression and valence-arousal on one frozen backbone, in either order", async () => {
    const expression = await saved({});
    const va = await saved({ task: "va" }, expression);
    const folder = temporaryFolder();
    const [one, other] = [join(folder, "one"), join(folder, "other")];
    await exportModel([await loadPart(expression.save), await loadPart(va.save)], one);
    await exportModel([await loadPart(va.save), await loadPart(expression.save)], other);
    const { keys } = va.result.test;
    const { predictions } = await predictStored(one, va.store, keys);
    const again = await predictStored(other, va.store, keys);
    expect(again.predictions).toEqual(predictions);
    const limit = (value: number) => Math.max(-1, Math.min(1, value));
    const told = predictions.flatMap(({ valence, arousal }) => [valence!, arousal!]);
    for (const [i, value] of va.result.cells[0]!.best.predictions.entries())
      expect(Math.abs(told[i]! - limit(value))).toBeLessThan(0.02);
  });

  test("writes the folder that hubs know, with a card that tells what was measured", async () => {
    const { save, result } = await saved({});
    const out = join(temporaryFolder(), "smile");
    const { differences } = await exportModel([await loadPart(save)], out);
    expect(readdirSync(out, { recursive: true }).sort()).toEqual([
      "README.md",
      "config.json",
      "model.safetensors",
      "onnx",
      "onnx/model.onnx",
      "onnx/model_fp16.onnx",
      "preprocessor_config.json",
    ]);
    expect(differences["onnx/model.onnx"]).toBeLessThan(1e-5);
    const card = readFileSync(join(out, "README.md"), "utf8");
    const accuracy = result.cells[0]!.best.figures.accuracy!;
    expect(card).toMatch(/^---\nlicense: other\n[\s\S]*\n---\n\n# smile\n/);
    expect(card).toContain(`name: "accuracy", value: ${accuracy.value!.toFixed(3)}`);
    expect(card).toContain(`| accuracy | ${accuracy.value!.toFixed(3)} | ${accuracy.low!.toFixed(3)} to`);
    expect(card).toContain("Do not judge people with this");
    expect(card).not.toContain(save);
    const names = [...readSafetensors(join(out, "model.safetensors")).tensors.keys()];
    expect(names).toContain("backbone.layer1.conv1.weight");
    expect(names).toContain("expression.2.weight");
  });

  test("in half precision has one ONNX file, of half the size and the same outputs", async () => {
    const { save } = await saved({});
    const [whole, half] = ["whole", "half"].map((name) => join(temporaryFolder(), name)) as [string, string];
    const part = await loadPart(save);
    const large = await exportModel([part], whole);
    const small = await exportModel([part], half, { precision: "half" });
    const onnx = "onnx/model.onnx";
    expect(Object.keys(small.bytes)).toEqual([onnx]);
    expect(readdirSync(join(half, "onnx"))).toEqual(["model.onnx"]);
    expect(small.bytes[onnx]! / large.bytes[onnx]!).toBeLessThan(0.52);
    expect(small.differences[onnx]).toBeLessThan(1e-2);
    const precisionOf = (folder: string) =>
      JSON.parse(readFileSync(join(folder, "config.json"), "utf8")).precision;
    expect([whole, half].map(precisionOf)).toEqual(["float", "half"]);
    expect(readFileSync(join(half, "README.md"), "utf8")).toContain(
      "`onnx/model.onnx` has half-precision weights, and computes in float32.",
    );
    const crops = [1, 2, 3].map((step) =>
      Uint8Array.from({ length: 21 ** 2 * 3 }, (_, i) => Math.imul(i * step, 2654435761) >>> 24),
    );
    const [expected, found] = await Promise.all(
      [whole, half].map(async (folder) => (await openModel(folder)).predictCrops(crops)),
    );
    for (const [i, { probabilities }] of found!.entries())
      for (const [name, value] of Object.entries(probabilities!))
        expect(Math.abs(value - expected![i]!.probabilities![name]!)).toBeLessThan(1e-2);
    // A later export in single precision replaces it.
    await exportModel([part], half);
    expect(readdirSync(join(half, "onnx")).sort()).toEqual(["model.onnx", "model_fp16.onnx"]);
  });

  test("of a backbone alone has the embedding, cut as the default is", async () => {
    const weights = join(temporaryFolder(), "own.safetensors");
    saveWeights(weights, untrained().backbone.stateDict());
    const out = join(temporaryFolder(), "model");
    await exportModel([await loadPart(weights, { arch: "tiny", size: 40 })], out);
    const model = await openModel(out);
    expect(model.info).toMatchObject({ heads: [], size: 40, resizeTo: 46, faceSize: 128, faceScale: 1.6 });
    const [one] = await model.predictCrops([new Uint8Array(40 * 40 * 3)]);
    expect(Object.keys(one!)).toEqual(["embedding"]);
    expect(readFileSync(join(out, "README.md"), "utf8")).toContain("weights of own.safetensors");
  });

  test("of a run cuts faces as its store did, and asks where that is gone", async () => {
    const folder = temporaryFolder();
    const [store, run, out] = ["store", "run", "model"].map((name) => join(folder, name)) as string[];
    await writeTinyStore(store!);
    await trainTiny(store!, run!, tinyConfig());
    const { faceSize } = await exported(run!, out!);
    expect(faceSize).toBe(OPTIONS.size);
    rmSync(store!, { recursive: true });
    await expect(exported(run!, out!)).rejects.toThrow("cropScale: expected the side");
    expect(await exported(run!, out!, { cropScale: 1.2 })).toMatchObject({ faceSize: 128, faceScale: 1.2 });
    const card = readFileSync(join(out!, "README.md"), "utf8");
    expect(card).not.toContain(folder);
    expect(card).toContain(`Pre-training, without labels: ${DATA_TERMS[OPTIONS.dataset]}`);
  });

  test("refuses what does not go together, and says why", async () => {
    const expression = await saved({});
    const other = await saved({ task: "va" }, { ...expression, seed: 2 });
    const tuned = await saved({ task: "va", mode: "finetune" }, expression);
    const weights = join(temporaryFolder(), "own.safetensors");
    saveWeights(weights, untrained().backbone.stateDict());
    const out = join(temporaryFolder(), "model");
    const alone = { arch: "tiny", size: 21 } as const;
    const refusal = async (...sources: string[]) => {
      const parts = await Promise.all(sources.map((from) => loadPart(from, alone)));
      return exportModel(parts, out).then(
        () => "none",
        ({ message }: Error) => message,
      );
    };
    expect(await refusal(expression.save, other.save)).toContain(`the same backbone as ${expression.save}, `);
    expect(await refusal(expression.save, tuned.save)).toContain(
      `${tuned.save}: expected probes of a frozen`,
    );
    expect(await refusal(expression.save, expression.save)).toContain("a probe of another task");
    expect(await refusal(expression.save, weights)).toContain(
      `${weights}: expected saved probes, which can share a model`,
    );
    expect(existsSync(out)).toBe(false);
  });

  test("replaces a model of ours, and nothing else", async () => {
    const { save } = await saved({});
    const part = await loadPart(save);
    const out = join(temporaryFolder(), "model");
    await exportModel([part], out);
    await exportModel([part], out);
    for (const content of ['{"model_type":"vit"}', "null", "no JSON"]) {
      const foreign = join(temporaryFolder(), "foreign");
      mkdirSync(foreign);
      writeFileSync(join(foreign, "config.json"), content);
      await expect(exportModel([part], foreign)).rejects.toThrow("out: expected a new or empty folder");
      expect(readFileSync(join(foreign, "config.json"), "utf8")).toBe(content);
    }
    // Nor is a card that somebody wrote in.
    const card = join(out, "README.md");
    const written = readFileSync(card, "utf8");
    writeFileSync(card, `${written}The people agreed.\n`);
    await expect(exportModel([part], out)).rejects.toThrow(
      "which holds an edited README.md. Choose another folder.",
    );
    expect(readFileSync(card, "utf8")).toContain("The people agreed.");
    writeFileSync(card, written);
    // A folder that holds more than the model is not ours to remove, and "" is the folder we are in.
    writeFileSync(join(out, "notes.txt"), "mine");
    await expect(exportModel([part], out)).rejects.toThrow("which holds notes.txt");
    await expect(exportModel([part], "")).rejects.toThrow("out: expected a new or empty folder");
    await expect(exportModel([part], join(save, "probe.json"))).rejects.toThrow(
      "out: expected a new or empty folder",
    );
  });

  test("asks for the crop where a probe learned from whole images", async () => {
    const { save } = await saved({});
    const file = join(save, "probe.json");
    const about = JSON.parse(readFileSync(file, "utf8"));
    about.crop.scale = null;
    writeFileSync(file, JSON.stringify(about));
    const out = join(temporaryFolder(), "model");
    await expect(exportModel([await loadPart(save)], out)).rejects.toThrow("cropScale: expected the side");
    await exportModel([await loadPart(save)], out, { cropScale: 1.2 });
    expect((await openModel(out)).info.faceScale).toBe(1.2);
  });
});
