/**
 * One process of two threads against two of one thread, on this machine's processors: SimCLR's step of ResNet-18 at 64 px with 64 images,
 * the share of it that the all-reduce takes, and the link. Then what 8, 64 and 512 processes would do: a simulation, from the step and
 * the link measured here, or from those of other machines:
 *
 *     STEP_MS=95 GRADIENT_MB=94 LINK_GBYTES=45 LATENCY_US=8 npm run bench -- distributed
 */
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { median, print } from "./line.ts";

const STEPS = 4;
const ROUNDS = 3;
const PROGRAM = new URL("distributed.rank.ts", import.meta.url).pathname;

interface Measured {
  imagesPerSecond: number;
  stepMs: number;
  reduceMs: number;
  link?: { bytes: number; ms: number; latencyMs: number };
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((done) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    }),
  );
}

async function run(processes: number, threads: number): Promise<Measured> {
  const port = await freePort();
  const ranks = Array.from({ length: processes }, (_, rank) => {
    const launched = {
      RANK: rank,
      LOCAL_RANK: rank,
      WORLD_SIZE: processes,
      MASTER_ADDR: "127.0.0.1",
      MASTER_PORT: port,
    };
    const variables = Object.entries(launched).map(([name, value]) => [name, String(value)]);
    const env = { ...process.env, GLOO_SOCKET_IFNAME: process.platform === "linux" ? "lo" : "lo0" };
    const child = spawn(process.execPath, [...process.execArgv, PROGRAM, String(threads), String(STEPS)], {
      env: processes === 1 ? process.env : { ...env, ...Object.fromEntries(variables) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    return new Promise<string>((done, fail) =>
      child.on("close", (status) =>
        status === 0 ? done(text) : fail(new Error(`rank ${rank} ended with ${status}`)),
      ),
    );
  });
  const [first] = await Promise.all(ranks);
  return JSON.parse(first!.trim().split("\n").at(-1)!) as Measured;
}

const rounds: { one: Measured; two: Measured }[] = [];
for (let round = 0; round < ROUNDS; round++) rounds.push({ one: await run(1, 2), two: await run(2, 1) });
const middle = (pick: (round: { one: Measured; two: Measured }) => number) => median(rounds.map(pick));
const name = "resnet18 64 px, 64 images";
const alone = {
  reference: middle(({ one }) => one.imagesPerSecond),
  referenceName: "1 process of 2 threads",
};
print(
  {
    bench: "distributed",
    case: `${name}, 2 processes of 1 thread`,
    unit: "images/s",
    ours: middle(({ two }) => two.imagesPerSecond),
    ...alone,
  },
  "more",
);
const nothing = { reference: null, referenceName: "" };
const share = middle(({ two }) => (100 * two.reduceMs) / two.stepMs);
print(
  { bench: "distributed", case: `${name}, all-reduce`, unit: "% of the step", ours: share, ...nothing },
  "less",
);
const bytes = rounds[0]!.two.link!.bytes;
const reduceMs = middle(({ two }) => two.link!.ms);
const latencyMs = middle(({ two }) => two.link!.latencyMs);
print(
  {
    bench: "distributed",
    case: `all-reduce of ${(bytes / 1e6).toFixed(0)} MB over loopback`,
    unit: "ms",
    ours: reduceMs,
    ...nothing,
  },
  "less",
);
print(
  { bench: "distributed", case: "all-reduce of one number", unit: "ms", ours: latencyMs, ...nothing },
  "less",
);

/** Number of an environment variable, or what was measured here. */
const given = (variable: string, measured: number): number =>
  process.env[variable] ? Number(process.env[variable]) : measured;

// A ring of n sends each byte 2 (n − 1) / n times, in 2 (n − 1) messages, each of which starts anew; nothing overlaps with the step.
const stepMs = given(
  "STEP_MS",
  middle(({ one }) => one.stepMs),
);
const megabytes = given("GRADIENT_MB", bytes / 1e6);
const bytesPerMs = given("LINK_GBYTES", bytes / reduceMs / 1e6) * 1e6;
const messageMs = given("LATENCY_US", 1000 * latencyMs) / 1000 / 2;
for (const processes of [8, 64, 512]) {
  const ring = (2 * (processes - 1)) / processes;
  const sumMs = (ring * megabytes * 1e6) / bytesPerMs + 2 * (processes - 1) * messageMs;
  print(
    {
      ...{
        bench: "distributed",
        case: `simulation: ${processes} processes of ${stepMs.toFixed(0)} ms a step`,
        unit: "% of linear",
      },
      ...{ ours: (100 * stepMs) / (stepMs + sumMs), reference: 100, referenceName: "linear" },
    },
    "more",
  );
}
