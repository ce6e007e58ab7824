/** What the guard of terminated threads changes of FFmpeg's library in memory: in a process of its own, in which nothing was guarded yet. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const DECODE = fileURLToPath(new URL("../../dist/decode/", import.meta.url));

const PROGRAM = `
  import { readFileSync } from "node:fs";
  import { Worker } from "node:worker_threads";
  await import("node-av/lib");
  const pages = () => {
    const all = [];
    for (const line of readFileSync("/proc/self/maps", "utf8").split("\\n")) {
      const [range, protection] = line.split(" ");
      if (!line.endsWith("/node-av.node")) continue;
      const [start, end] = range.split("-").map((address) => Number.parseInt(address, 16));
      for (let page = start; page < end; page += 4096) all.push(page + " " + protection);
    }
    return all;
  };
  const before = pages();
  const code = \`
    Promise.all([import("${DECODE}termination.js"), import("node:worker_threads")]).then(([{ surviveTermination }, { parentPort }]) =>
      parentPort.postMessage(surviveTermination()))\`;
  const replaced = await Promise.all(Array.from({ length: 6 }, () => new Promise((resolve, reject) =>
    new Worker(code, { eval: true }).once("message", resolve).once("error", reject))));
  const changed = pages().filter((page, i) => page !== before[i]);
  const isGuarded = replaced.reduce((all, one) => all + one, 0) >= 20;
  console.log(JSON.stringify({ any: before.length > 0, isGuarded, changed }));`;

test.runIf(process.platform === "linux")(
  "threads that guard FFmpeg at once put functions in the place of those that it calls, and leave its pages as readable, writable and executable as they were",
  () => {
    const { stdout, stderr, signal } = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", PROGRAM],
      { cwd: DECODE, encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } },
    );
    expect({ signal, stderr }).toEqual({ signal: null, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({ any: true, isGuarded: true, changed: [] });
  },
  600_000,
);
