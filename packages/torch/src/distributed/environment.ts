import { ArgumentError } from "../core/errors.ts";

/** The variables by which launchers tell a process its place: torchrun's, which Slurm, mpirun and Kubernetes jobs set, too. */
export type LaunchEnvironment = Readonly<Record<string, string | undefined>>;

/** One process's place among those that train together. */
export interface RankPlace {
  /** From 0 to worldSize − 1. */
  readonly rank: number;
  readonly worldSize: number;
  /** Among the processes of this machine; the index of its GPU. */
  readonly localRank: number;
  readonly masterAddress: string;
  readonly masterPort: number;
  /** Whether torchrun's agent serves the store; otherwise rank 0 does. */
  readonly agentStore: boolean;
  /** How often torchrun has restarted the processes. */
  readonly restarts: number;
}

/**
 * This process's place as the launcher set it: RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT, and torchrun's
 * TORCHELASTIC_USE_AGENT_STORE and TORCHELASTIC_RESTART_COUNT.
 * @returns undefined without WORLD_SIZE: a process that was started alone
 * @throws ArgumentError for a variable that is missing, no number, or out of range
 */
export function launchedRank(env: LaunchEnvironment = process.env): RankPlace | undefined {
  if (!env.WORLD_SIZE) return undefined;
  const worldSize = integer(env, "WORLD_SIZE", 1, 2 ** 20);
  const rank = integer(env, "RANK", 0, worldSize - 1);
  if (!env.MASTER_ADDR) throw missing("MASTER_ADDR", "the address of rank 0's machine");
  return {
    rank,
    worldSize,
    localRank: env.LOCAL_RANK ? integer(env, "LOCAL_RANK", 0, worldSize - 1) : 0,
    masterAddress: env.MASTER_ADDR,
    masterPort: integer(env, "MASTER_PORT", 1, 65535),
    agentStore: env.TORCHELASTIC_USE_AGENT_STORE === "True",
    restarts: env.TORCHELASTIC_RESTART_COUNT
      ? integer(env, "TORCHELASTIC_RESTART_COUNT", 0, Number.MAX_SAFE_INTEGER)
      : 0,
  };
}

function integer(env: LaunchEnvironment, name: string, least: number, most: number): number {
  const text = env[name];
  const expected = `a whole number from ${least} to ${most}`;
  if (!text) throw missing(name, expected);
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new ArgumentError(
      "initProcessGroup",
      name,
      expected,
      JSON.stringify(text),
      "Start the processes with torchrun, or set the variable as your launcher numbers them.",
    );
  return value;
}

function missing(name: string, expected: string): ArgumentError {
  return new ArgumentError(
    "initProcessGroup",
    name,
    `${expected}, as torchrun and other launchers set it in the environment`,
    "nothing",
    "Start the processes with torchrun, or set the variable in each.",
  );
}
