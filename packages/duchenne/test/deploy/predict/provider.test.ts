import { fileURLToPath } from "node:url";
import type { Model } from "@duchenne/predict";
import { describeProviders } from "@duchenne/predict/node";
import { expect, test } from "vitest";
import { openModel } from "../../../src/deploy/predict/openModel.ts";
import { ConfigError } from "../../../src/lib/errors.ts";

const MODEL = fileURLToPath(new URL("../../../../model-fer/model", import.meta.url));

test("the processor is what computes by default, and by its name", async () => {
  for (const provider of [undefined, "cpu"] as const) {
    const model = await openModel(MODEL, 1, provider);
    expect(await model.predictCrops([new Uint8Array(3 * model.info.size ** 2)])).toHaveLength(1);
    await model.dispose();
  }
});

// Where the package's CUDA libraries and a GPU are, the model opens.
test("a provider that starts predicts as the processor does; another is refused, with those that the installed package offers", async () => {
  const outcome = await openModel(MODEL, 1, "cuda").catch((error: unknown) => error);
  if (!(outcome instanceof Error)) {
    const opened = outcome as Model;
    const processor = await openModel(MODEL, 1);
    const crop = Uint8Array.from({ length: 3 * opened.info.size ** 2 }, (_, i) => (7 * i) % 251);
    const [received, expected] = [await opened.predictCrops([crop]), await processor.predictCrops([crop])];
    const numbers = (value: unknown): number[] =>
      typeof value === "number" ? [value] : Object.values((value ?? {}) as object).flatMap(numbers);
    expect(numbers(received).length).toBeGreaterThan(0);
    for (const [i, value] of numbers(received).entries()) expect(value).toBeCloseTo(numbers(expected)[i]!, 2);
    await Promise.all([opened.dispose(), processor.dispose()]);
    return;
  }
  expect(outcome).toBeInstanceOf(ConfigError);
  expect(outcome.message).toMatch(
    /^provider: expected a provider of the installed onnxruntime-node \(cpu.*\), received cuda.*\. Install its driver and libraries, or use `provider: "cpu"`/s,
  );
});

test("a damaged model is not taken for a provider's fault", async () => {
  await expect(openModel("nowhere", 1, "cuda")).rejects.toThrow(/nowhere.*expected a file of a model/);
});

test("providers in words", () => {
  const [cpu, webgpu, cuda] = [
    { name: "cpu", bundled: true },
    { name: "webgpu", bundled: true },
    { name: "cuda", bundled: false },
  ];
  expect(describeProviders([cpu!])).toBe("cpu");
  expect(describeProviders([cpu!, webgpu!, cuda!])).toBe(
    "cpu, webgpu; and cuda, whose libraries are installed apart",
  );
});
