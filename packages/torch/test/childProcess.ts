import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { onTestFinished } from "vitest";

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
export async function runChild(
  name: string,
  { flags = [], args = [] }: { flags?: readonly string[]; args?: readonly string[] } = {},
): Promise<ChildResult> {
  const file = join(import.meta.dirname, "children", name);
  const command = [...flags, "--conditions=source", "--import", "tsx", file, ...args];
  const env = { ...process.env, OMP_NUM_THREADS: "1", NODE_OPTIONS: "" };
  const child = spawn(process.execPath, command, { env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const texts = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      texts[stream] += text;
    });
  const [status, signal] = (await once(child, "close")) as [number | null, string | null];
  const last = texts.stdout.trim().split("\n").at(-1);
  return { status, signal, stderr: texts.stderr, printed: last ? JSON.parse(last) : undefined };
}
