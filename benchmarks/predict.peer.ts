// One face at a time through an exported model, as reference/predict.py passes one through PyTorch. Argument: the model's folder.
// Requests: `network` or `picture`, and how often. Answer: milliseconds for one face, median.
import { openModel } from "../packages/duchenne/src/deploy/predict/openModel.ts";
import { answer } from "./answer.ts";
import { median } from "./line.ts";

const SIDE = 256;
const model = await openModel(process.argv[2]!, 2);
const noise = (length: number) => Uint8Array.from({ length }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
const crop = noise(model.info.size ** 2 * 3);
const picture = { data: noise(SIDE * SIDE * 3), width: SIDE, height: SIDE, channels: 3 } as const;
const face = { box: { left: 70, top: 80, width: 120, height: 120 } };

const WORK: Readonly<Record<string, () => Promise<unknown>>> = {
  network: () => model.predictCrops([crop]),
  picture: () => model.predict(picture, [face]),
};

await answer(async (request) => {
  const [what, count] = request.split(" ");
  const times: number[] = [];
  for (let i = 0; i < Number(count); i++) {
    const start = performance.now();
    await WORK[what!]!();
    times.push(performance.now() - start);
  }
  return median(times);
});
