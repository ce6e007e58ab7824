// A training loop of your own, with nothing of ours above it. npx tsx examples/ownLoop.ts films.store own.safetensors
import { configure, FAST, Generator, nn, optim, saveWeights, scope } from "@duchenne/torch";
import { FrameStore } from "duchenne/data";
import { BatchLoader, ClipSampler, faceViews, ntXentLoss, planSampling, Random, ResNet } from "duchenne/ssl";

configure(FAST);
const [path = "films.store", out = "own.safetensors", steps = "1000"] = process.argv.slice(2);
const components = { timeAug: true, faceSwap: true };
const rng = Random.fromSeed(0);
const generator = Generator.seeded(0);

// Which clips and frames each batch has: a pure function of the stream and the step.
const store = FrameStore.open(path);
const sampler = new ClipSampler(
  planSampling(store.clips(), { ...components, batch: 8 }),
  rng.fork("sampling"),
);

// Two threads read and decode ahead; the views are made here.
const loader = BatchLoader.open(path, sampler, { workers: 2, endStep: Number(steps) });
const views = faceViews({ size: 64 });
const backbone = new ResNet("resnet18", { numClasses: 0, generator });
const head = new nn.Sequential(
  new nn.Linear(512, 512, { generator }),
  new nn.ReLU(),
  new nn.Linear(512, 128, { generator }),
);
const optimizer = new optim.Adam([...backbone.parameters(), ...head.parameters()], { lr: 1e-3 });
const rate = optim.schedules.warmup(20, optim.schedules.cosine(1e-3, Math.max(Number(steps) - 20, 1)));

for (let step = 0; step < Number(steps); step++) {
  const batch = await loader.next();
  // Tensors made in a scope are freed at its end.
  const loss = scope(() => {
    const progress = step / Number(steps);
    const stream = rng.fork(`views/${step}`);
    const { images } = views.make(batch, { components, progress, rng: stream, device: "cpu" });
    const { loss } = ntXentLoss(head.call(backbone.embed(images)), { temperature: 0.1 });
    optimizer.zeroGrad();
    loss.backward();
    optimizer.setLearningRate(rate(step));
    optimizer.step();
    return loss.item();
  });
  loader.release(batch);
  if (step % 10 === 0) console.log(`step ${step}, loss ${loss.toFixed(3)}`);
}
await loader.close();
await store.close();
saveWeights(out, backbone.stateDict());
