/** Checks of accept.sh on CUDA graphs: forward and backward pass of a step as one launch, against the same step without. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { noGrad, operator, ops, scope, type Tensor } from "@duchenne/torch";
import { Peer, pythonWithTorch } from "../../benchmarks/peer.ts";
import { torchAddon } from "../../packages/torch/scripts/addon.mjs";
import type { LoopContext } from "./loop.ts";
import { resnetStep } from "./resnetStep.ts";

const useOwnStream = operator("duchenne_graph::use_own_stream() -> ()");
const useDefaultStream = operator("duchenne_graph::use_default_stream() -> ()");
const begin = operator("duchenne_graph::begin() -> ()");
const end = operator("duchenne_graph::end() -> ()");
const replay = operator("duchenne_graph::replay() -> ()");
const release = operator("duchenne_graph::release() -> ()");

type Context = Pick<LoopContext, "check" | "device" | "onGpu" | "folder" | "finish">;

/** Prints the lines of the group `graphs`. On the CPU a graph is the step itself: the dry run of all but the six operators. */
export async function graphChecks(context: Context): Promise<void> {
  const { check, onGpu, folder } = context;
  if (onGpu) await check("CUDA graphs: build", () => loadOperators(join(folder, "cuda_graph.node")));
  for (const batch of onGpu ? [16, 64] : [4])
    await check(`training step of ResNet-50, ${onGpu ? 112 : 32} px, batch ${batch}, as a CUDA graph`, () =>
      stepAsGraph(batch, context),
    );
}

/** Compiles cuda_graph.cc against the libtorch of the binding, and loads it. */
function loadOperators(path: string): object {
  const found = torchAddon.find();
  if (!found) throw new Error("no libtorch");
  const variables = found.variables as unknown as Record<
    "libtorch_defines" | "libtorch_flags" | "libtorch_libraries",
    readonly string[]
  >;
  const source = fileURLToPath(new URL("cuda_graph.cc", import.meta.url));
  const packages = join(String(found.details?.prefix), "../nvidia");
  const ofWheels = existsSync(packages)
    ? readdirSync(packages).map((name) => join(packages, name, "include"))
    : [];
  const headers = [process.env.CUDA_HOME ?? "", "/usr/local/cuda"]
    .map((home) => join(home, "include"))
    .concat(ofWheels)
    .filter((include) => existsSync(join(include, "cuda_runtime_api.h")));
  execFileSync("g++", [
    ...["-shared", "-fPIC", "-O1", "-g0"],
    ...variables.libtorch_defines.map((define) => `-D${define}`),
    ...variables.libtorch_flags,
    ...headers.map((include) => `-isystem${include}`),
    ...[source, "-o", path],
    ...variables.libtorch_libraries,
  ]);
  process.dlopen({ exports: {} }, path);
  return { headers };
}

async function stepAsGraph(batch: number, { device, onGpu, finish }: Context): Promise<object> {
  const pixels = onGpu ? 112 : 32;
  // The gradient's memory is that of the last backward pass, which a graph writes again.
  const { model, optimizer, pass } = resnetStep(batch, pixels, device, onGpu);
  const rate = (step: () => void) => {
    const steps = onGpu ? 30 : 2;
    finish();
    const start = performance.now();
    for (let i = 0; i < steps; i++) step();
    finish();
    return (1000 * steps * batch) / (performance.now() - start);
  };
  const eagerly = () => {
    pass();
    optimizer.step();
  };
  const gradient = () =>
    scope(() => noGrad(() => ops.cat(model.parameters().map(({ grad }) => grad!.reshape(-1)))));
  const length = (t: Tensor) => Math.sqrt(Number(t.mul(t).sum().item()));
  const apart = (a: Tensor, b: Tensor) => scope(() => noGrad(() => length(a.sub(b)) / length(b)));
  eagerly();
  const eager = rate(eagerly);
  pass();
  const expected = gradient();
  const asGraph = onGpu ? captured(pass) : pass;
  // The same weights and images: one gradient. BatchNorm in training mode does not read its running statistics.
  asGraph();
  const replayed = gradient();
  const difference = apart(replayed, expected);
  const graph = rate(() => {
    asGraph();
    optimizer.step();
  });
  // Of the weights that the optimiser has moved since, not of those that were there when the graph was captured.
  const moved = apart(gradient(), replayed);
  const python = pythonWithTorch();
  const script = fileURLToPath(new URL("train_step.py", import.meta.url));
  const peer = python ? new Peer(python, [script, device, String(pixels), String(batch)]) : undefined;
  await peer?.ask(onGpu ? "10" : "1");
  const theirs = (await peer?.ask(onGpu ? "30" : "1")) ?? null;
  peer?.end();
  if (onGpu) release();
  return {
    ok: difference < 0.02 && moved > 0.02,
    difference,
    moved,
    imagesPerSecond: graph,
    eager,
    pytorch: theirs,
    gain: graph / eager,
    ratio: theirs === null ? null : graph / theirs,
    aim: 1.3,
  };
}

/** Records one pass. @returns what runs it again */
function captured(pass: () => void): () => void {
  useOwnStream();
  for (let i = 0; i < 3; i++) pass();
  begin();
  pass();
  end();
  useDefaultStream();
  return () => void replay();
}
