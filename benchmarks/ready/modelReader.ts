/** An exported model on crops. */
import type { Model } from "@duchenne/predict";
import { type CropReader, SIDE } from "./tfjsNetworks.ts";

/** @throws Error for a model without expressions */
export function openModelReader(model: Model): CropReader {
  const labels = model.info.classes;
  if (labels.length === 0) throw new Error("ready: expected a model with expressions, received one without");
  return {
    labels,
    read: async (grey) => {
      const data = Uint8Array.from({ length: 3 * grey.length }, (_, i) => grey[Math.floor(i / 3)]!);
      const [said] = await model.predictCrops([model.view({ data, width: SIDE, height: SIDE })]);
      return labels.map((name) => said!.probabilities![name]!);
    },
  };
}
