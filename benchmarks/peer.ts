import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/**
 * A process that measures on request: for each line it reads it runs one round and answers with one line of JSON. Ours and
 * the reference take turns that way, so that whatever else the machine does hits both.
 */
export class Peer {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  /** @param folder where the process runs; this process's own unless it is set */
  constructor(command: string, args: readonly string[], folder?: string) {
    this.#process = spawn(command, args, { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error if the process ended */
  async ask(request: string): Promise<number> {
    this.#process.stdin.write(`${request}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.#process.spawnargs.join(" ")} ended before it answered`);
    return JSON.parse(value) as number;
  }

  get pid(): number {
    return this.#process.pid!;
  }

  end(): void {
    this.#process.stdin.end();
  }
}

/** A Python with torch, or undefined; says on standard error that the reference is missing. */
export function pythonWithTorch(): string | undefined {
  for (const python of [process.env.PYTHON, "/usr/bin/python3", "python3"])
    if (python && spawnSync(python, ["-c", "import torch"], { stdio: "ignore" }).status === 0) return python;
  console.error(
    "reference missing: no Python with torch (Debian: apt-get install --no-install-recommends python3-torch)",
  );
  return undefined;
}

/** One of this folder's programs, run as this one is. */
export function ours(program: string, args: readonly string[] = []): Peer {
  return new Peer(process.execPath, [
    ...process.execArgv,
    new URL(program, import.meta.url).pathname,
    ...args,
  ]);
}

/** The same program of a checkout, run there. @param checkout its root */
export function peerOf(checkout: string, program: string, args: readonly string[] = []): Peer {
  return new Peer(
    process.execPath,
    [...process.execArgv, join(checkout, "benchmarks", program), ...args],
    checkout,
  );
}

export function reference(python: string, program: string, args: readonly string[] = []): Peer {
  return new Peer(python, [new URL(`reference/${program}`, import.meta.url).pathname, ...args]);
}
