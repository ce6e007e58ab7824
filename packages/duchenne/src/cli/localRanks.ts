/** Starts the processes of one machine that train a run together, and ends them together. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";

/** Tells a started process that it is one of several, and must start none. */
const STARTED = "DUCHENNE_LOCAL_RANK";
/** How long the others have to end by themselves once one has failed: rank 0 may be saving the batch that is at fault. */
const GRACE_MS = 5000;
/** The same once one was killed: a collective that waits fails by then, but a long step would go on. */
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
    for (const line of lines) if (line !== "") process.stderr.write(`[rank ${rank}] ${line}\n`);
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
          process.stderr.write(
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
        process.stderr.write(`rank ${rank} could not be started: ${error.message}\n`);
        if (child.pid === undefined) ended(1, null);
      });
      child.once("exit", ended);
    }
  });
}

/** Below the ports that systems give to whoever asks for any: none is given away before rank 0 listens. */
const [FIRST_PORT, PORTS] = [20_000, 12_000];
const MOST_TRIES = 100;

/** A port that nobody listens on now. @throws Error if it finds none */
async function freePort(): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = FIRST_PORT + Math.floor(PORTS * Math.random());
    try {
      return await tryPort(port);
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
    }
  }
}

/** Listens for a moment. */
function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
  });
}
