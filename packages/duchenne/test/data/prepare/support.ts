import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { FrameStore, type Manifest } from "../../../src/data/store/index.ts";
import { PROGRAM } from "../../program.ts";

export type Finished = { code: number | null; stdout: string; stderr: string };

/** When to kill (or to signal): so long after `file`, or the last of several, first changes; half of the time of a run passes before anything is stored. */
export type Kill = { file: string | readonly string[]; delayMs: number; signal?: NodeJS.Signals };

/** Runs the command line as its users would. @param shellPrefix a shell command to run before it */
export function duchenne(args: string[], kill?: Kill, shellPrefix = ""): Promise<Finished> {
  const node = [process.execPath, PROGRAM, ...args];
  const env = { ...process.env, NODE_OPTIONS: "" };
  const child = spawn("bash", ["-c", `${shellPrefix} exec "$@"`, "bash", ...node], { env });
  const watch = kill && killOnChange(child, kill);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data: Buffer) => {
    stdout += data;
  });
  child.stderr.on("data", (data: Buffer) => {
    stderr += data;
  });
  return new Promise((resolve) =>
    child.on("close", (code) => {
      clearInterval(watch);
      resolve({ code, stdout, stderr });
    }),
  );
}

function killOnChange(child: ChildProcess, { file, delayMs, signal = "SIGKILL" }: Kill): NodeJS.Timeout {
  // Opening writes into the file, too, but only what is stored makes it grow.
  const sizes = () => [file].flat().map((each) => statSync(each, { throwIfNoEntry: false })?.size);
  const before = sizes();
  const watch = setInterval(() => {
    if (sizes().some((size, i) => size === before[i])) return;
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
