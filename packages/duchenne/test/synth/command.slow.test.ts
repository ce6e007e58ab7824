import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { synthCommand } from "../../src/cli/synth.ts";
import { synthesize, synthOptions } from "../../src/synth/index.ts";
import { Hold } from "../hold/hold.ts";
import { PROGRAM } from "../program.ts";

const folder = mkdtempSync(path.join(tmpdir(), "synth-command-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `duchenne synth` in a process of its own. */
function run(
  out: string,
  extra: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { child: ChildProcess; done: Promise<Ended> } {
  const flags = ["--out", out, "--actors", "3", "--clips", "2", "--seconds", "1", "--seed", "3", ...extra];
  const child = spawn(process.execPath, [PROGRAM, "synth", ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const done = new Promise<Ended>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, done };
}

/** Hashes of all films and tables below a folder, by path. */
function contents(out: string): Record<string, string> {
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const hashes = files.map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return [path.relative(out, file), createHash("sha256").update(readFileSync(file)).digest("hex")] as const;
  });
  return Object.fromEntries(hashes.sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe("duchenne synth", () => {
  it("explains itself, with an example", () => {
    let help = "";
    synthCommand()
      .configureOutput({
        writeOut: (text) => {
          help += text;
        },
      })
      .exitOverride()
      .outputHelp();
    expect(help).toContain("--intensity <low..high>");
    expect(help).toContain("$ duchenne synth --actors 200 --clips 2 --seconds 8 --seed 1 --out synth/");
  });

  it("killed and started again, ends up with an undisturbed run's bytes and one line of JSON", async () => {
    const whole = path.join(folder, "whole");
    await synthesize(synthOptions({ out: whole, actors: 3, clips: 2, seconds: 1, seed: 3, workers: 1 }));
    const broken = path.join(folder, "broken");
    const hold = new Hold([{ file: path.join(broken, "actor0001", "clip00.mp4") }]);
    const first = run(broken, ["--workers", "1"], hold.env);
    await hold.signal(first.child, "SIGKILL");
    await first.done;
    expect(existsSync(path.join(broken, "labels.csv"))).toBe(false);
    const second = await run(broken, ["--workers", "2", "--json"]).done;
    expect(second.code, second.stderr).toBe(0);
    const lines = second.stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(1);
    const summary = JSON.parse(lines[0]!);
    expect(summary).toMatchObject({ actors: 3, clips: 6, out: broken });
    expect(summary.skippedClips).toBeGreaterThanOrEqual(3);
    expect(summary.frames).toBe((6 - summary.skippedClips) * 25);
    expect(contents(broken)).toEqual(contents(whole));
  });
});
