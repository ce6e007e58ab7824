import { spawnSync } from "node:child_process";
import { join } from "node:path";

export interface ChildResult {
  /** Exit status; null when a signal ended the process. */
  status: number | null;
  signal: string | null;
  stderr: string;
  /** What the program printed last, as JSON. */
  printed: unknown;
}

/**
 * Runs a program of test/children in a process of its own, where memory can be measured and a crash does no harm.
 * @param flags for node, e.g. `--expose-gc`
 */
export function runChild(
  name: string,
  { flags = [], args = [] }: { flags?: readonly string[]; args?: readonly string[] } = {},
): ChildResult {
  const file = join(import.meta.dirname, "children", name);
  const command = [...flags, "--conditions=source", "--import", "tsx", file, ...args];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: "utf8",
    env: { ...process.env, OMP_NUM_THREADS: "1", NODE_OPTIONS: "" },
    timeout: 50_000,
  });
  const last = stdout.trim().split("\n").at(-1);
  return { status, signal, stderr, printed: last ? JSON.parse(last) : undefined };
}
