import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { FrameStore, type Manifest } from "../../../src/data/store/index.ts";
import { Hold, type HoldPoint } from "../../hold/hold.ts";
import { PROGRAM } from "../../program.ts";

export type Finished = { code: number | null; stdout: string; stderr: string };

/**
 * When to kill, or to signal: where the command is held; or, for files that not Node itself writes, so long after the file
 * first changes: half of the time of a run passes before anything is stored.
 */
export type Kill = { readonly signal?: NodeJS.Signals } & (
  | { readonly at: readonly HoldPoint[] }
  | { readonly file: string; readonly delayMs: number }
);

/** Runs the command line as its users would. @param shellPrefix a shell command to run before it */
export async function duchenne(args: string[], kill?: Kill, shellPrefix = ""): Promise<Finished> {
  const node = [process.execPath, PROGRAM, ...args];
  const hold = kill && "at" in kill ? new Hold(kill.at) : undefined;
  const env = { ...process.env, NODE_OPTIONS: "", ...hold?.env };
  const child = spawn("bash", ["-c", `${shellPrefix} exec "$@"`, "bash", ...node], { env });
  const watch = kill && "file" in kill ? killOnChange(child, kill) : undefined;
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data: Buffer) => {
    stdout += data;
  });
  child.stderr.on("data", (data: Buffer) => {
    stderr += data;
  });
  const ended = new Promise<Finished>((resolve) =>
    child.on("close", (code) => {
      clearInterval(watch);
      resolve({ code, stdout, stderr });
    }),
  );
  await hold?.signal(child, kill?.signal ?? "SIGKILL").catch((error: Error) => {
    throw new Error(`${error.message}:\n${stderr}`);
  });
  return ended;
}

type TimedKill = Extract<Kill, { readonly delayMs: number }>;

function killOnChange(child: ChildProcess, { file, delayMs, signal = "SIGKILL" }: TimedKill): NodeJS.Timeout {
  // Opening writes into the file, too, but only what is stored makes it grow.
  const size = () => statSync(file, { throwIfNoEntry: false })?.size;
  const before = size();
  const watch = setInterval(() => {
    if (size() === before) return;
    clearInterval(watch);
    setTimeout(() => child.kill(signal), delayMs);
  }, 5);
  return watch;
}

export type Dump = { manifest: Manifest; entries: Record<string, string> };

/** Everything a store holds: a hash of the bytes under every key of every database. */
export async function dump(path: string): Promise<Dump> {
  const store = FrameStore.open(path, { allowIncomplete: true });
  const entries: Record<string, string> = {};
  for (const name of ["meta", "sources", "clips", "images", "records"] as const) {
    for (const key of store.databases[name].getKeys()) {
      const bytes = name === "meta" ? store.databases.meta.get(key as string) : getBytes(store, name, key);
      entries[`${name}/${key}`] = createHash("sha256").update(bytes!).digest("hex");
    }
  }
  const { manifest } = store;
  await store.close();
  return { manifest, entries };
}

function getBytes(
  store: FrameStore,
  name: "sources" | "clips" | "images" | "records",
  key: string | number,
): Buffer {
  const bytes =
    name === "sources"
      ? store.databases.sources.get(key as string)
      : store.databases[name].get(key as number);
  return bytes!;
}
