/** Signals at a state of a command's files rather than at a time: however busy the machine is, the command waits there. */
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const PRELOAD = new URL("preload.mjs", import.meta.url).href;
const LOOK_AGAIN_MS = 10;

/** Where a process of the command stops: right after it has changed a file so often, by a write or by putting it in its place. */
export interface HoldPoint {
  readonly file: string;
  /** Counted by each process for itself, from 1; default 1. */
  readonly change?: number;
  /** Changes after which the file has no such text do not count. */
  readonly containing?: string;
}

/** A command's processes, held at some points. */
export class Hold {
  readonly #folder = mkdtempSync(join(tmpdir(), "duchenne-hold-"));
  readonly #count: number;
  /** Variables of the command to start. */
  readonly env: Readonly<Record<string, string>>;

  constructor(points: readonly HoldPoint[]) {
    onTestFinished(() => rmSync(this.#folder, { recursive: true, force: true }));
    this.#count = points.length;
    const told = {
      folder: this.#folder,
      points: points.map((point) => ({ change: 1, containing: "", ...point })),
    };
    this.env = { NODE_OPTIONS: `--import=${PRELOAD}`, DUCHENNE_TEST_HOLD: JSON.stringify(told) };
  }

  /**
   * Waits until each point is reached by a process, signals the command, and once it has heard lets all go on. SIGKILL ends
   * those that are held, too.
   * @throws Error if the command ends before
   */
  async signal(command: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    const points = Array.from({ length: this.#count }, (_, i) => this.#at(`held-${i}`));
    await until(() => points.every(existsSync), command);
    const held = points.map((point) => Number(readFileSync(point, "utf8")));
    command.kill(signal);
    if (signal === "SIGKILL") {
      for (const pid of held) if (pid !== command.pid) process.kill(pid, signal);
    } else if (!held.includes(command.pid!))
      await until(() => existsSync(this.#at(`heard-${command.pid}`)), command);
    writeFileSync(this.#at("go"), "");
  }

  #at(name: string): string {
    return join(this.#folder, name);
  }
}

/** @throws Error if the command ends before it is true */
async function until(isTrue: () => boolean, command: ChildProcess): Promise<void> {
  while (!isTrue()) {
    if (command.exitCode !== null || command.signalCode !== null)
      throw new Error(`the command ended with ${command.exitCode ?? command.signalCode} before it was held`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
