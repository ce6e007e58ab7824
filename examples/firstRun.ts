// Learns a representation from prepared films, without labels: npx tsx examples/firstRun.ts films.store runs/first
import { FrameStore } from "duchenne/data";
import { adam, faceViews, pretrain, resnet18, sslFer, warmupCosine } from "duchenne/ssl";

const [store = "films.store", out = "runs/first", steps = "1500"] = process.argv.slice(2);

const run = await pretrain({
  store: FrameStore.open(store),
  method: sslFer({ backbone: resnet18(), hardNegWeight: 10 }),
  views: faceViews({ size: 64 }),
  optimizer: adam({ learningRate: 1e-3 }),
  schedule: warmupCosine({ warmupSteps: 50 }),
  batch: 32,
  steps: Number(steps),
  seed: 0,
  out,
  onProgress: ({ step, totalSteps, figures }) =>
    console.log(`${step}/${totalSteps}  loss ${figures.loss?.toFixed(3)}`),
});
console.log(`${run.step} updates at ${run.imagesPerSecond.toFixed(0)} images/s: ${run.checkpoint}`);
