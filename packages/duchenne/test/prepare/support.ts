import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { FrameStore, type Manifest } from "../../src/store/index.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export type Finished = { code: number | null; stdout: string; stderr: string };

/** Runs the command line from source, as its users would. @param killAfterMs SIGKILL so long after its first words */
export function duchenne(args: string[], killAfterMs?: number, shellPrefix = ""): Promise<Finished> {
  const node = [process.execPath, "--import", "tsx", "--conditions=source", MAIN, ...args];
  const child = spawn("bash", ["-c", `${shellPrefix} exec "$@"`, "bash", ...node], {
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data: Buffer) => {
    stdout += data;
  });
  child.stderr.on("data", (data: Buffer) => {
    if (stderr === "" && killAfterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    stderr += data;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
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
