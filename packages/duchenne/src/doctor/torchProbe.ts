/** A process that loads libtorch and prints what it computes with: one that crashes takes only itself down. */
import { readFileSync } from "node:fs";
import { info } from "@duchenne/torch";
import { configureProcess } from "../lib/configureProcess.ts";

/** Names of BLAS libraries in the files that a process has mapped. */
const BLAS = /lib(openblas|blis|mkl_core|mkl_rt|atlas|blas|Accelerate)[^/\s]*\.so[^\s]*/i;

/** @returns file name of the BLAS that is loaded; undefined if it is unknown */
function loadedBlas(): string | undefined {
  if (process.platform === "darwin") return "Accelerate";
  const files = readFileSync("/proc/self/maps", "utf8").match(new RegExp(BLAS, "gi")) ?? [];
  // libblas.so.3 may be a small library in front of another.
  return files.find((file) => !/^libblas/.test(file)) ?? files[0];
}

configureProcess();
const { version, source, prefix, threads, cudaDevices, matmulGflops, warnings, buildConfiguration } = info();
const built = /BLAS_INFO=(\w+)/.exec(buildConfiguration)?.[1];
const blas = loadedBlas() ?? built ?? "one inside libtorch";
process.stdout.write(
  JSON.stringify({ version, source, prefix, threads, cudaDevices, matmulGflops, warnings, blas }),
);
