import { readFileSync } from "node:fs";

/** What Linux calls the instructions that multiply bfloat16: Intel's and AMD's two, ARM's. */
const INSTRUCTIONS = /^(?:flags|Features)\s*:.*\b(?:avx512_bf16|amx_bf16|bf16)\b/m;

/**
 * Whether this processor multiplies bfloat16; true if the system does not say (other than Linux).
 * @param cpuinfo text of /proc/cpuinfo
 */
export function hasBfloat16(cpuinfo: string | undefined = readCpuinfo()): boolean {
  return cpuinfo === undefined || INSTRUCTIONS.test(cpuinfo);
}

function readCpuinfo(): string | undefined {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return undefined;
  }
}
