// A backbone of your own: it trains, resumes, is probed and exported. npx tsx examples/ownBackbone.ts labelled.store runs/own
import { nn } from "@duchenne/torch";
import { exportModel, loadPart } from "duchenne/deploy";
import { probe } from "duchenne/evaluate";
import {
  adam,
  type BackboneDefinition,
  faceViews,
  type Init,
  loadBackbone,
  pretrain,
  SequentialBackbone,
  simclr,
  warmupCosine,
} from "duchenne/ssl";

const [store = "labelled.store", out = "runs/own", steps = "200"] = process.argv.slice(2);

const { AdaptiveAvgPool2d, BatchNorm2d, Conv2d, ReLU } = nn;

/** Half the size, normalised: [n, from, h, w] to [n, to, h / 2, w / 2]. */
const halve = (from: number, to: number, init: Init): nn.Module[] => [
  new Conv2d(from, to, 3, { stride: 2, padding: 1, bias: false, ...init }),
  new BatchNorm2d(to),
  new ReLU(),
];

/** Four convolutions. */
const fourLayers: BackboneDefinition = {
  name: "four-layers",
  build: (init = {}) =>
    new SequentialBackbone(128, [
      ...halve(3, 16, init),
      ...halve(16, 32, init),
      ...halve(32, 64, init),
      ...halve(64, 128, init),
      new AdaptiveAvgPool2d(1),
    ]),
};

const training = {
  store,
  method: simclr({ backbone: fourLayers, temperature: 0.1 }),
  views: faceViews({ size: 48 }),
  optimizer: adam({ learningRate: 1e-3 }),
  schedule: warmupCosine({ warmupSteps: 20 }),
  batch: 8,
  steps: Number(steps),
  checkpointEvery: 50,
  out,
};
const controller = new AbortController();
const half = Math.ceil(training.steps / 2);
await pretrain({
  ...training,
  onProgress: ({ step }) => step === half && controller.abort(),
  signal: controller.signal,
});
const { step } = await pretrain({ ...training, resume: true });
console.log(`stopped after ${half} updates, resumed to ${step}`);

const { summary } = await probe(loadBackbone(out, { backbone: fourLayers }), store, {
  mode: "linear",
  save: `${out}/probe`,
});
console.log("a linear layer on the features:", summary[0]?.figures);

const { bytes } = await exportModel(
  [await loadPart(`${out}/probe`, { backbone: fourLayers })],
  `${out}/model`,
);
console.log(`${out}/model:`, bytes);
