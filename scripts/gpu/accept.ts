/** Checks of accept.sh, one group per call: agreement, resume, speed, loop, learn, graphs. Prints JSON lines { check, ok, … }. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  autocast,
  configure,
  type Device,
  FAST,
  Generator,
  info,
  noGrad,
  ops,
  randn,
  scope,
  synchronize,
  type Tensor,
} from "@duchenne/torch";
import { Peer, pythonWithTorch } from "../../benchmarks/peer.ts";
import { Random } from "../../packages/duchenne/src/lib/random.ts";
import { ResNet } from "../../packages/duchenne/src/ssl/backbones/resnet.ts";
import { METHOD_COMPONENTS } from "../../packages/duchenne/src/ssl/config/presets.ts";
import { resolveConfig, type Settings } from "../../packages/duchenne/src/ssl/config/resolveConfig.ts";
import { buildMethod } from "../../packages/duchenne/src/ssl/methods/index.ts";
import { readCheckpointState } from "../../packages/duchenne/src/ssl/run/checkpoint.ts";
import { contrastiveBackward } from "../../packages/duchenne/src/ssl/train/gradient.ts";
import { type PretrainProgress, pretrain } from "../../packages/duchenne/src/ssl/train/pretrain.ts";
import { methodFromConfig, valuesFromConfig } from "../../packages/duchenne/src/ssl/valuesFromConfig.ts";
import { makeViews } from "../../packages/duchenne/src/ssl/views/makeViews.ts";
import {
  FEATURE_LENGTH,
  METHOD_NAMES,
  noiseViews,
  settings,
} from "../../packages/duchenne/test/ssl/methods/fixture.ts";
import { writeTinyStore } from "../../packages/duchenne/test/ssl/train/tinyStore.ts";
import { noisyBatch, settingsAt } from "../../packages/duchenne/test/ssl/views/support.ts";
import { graphChecks } from "./graphs.ts";
import { loopChecks } from "./loop.ts";
import { resnetStep } from "./resnetStep.ts";

const [group, device, store] = process.argv.slice(2) as [string, Device, string | undefined];
const onGpu = device.startsWith("cuda");
// A resumed run has the same bits only where cuDNN takes the same algorithms again.
configure({ ...FAST, cudnn: group === "resume" ? "deterministic" : "benchmark" });
const folder = mkdtempSync(join(tmpdir(), "duchenne-accept-"));
const finish = (): void => {
  if (onGpu) synchronize();
};

/** Runs a check and prints what it gives; a failure is a line, too. */
async function check(name: string, work: () => unknown): Promise<void> {
  const start = performance.now();
  let line: object;
  try {
    line = { ok: true, ...((await work()) as object) };
  } catch (error) {
    line = { ok: false, error: (error as Error).message.slice(0, 300) };
  }
  const seconds = Number(((performance.now() - start) / 1000).toFixed(1));
  console.log(JSON.stringify({ check: name, device, ...line, seconds }));
}

const length = (t: Tensor): number => Math.sqrt(Number(t.mul(t).sum().item()));
/** Relative L2 distance, on the CPU. */
function distance(received: Tensor, expected: Tensor): number {
  const [a, b] = [received, expected].map((t) => t.detach().to({ device: "cpu", dtype: "float64" }));
  return length(a!.sub(b!)) / Math.max(length(b!), 1e-300);
}
const within = (value: number, limit: number) => ({ ok: value < limit, difference: value, limit });

async function agreement(): Promise<void> {
  await check("machine", () => ({ ...info() }));
  for (const name of METHOD_NAMES)
    await check(`${name}: loss and gradient against the CPU`, () => {
      const results = (["cpu", device] as const).map((place) => {
        const components = name === "byol" ? {} : { hardNeg: true, maskFn: true };
        const method = buildMethod(
          methodFromConfig(settings(name, components)),
          { seed: 5, featureLength: FEATURE_LENGTH },
          place,
        );
        method.network.eval();
        const views = noiseViews(6, name === "byol" ? "pairs" : "quadruples");
        const { images, features, hasFeature } = views;
        const moved = Object.fromEntries(
          Object.entries({ images, features, hasFeature }).map(([key, value]) => [
            key,
            value.to({ device: place }),
          ]),
        );
        const { loss } = contrastiveBackward(method, { ...views, ...(moved as object) }, null);
        return {
          loss: loss.item() as number,
          gradient: ops.cat(
            method.network.parameters().flatMap(({ grad }) => (grad ? [grad.reshape(-1)] : [])),
          ),
        };
      });
      const [cpu, gpu] = results as [(typeof results)[0], (typeof results)[0]];
      return { ...within(distance(gpu.gradient, cpu.gradient), 1e-3), loss: Math.abs(gpu.loss - cpu.loss) };
    });
  for (const size of [48, 112])
    await check(`views with FaceSwap and CutMix, ${size} px, against the CPU`, () => {
      const config = { ...settingsAt(size), ...METHOD_COMPONENTS["ssl-fer"], cutMix: true };
      const [cpu, gpu] = (["cpu", device] as const).map((place) =>
        makeViews(noisyBatch(128, { clips: 8 }), config, Random.fromSeed(3), place),
      );
      return within(distance(gpu!.images, cpu!.images), 1e-3);
    });
  for (const name of ["resnet18", "resnet50"] as const)
    await check(`${name}, forward, against the CPU`, () => {
      const outputs = (["cpu", device] as const).map((place) => {
        const model = new ResNet(name, { generator: Generator.seeded(1) });
        model.to({ device: place });
        model.eval();
        const images = randn([8, 3, 112, 112], { generator: Generator.seeded(2) }).to({ device: place });
        return {
          full: noGrad(() => model.call(images) as Tensor),
          half: noGrad(() =>
            autocast({ device: onGpu ? "cuda" : "cpu" }, () => model.call(images) as Tensor),
          ),
        };
      });
      return {
        ...within(distance(outputs[1]!.full, outputs[0]!.full), 1e-4),
        bfloat16: distance(outputs[1]!.half, outputs[0]!.full),
      };
    });
}

