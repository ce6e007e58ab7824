import { describe, expect, test } from "vitest";
import { InputError, loadModel, ModelError, type OrtRuntime } from "../src/index.ts";
import { CONFIG_JSON, PREPROCESSOR_JSON } from "./files.ts";

/** A runtime whose network says the mean of each channel: enough to see what went in. */
function meanRuntime({ outputs = ["embedding", "expression_logits", "valence_arousal"] } = {}) {
  const seen = { runs: [] as number[], running: 0, atOnce: 0, released: 0 };
  class FakeTensor {
    constructor(
      readonly type: string,
      readonly data: Float32Array,
      readonly dims: readonly number[],
    ) {}
  }
  const session = {
    inputNames: ["pixel_values"],
    outputNames: outputs,
    run: async ({
      pixel_values: { data, dims },
    }: Record<string, FakeTensor> & { pixel_values: FakeTensor }) => {
      seen.runs.push(dims[0]!);
      seen.atOnce = Math.max(seen.atOnce, ++seen.running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      seen.running -= 1;
      const plane = dims[2]! * dims[3]!;
      const means = Float32Array.from({ length: 3 * dims[0]! }, (_, i) => {
        return data.subarray(i * plane, (i + 1) * plane).reduce((a, b) => a + b, 0) / plane;
      });
      const rows = (width: number, of: (mean: Float32Array) => number[]) => {
        const values = Array.from({ length: dims[0]! }, (_, n) => of(means.subarray(3 * n, 3 * n + 3)));
        return new FakeTensor("float32", Float32Array.from(values.flat()), [dims[0]!, width]);
      };
      return {
        embedding: rows(4, (m) => [...m, 1]),
        expression_logits: rows(2, (m) => [0, m[0]!]),
        valence_arousal: rows(2, (m) => [m[1]!, -m[2]!]),
      };
    },
    release: async () => {
      seen.released += 1;
    },
  };
  const ort = { InferenceSession: { create: async () => session }, Tensor: FakeTensor };
  return { ort: ort as unknown as OrtRuntime, seen };
}

const files = { config: CONFIG_JSON, preprocessor: PREPROCESSOR_JSON, onnx: "model.onnx" };
const plain = (width: number, height: number, rgba: readonly number[]) => ({
  data: Uint8ClampedArray.from({ length: width * height * rgba.length }, (_, i) => rgba[i % rgba.length]!),
  width,
  height,
  channels: rgba.length as 3 | 4,
});
const box = { left: 10, top: 10, width: 30, height: 30 };
const scaled = (value: number, channel: number) =>
  (value / 255 - PREPROCESSOR_JSON.image_mean[channel]!) / PREPROCESSOR_JSON.image_std[channel]!;

describe("Model", () => {
  test("shows the network normalised red, green and blue, with or without alpha", async () => {
    const { ort } = meanRuntime();
    const model = await loadModel(files, ort);
    for (const pixel of [
      [200, 100, 50],
      [200, 100, 50, 7],
    ]) {
      const [one] = await model.predict(plain(60, 50, pixel), [{ box }]);
      for (const channel of [0, 1, 2])
        expect(one!.embedding[channel]).toBeCloseTo(scaled(pixel[channel]!, channel), 5);
    }
  });

  test("gives probabilities that sum to 1, and valence and arousal within their range", async () => {
    const { ort } = meanRuntime();
    const model = await loadModel(files, ort);
    const [one] = await model.predict(plain(60, 50, [255, 0, 0]), [{ box }]);
    const red = scaled(255, 0);
    expect(one!.expression).toBe("happy");
    expect(one!.probabilities!.happy).toBeCloseTo(Math.exp(red) / (1 + Math.exp(red)), 5);
    expect(one!.probabilities!.neutral! + one!.probabilities!.happy!).toBeCloseTo(1, 12);
    expect(scaled(0, 1)).toBeLessThan(-1);
    expect(one).toMatchObject({ valence: -1, arousal: 1 });
  });

  test("lacks what the model has no head for", async () => {
    const { ort } = meanRuntime({ outputs: ["embedding"] });
    const model = await loadModel({ ...files, config: { ...CONFIG_JSON, heads: [] } }, ort);
    const [one] = await model.predict(plain(60, 50, [1, 2, 3]), [{ box }]);
    expect(Object.keys(one!)).toEqual(["embedding"]);
  });

  test("takes forty faces in batches, one after the other, also from calls at the same time", async () => {
    const { ort, seen } = meanRuntime();
    const model = await loadModel(files, ort);
    const picture = plain(60, 50, [9, 9, 9]);
    const faces = Array.from({ length: 40 }, () => ({ box }));
    const [many, none, one] = await Promise.all([
      model.predict(picture, faces),
      model.predict(picture, []),
      model.predict(picture, [{ box }]),
    ]);
    expect([many.length, none.length, one.length]).toEqual([40, 0, 1]);
    expect([...seen.runs].sort()).toEqual([1, 32, 8]);
    expect(seen.atOnce).toBe(1);
  });

  test("refuses pixels and faces that make no sense", async () => {
    const { ort } = meanRuntime();
    const model = await loadModel(files, ort);
    const picture = plain(60, 50, [9, 9, 9]);
    const rejects = (work: Promise<unknown>, message: string) =>
      expect(work).rejects.toThrow(
        expect.objectContaining({ name: "InputError", message: expect.stringContaining(message) }),
      );
    await rejects(
      model.predict({ ...picture, channels: 4 }, [{ box }]),
      "pixels.data: expected 60 · 50 · 4 bytes",
    );
    await rejects(
      model.predict({ ...picture, width: 0 }, [{ box }]),
      "pixels.width: expected a whole number",
    );
    await rejects(model.predict(picture, [{ landmarks: [1, 2] }]), "landmarks: expected 136 numbers");
    await rejects(model.predict(picture, [{ landmarks: new Float32Array(136) }]), "face: expected a place");
    await rejects(model.predict(picture, [{ box: { ...box, left: Number.NaN } }]), "face: expected a place");
    await rejects(model.predictCrops([new Uint8Array(3)]), "crops: expected 64 · 64 · 3 bytes each");
    expect(() => model.view({ width: 2, height: 3, data: new Uint8Array(18) })).toThrow(InputError);
  });

  test("refuses a network of another kind, and lets go of it", async () => {
    const { ort, seen } = meanRuntime({ outputs: ["logits"] });
    await expect(loadModel(files, ort)).rejects.toThrow(
      "onnx: outputs: expected embedding, expression_logits, valence_arousal, received logits",
    );
    expect(seen.released).toBe(1);
  });

  test("refuses files that do not belong together", async () => {
    const { ort } = meanRuntime();
    const config = { ...CONFIG_JSON, image_size: 48 };
    await expect(loadModel({ ...files, config }, ort)).rejects.toThrow(
      "config.json: image_size: expected 64, the crop_size, received 48",
    );
  });

  test("is of no use once disposed, however often", async () => {
    const { ort, seen } = meanRuntime();
    const model = await loadModel(files, ort);
    await model.dispose();
    await model.dispose();
    expect(seen.released).toBe(1);
    await expect(model.predict(plain(60, 50, [9, 9, 9]), [{ box }])).rejects.toThrow(ModelError);
  });
});
