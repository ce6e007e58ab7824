/** Checks of accept.sh on the training loop: against its bare step, what the step reads, against a loop as it is published. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Device, dataReads, scope } from "@duchenne/torch";
import { Peer, pythonWithTorch } from "../../benchmarks/peer.ts";
import { METHOD_COMPONENTS } from "../../packages/duchenne/src/ssl/config/presets.ts";
import { resolveConfig, type Settings } from "../../packages/duchenne/src/ssl/config/resolveConfig.ts";
import { BatchLoader } from "../../packages/duchenne/src/ssl/loader/index.ts";
import { learnerOf, pretrain } from "../../packages/duchenne/src/ssl/train/pretrain.ts";
import { planRun } from "../../packages/duchenne/src/ssl/train/runPlan.ts";
import { viewsOf } from "../../packages/duchenne/src/ssl/train/trainer.ts";
import { valuesFromConfig } from "../../packages/duchenne/src/ssl/valuesFromConfig.ts";

/** What the checks share with accept.ts. */
export interface LoopContext {
  /** Runs a check and prints what it gives as a line. */
  readonly check: (name: string, work: () => unknown) => Promise<void>;
  readonly device: Device;
  readonly onGpu: boolean;
  readonly folder: string;
  /** A prepared store. */
  readonly store: string;
  /** Waits for the device. */
  readonly finish: () => void;
}

const shapeOf = ({ onGpu, device }: LoopContext): Settings => ({
  preset: "tiny",
  arch: onGpu ? "resnet50" : "tiny",
  size: onGpu ? 112 : 32,
  batch: onGpu ? 64 : 8,
  warmupSteps: 2,
  workers: 2,
  checkpointEvery: 1000,
  device,
});

/** Prints the lines of the group `loop`. */
export async function loopChecks(context: LoopContext): Promise<void> {
  await againstBareStep(context);
  await readsPerStep(context);
  await againstPublished(context);
}

function againstBareStep(context: LoopContext): Promise<void> {
  const { check, onGpu, folder, store, finish } = context;
  return check("whole loop of SSL-FER against the bare step", async () => {
    const config = resolveConfig({ ...shapeOf(context), steps: onGpu ? 60 : 8 });
    const times: number[] = [];
    const values = { ...valuesFromConfig(config), store };
    await pretrain({
      ...values,
      out: join(folder, "loop"),
      onProgress: ({ step }) => {
        times[step] = performance.now();
      },
    });
    const [first, last] = [3, times.length - 1];
    const looped = (1000 * (last - first)) / (times[last]! - times[first]!);
    const plan = await planRun(values);
    const loader = BatchLoader.open(store, plan.data.sampler, { workers: 0 });
    const views = viewsOf(await loader.next(), plan);
    const learner = learnerOf(plan);
    const step = () => scope(() => learner.update(1e-3, learner.backward(views), views, 0));
    step();
    finish();
    const steps = onGpu ? 50 : 5;
    const start = performance.now();
    for (let i = 0; i < steps; i++) step();
    finish();
    const bare = (1000 * steps) / (performance.now() - start);
    await loader.close();
    learner.dispose();
    return { stepsPerSecond: looped, bare, ratio: looped / bare, aim: 0.9 };
  });
}

/** Each read of values makes the processor wait for the GPU. Where figures are logged, two lines later, there are some. */
function readsPerStep(context: LoopContext): Promise<void> {
  const { check, store } = context;
  return check("reads of tensor data per step: views, gradient, update", async () => {
    const config = resolveConfig({ ...shapeOf(context), steps: 4, ...METHOD_COMPONENTS["ssl-fer"] });
    const plan = await planRun({ ...valuesFromConfig(config), store });
    const loader = BatchLoader.open(store, plan.data.sampler, { workers: 0 });
    const learner = learnerOf(plan);
    const counts: number[] = [];
    for (let i = 0; i < 3; i++) {
      const batch = await loader.next();
      const before = dataReads();
      scope(() => {
        const views = viewsOf(batch, plan);
        learner.update(1e-3, learner.backward(views), views, 0);
      });
      counts.push(dataReads() - before);
      loader.release(batch);
    }
    await loader.close();
    learner.dispose();
    return { ok: counts.every((count) => count === 0), reads: counts };
  });
}

/** SimCLR of a ResNet in both, the same images in a step. */
async function againstPublished(context: LoopContext): Promise<void> {
  const { check, device, onGpu, folder, store } = context;
  const arch = onGpu ? "resnet50" : "resnet18";
  const [layers, pixels, clips] = onGpu ? [50, 112, 128] : [18, 32, 8];
  await check(
    `whole loop of SimCLR, ResNet-${layers}, ${pixels} px, against a published pipeline`,
    async () => {
      const settings: Settings = { ...shapeOf(context), arch, size: pixels, batch: clips };
      const steps = onGpu ? 100 : 6;
      const config = resolveConfig({ ...settings, method: "simclr", steps });
      const own = await pretrain({ ...valuesFromConfig(config), store, out: join(folder, "simclr") });
      const python = pythonWithTorch();
      const script = fileURLToPath(new URL("published_loop.py", import.meta.url));
      const values = [device, pixels, clips, layers, 2].map(String);
      const peer = python ? new Peer(python, [script, ...values]) : undefined;
      await peer?.ask("2");
      const theirs = (await peer?.ask(String(onGpu ? 20 : 2))) ?? null;
      peer?.end();
      const ours = own.imagesPerSecond;
      return {
        imagesPerSecond: ours,
        published: theirs,
        ratio: theirs === null ? null : ours / theirs,
        aim: 20,
      };
    },
  );
}