async function tinyRun(
  out: string,
  more: Settings,
  control: { resume?: boolean; signal?: AbortSignal; onProgress?: (at: PretrainProgress) => void } = {},
) {
  const config = resolveConfig({
    preset: "tiny",
    size: 32,
    batch: 8,
    warmupSteps: 2,
    workers: 0,
    checkpointEvery: 100,
    device,
    ...more,
  });
  return pretrain({ ...valuesFromConfig(config), store: await made(), out: join(folder, out), ...control });
}
let madeStore: string | undefined;
async function made(): Promise<string> {
  madeStore ??= await writeTinyStore(join(folder, "store"), { people: onGpu ? 96 : 12, clipsEach: 2 });
  return madeStore;
}

async function resume(): Promise<void> {
  for (const method of METHOD_NAMES)
    await check(`${method}: a resumed run, bit for bit`, async () => {
      const whole = await tinyRun(`${method}-whole`, { method, steps: 8 });
      const stop = new AbortController();
      const onProgress = ({ step }: PretrainProgress) => step === 3 && stop.abort();
      await tinyRun(`${method}-part`, { method, steps: 8 }, { signal: stop.signal, onProgress });
      const part = await tinyRun(`${method}-part`, { method, steps: 8 }, { resume: true });
      const [a, b] = [whole, part].map(
        ({ checkpoint }) => readCheckpointState(checkpoint).sha256["model.safetensors"],
      );
      return { ok: a === b };
    });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

async function speed(): Promise<void> {
  for (const size of [64, 112])
    await check(`views made on the device, ${size} px`, () => {
      const batch = noisyBatch(128, { clips: onGpu ? 128 : 8 });
      const config = { ...settingsAt(size), ...METHOD_COMPONENTS["ssl-fer"] };
      const one = (seed: number) => scope(() => void makeViews(batch, config, Random.fromSeed(seed), device));
      one(0);
      finish();
      const rounds = onGpu ? 10 : 2;
      const start = performance.now();
      for (let i = 1; i <= rounds; i++) one(i);
      finish();
      return { imagesPerSecond: (1000 * rounds * batch.keys.length) / (performance.now() - start) };
    });
  const python = pythonWithTorch();
  for (const batch of onGpu ? [64, 256, 512] : [8])
    await check(`training step of ResNet-50, 112 px, batch ${batch}, against PyTorch eager AMP`, async () => {
      const { optimizer, pass } = resnetStep(batch, 112, device, onGpu);
      const step = () => {
        pass();
        optimizer.step();
      };
      const steps = onGpu ? 20 : 1;
      const own = () => {
        finish();
        const start = performance.now();
        for (let i = 0; i < steps; i++) step();
        finish();
        return (1000 * steps * batch) / (performance.now() - start);
      };
      const script = fileURLToPath(new URL("train_step.py", import.meta.url));
      const peer = python ? new Peer(python, [script, device, "112", String(batch)]) : undefined;
      const turns: { ours: number; theirs: number }[] = [];
      own();
      await peer?.ask(String(steps));
      for (let turn = 0; turn < (onGpu ? 5 : 1); turn++)
        turns.push({ ours: own(), theirs: (await peer?.ask(String(steps))) ?? Number.NaN });
      peer?.end();
      const [ours, theirs] = [
        median(turns.map((turn) => turn.ours)),
        median(turns.map((turn) => turn.theirs)),
      ];
      return {
        imagesPerSecond: ours,
        pytorch: peer ? theirs : null,
        ratio: peer ? ours / theirs : null,
        memory: gpuMemory(),
      };
    });
}

/** What nvidia-smi says of this process's GPU, in MiB; null without one. */
function gpuMemory(): number | null {
  if (!onGpu) return null;
  const query = ["--query-gpu=memory.used", "--format=csv,noheader,nounits"];
  try {
    return Number(execFileSync("nvidia-smi", query, { encoding: "utf8" }).split("\n")[0]);
  } catch {
    return null;
  }
}

async function loop(): Promise<void> {
  await loopChecks({ check, device, onGpu, folder, store: await made(), finish });
}

async function graphs(): Promise<void> {
  await graphChecks({ check, device, onGpu, folder, finish });
}

async function learn(): Promise<void> {
  const seconds = Number(process.env.LEARN_SECONDS ?? (onGpu ? 180 : 10));
  const out = join(folder, "learned");
  await check(`pre-training for ${seconds} s`, async () => {
    const config = resolveConfig({
      preset: "tiny",
      steps: 100_000,
      device,
      ...(store && onGpu ? {} : { batch: 8 }),
    });
    const signal = AbortSignal.timeout(1000 * seconds);
    const { step, loss, imagesPerSecond, waitShare } = await pretrain({
      ...valuesFromConfig(config),
      store: store ?? (await made()),
      out,
      signal,
    });
    return { step, loss, imagesPerSecond, waitShare };
  });
  if (!store) return;
  await check("probe", () => {
    const program = fileURLToPath(new URL("../../packages/duchenne/bin/duchenne.js", import.meta.url));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [program, "probe", out, "--data", store, "--json"],
      { encoding: "utf8" },
    );
    return {
      ok: status === 0,
      ...(status === 0 ? { result: JSON.parse(stdout) } : { error: stderr.slice(-300) }),
    };
  });
}

const GROUPS = { agreement, resume, speed, loop, learn, graphs } as const;
try {
  await GROUPS[group as keyof typeof GROUPS]();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
