/** Starts the processes of one machine that train a run together, and ends them together. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { UsageError } from "./errors.ts";
import { writeOverRows } from "./terminalRows.ts";

/** Tells a started process that it is one of several, and must start none. */
const STARTED = "DUCHENNE_LOCAL_RANK";
/** How long the others have to end by themselves once one has failed: rank 0 may be saving the batch that is at fault. */
const GRACE_MS = 5000;
/** The same once one was killed: a collective that waits fails by then, but a long step would not end. */
const GRACE_AFTER_KILL_MS = 250;

/** Whether this process is one that `runLocalRanks` started. */
export const isLocalRank = (): boolean => process.env[STARTED] !== undefined;

/** Ends a started process if the one that started it is killed: nobody would hear it any more. */
export function endWithParent(): void {
  if (!isLocalRank() || !process.channel) return;
  process.on("disconnect", () => process.exit(1));
  process.channel.unref();
}

/**
 * Runs this same command once per rank. The first writes to the terminal; of the others only errors are shown.
 * @param count processes
 * @returns the exit code: 0, or that of the rank that failed first
 */
export async function runLocalRanks(count: number): Promise<number> {
  const port = await freePort();
  const children = Array.from({ length: count }, (_, rank) => start(rank, count, port));
  const forward = (signal: NodeJS.Signals) => {
    for (const child of children) child.kill(signal);
  };
  process.on("SIGINT", forward);
  process.on("SIGTERM", forward);
  try {
    return await endOf(children);
  } finally {
    process.off("SIGINT", forward);
    process.off("SIGTERM", forward);
  }
}

/** On the terminal that the first rank shows its progress on. */
const say = (lines: string): void => writeOverRows(process.stderr, lines);

function start(rank: number, count: number, port: number): ChildProcess {
  const place = {
    RANK: rank,
    LOCAL_RANK: rank,
    WORLD_SIZE: count,
    MASTER_ADDR: "127.0.0.1",
    MASTER_PORT: port,
  };
  const loopback = process.platform === "linux" ? "lo" : "lo0";
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env: {
      ...process.env,
      ...Object.fromEntries(Object.entries(place).map(([name, value]) => [name, String(value)])),
      ...{ GLOO_SOCKET_IFNAME: loopback, [STARTED]: String(rank) },
    },
    stdio: rank === 0 ? ["inherit", "inherit", "inherit", "ipc"] : ["ignore", "ignore", "pipe", "ipc"],
    // Out of the terminal's group: Ctrl-C would reach each rank twice, and a second one ends it without saving.
    detached: true,
  });
  showErrors(child, rank);
  return child;
}

function showErrors({ stderr }: ChildProcess, rank: number): void {
  let open = "";
  stderr?.setEncoding("utf8").on("data", (text: string) => {
    const lines = `${open}${text}`.split("\n");
    open = lines.pop()!;
    for (const line of lines) if (line !== "") say(`[rank ${rank}] ${line}\n`);
  });
}

/** Waits for all. Once one has failed or was killed, those that do not end by themselves soon are killed, stopped ones too. */
function endOf(children: readonly ChildProcess[]): Promise<number> {
  return new Promise((resolve) => {
    let left = children.length;
    let failure: number | undefined;
    let isKilling = false;
    let timer: NodeJS.Timeout | undefined;
    const killAfter = (milliseconds: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        isKilling = true;
        for (const child of children) child.kill("SIGKILL");
      }, milliseconds);
    };
    for (const [rank, child] of children.entries()) {
      const ended = (status: number | null, signal: string | null) => {
        left -= 1;
        // By whichever rank the failure is heard of first, the killed one is named.
        if (signal && !isKilling)
          say(
            `error: rank ${rank} of ${children.length} (process ${child.pid}) was killed (${signal}); the other processes end\n`,
          );
        if (status !== 0) {
          if (signal || failure === undefined) killAfter(signal ? GRACE_AFTER_KILL_MS : GRACE_MS);
          failure ??= status ?? 1;
        }
        if (left > 0) return;
        clearTimeout(timer);
        resolve(failure ?? 0);
      };
      child.once("error", (error) => {
        say(`rank ${rank} could not be started: ${error.message}\n`);
        if (child.pid === undefined) ended(1, null);
      });
      child.once("exit", ended);
    }
  });
}

/** A port that nobody listens on, below the range of ephemeral ports: no other program is given it before rank 0 listens. */
async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(10_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new UsageError(
    "--nproc: expected a TCP port that can be listened on, found none of 100. Allow this process to open ports",
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
