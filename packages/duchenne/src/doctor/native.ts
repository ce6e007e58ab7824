/** The two native parts: what they are built against, and whether they are built. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Addon, build, findLoadable, whyNoneFits } from "@duchenne/addon";
import { faceAddon } from "@duchenne/face/addon";
import { torchAddon } from "@duchenne/torch/addon";
import { moduleBeside } from "../lib/workers.ts";
import type { Finding, Remedy } from "./finding.ts";

/** What `torchProbe` prints. */
interface TorchReport {
  readonly threads: number;
  readonly cudaDevices: number;
  readonly matmulGflops: number;
  readonly blas: string;
}

/** Below this, one thread of a processor of this century is running a BLAS that does not use its vector units. */
const SLOW_GFLOPS = 8;

const answers = (command: string, ...args: string[]): string | undefined => {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8", timeout: 20_000 });
  return status === 0 ? stdout.trim().split("\n")[0] : undefined;
};

/** Compiler, make, Python and Node's headers: what building takes. Not needed once both parts are built. */
export function findTools(): Finding[] {
  const isBuilt = findLoadable(torchAddon) !== undefined && findLoadable(faceAddon) !== undefined;
  const lacking = isBuilt ? "optional" : "missing";
  const compiler = answers(process.env.CXX ?? "c++", "--version") ?? answers("g++", "--version");
  const [make, python] = [
    answers("make", "--version"),
    answers(process.env.PYTHON ?? "python3", "--version"),
  ];
  const tools = { "a C++ compiler": compiler, make, Python: python };
  const missing = Object.entries(tools).flatMap(([name, found]) => (found === undefined ? [name] : []));
  const compilers: Finding =
    missing.length === 0
      ? { name: "compiler", status: "ok", found: `${compiler}; ${make}; ${python}` }
      : {
          name: "compiler",
          status: lacking,
          found: `${missing.join(", ")} not found; the native parts are built with it`,
          remedy: "compiler",
        };
  return [compilers, findHeaders()];
}

function findHeaders(): Finding {
  const folder = join(dirname(dirname(process.execPath)), "include/node");
  if (existsSync(join(folder, "node_version.h"))) return { name: "headers", status: "ok", found: folder };
  const isDebians = process.execPath === "/usr/bin/node" && existsSync("/etc/debian_version");
  return isDebians
    ? {
        name: "headers",
        status: "missing",
        found: "Debian's own Node has its headers in a package of its own",
        remedy: "headers",
      }
    : { name: "headers", status: "optional", found: `not in ${folder}; the first build downloads them` };
}

/** libtorch, its binding, BLAS, threads and GPUs. */
export function findTorch(): Finding[] {
  const library = findLibrary("libtorch", torchAddon, "libtorch", "training and evaluation need it");
  const binding = findBuild("libtorch binding", torchAddon, library);
  if (binding.status !== "ok") return [library, binding];
  const report = runProbe();
  if (typeof report === "string")
    return [library, { name: "libtorch binding", status: "missing", found: report, remedy: "libtorch" }];
  const { blas, matmulGflops, threads, cudaDevices } = report;
  const isSlow = matmulGflops < SLOW_GFLOPS;
  const speed = `${blas}: ${matmulGflops.toFixed(0)} GFLOP/s in matrix products of one thread`;
  return [
    library,
    binding,
    isSlow
      ? {
          name: "BLAS",
          status: "slow",
          found: `${speed}, of which a fast one does 5 times as many`,
          remedy: "blas",
        }
      : { name: "BLAS", status: "ok", found: speed },
    { name: "threads", status: "ok", found: `${threads}` },
    cudaDevices > 0
      ? { name: "GPU", status: "ok", found: `${cudaDevices} by CUDA` }
      : { name: "GPU", status: "optional", found: gpuBesides() },
  ];
}

/** A GPU that this libtorch does not use is worth a word. */
function gpuBesides(): string {
  const found = answers("nvidia-smi", "--query-gpu=name", "--format=csv,noheader");
  return found === undefined
    ? "none; training runs on the processor"
    : `${found} is there, but this libtorch is built without CUDA; pip install torch brings one with it`;
}

/** dlib and its addon. */
export function findDlib(): Finding[] {
  const library = findLibrary("dlib", faceAddon, "dlib", "finding faces needs it");
  return [library, findBuild("dlib addon", faceAddon, library)];
}

/** What the addon is built against; a build that fits shows that it is there, headers or not. */
function findLibrary(name: string, addon: Addon, remedy: Remedy, purpose: string): Finding {
  const built = findLoadable(addon);
  if (built) return { name, status: "ok", found: built.record.label };
  try {
    const found = addon.find();
    return found
      ? { name, status: "ok", found: found.label }
      : { name, status: "missing", found: `not found; ${purpose}`, remedy };
  } catch (error) {
    return { name, status: "missing", found: (error as Error).message, remedy };
  }
}

function findBuild(name: string, addon: Addon, library: Finding): Finding {
  const built = findLoadable(addon);
  if (built) return { name, status: "ok", found: built.file };
  if (library.status !== "ok")
    return { name, status: "missing", found: `${whyNoneFits(addon)}; it needs ${library.name}` };
  const when = process.env.DUCHENNE_SKIP_BUILD ? "DUCHENNE_SKIP_BUILD forbids it" : "the first use builds it";
  return { name, status: "optional", found: `${whyNoneFits(addon)}; ${when}, or duchenne doctor --install` };
}

/** @returns the report, or what went wrong */
function runProbe(): TorchReport | string {
  const file = fileURLToPath(moduleBeside(import.meta.url, "torchProbe"));
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, file], {
    encoding: "utf8",
    env: { ...process.env, DUCHENNE_SKIP_BUILD: "1" },
    timeout: 60_000,
  });
  if (status === 0) return JSON.parse(stdout) as TorchReport;
  const reason = /Error: (.*)/.exec(stderr)?.[1] ?? `it ended with ${signal ?? status}`;
  return `it does not load: ${reason}`;
}

/** Builds what is not built. @param report hears of each build   @throws AddonError */
export function buildNative(report: (line: string) => void): void {
  for (const addon of [torchAddon, faceAddon]) if (!findLoadable(addon)) build(addon, { report });
}
