import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { resolve } from "node:path";

/** How one rank ended. */
export interface RankResult {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stderr: string;
  /** What it printed last, as JSON; undefined if that was nothing. */
  readonly printed: unknown;
}

export interface StartedRanks {
  readonly children: readonly ChildProcess[];
  /** Results of all ranks that were started. */
  readonly results: Promise<RankResult[]>;
}

/** A rank may wait without end for another, or for a test that failed: none outlives this process. */
const started = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of started) child.kill("SIGKILL");
});

/** A TCP port that nobody listens on, below the range of ephemeral ports: no other program is given it before rank 0 listens. */
export async function freePort(): Promise<number> {
  const port = randomInt(10_000, 32_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((done) => {
    server.once("error", () => done(false)).listen(port, () => done(true));
  });
  if (!isFree) return freePort();
  await new Promise((done) => server.close(done));
  return port;
}

export interface RankOptions {
  readonly args?: readonly string[];
  readonly port?: number;
  /** Default: all of them. */
  readonly ranks?: readonly number[];
  /** Whether the program says "ready" by a message, and all are told to go on once each has: how long they take to start does not matter then. */
  readonly meet?: boolean;
  /** Variables of each rank besides the launcher's. */
  readonly env?: (rank: number) => Record<string, string>;
}

/** Starts a program once per rank, as a launcher does. @param name of a file in test/children, or its absolute path */
export async function startRanks(
  name: string,
  worldSize: number,
  options: RankOptions = {},
): Promise<StartedRanks> {
  const port = options.port ?? (await freePort());
  const file = resolve(import.meta.dirname, "children", name);
  const ranks = options.ranks ?? Array.from({ length: worldSize }, (_, rank) => rank);
  const children = ranks.map((rank) =>
    spawn(process.execPath, ["--conditions=source", "--import", "tsx", file, ...(options.args ?? [])], {
      env: {
        ...process.env,
        ...{
          OMP_NUM_THREADS: "1",
          NODE_OPTIONS: "",
          GLOO_SOCKET_IFNAME: process.platform === "linux" ? "lo" : "lo0",
        },
        ...{ RANK: String(rank), LOCAL_RANK: String(rank), WORLD_SIZE: String(worldSize) },
        ...{ MASTER_ADDR: "127.0.0.1", MASTER_PORT: String(port) },
        ...options.env?.(rank),
      },
      stdio: ["pipe", "pipe", "pipe", ...(options.meet ? (["ipc"] as const) : [])],
    }),
  );
  if (options.meet)
    // One that ended before would keep the others waiting.
    void Promise.all(
      children.map((child) => Promise.race([once(child, "message"), once(child, "exit")])),
    ).then(() => {
      for (const child of children) if (child.connected) child.send("go", () => {});
    });
  for (const child of children) started.add(child);
  return { children, results: Promise.all(children.map(resultOf)) };
}

/** Runs a program once per rank, to their ends. @param name of a file in test/children, or its absolute path */
export async function runRanks(
  name: string,
  worldSize: number,
  options: RankOptions = {},
): Promise<RankResult[]> {
  return (await startRanks(name, worldSize, options)).results;
}

function resultOf(child: ChildProcess): Promise<RankResult> {
  const texts = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream]!.setEncoding("utf8").on("data", (text: string) => {
      texts[stream] += text;
    });
  return new Promise((done) => {
    child.on("close", (status, signal) => {
      const last = texts.stdout.trim().split("\n").at(-1);
      done({
        ...{ status, signal, stderr: texts.stderr },
        printed: last ? JSON.parse(last) : undefined,
      });
    });
  });
}
