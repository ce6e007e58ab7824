import { configure, FAST } from "@duchenne/torch";
import { ConfigError } from "./errors.ts";

/**
 * The settings of libtorch that every process of the command line has: `FAST`, with cuDNN's repeatable algorithms if the environment variable
 * DUCHENNE_CUDNN is `deterministic`. Call it before the first tensor.
 * @throws ConfigError for another value of the variable
 */
export function configureProcess({ DUCHENNE_CUDNN }: NodeJS.ProcessEnv = process.env): void {
  const chosen = DUCHENNE_CUDNN || "benchmark";
  if (chosen !== "benchmark" && chosen !== "deterministic")
    throw new ConfigError("DUCHENNE_CUDNN", "benchmark or deterministic", chosen);
  configure({ ...FAST, cudnn: chosen });
}
