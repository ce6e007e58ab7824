import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkpointsOf, listCheckpoints, readCheckpoint } from "../../../src/ssl/run/checkpoint.ts";
import { metricsOf } from "../../../src/ssl/run/runRecord.ts";
import { duchenne } from "../../data/prepare/support.ts";
import { TINY_SETTINGS, tinyConfig, trainTiny, writeTinyStore } from "./tinyStore.ts";

const folder = mkdtempSync(join(tmpdir(), "duchenne-command-"));
const [store, settings] = [join(folder, "store"), join(folder, "tiny.json")];

beforeAll(async () => {
  writeFileSync(settings, JSON.stringify(TINY_SETTINGS));
  await writeTinyStore(store);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("duchenne pretrain", () => {
  it("on Ctrl-C saves, ends with 130 and says how to go on; gone on with, needs nothing but the folder", async () => {
    const run = join(folder, "stopped");
    const args = ["pretrain", store, "--config", settings, "--steps", "100", "--out", run];
    const stopped = await duchenne(args, { at: [{ file: metricsOf(run) }], signal: "SIGINT" });
    expect(stopped.code).toBe(130);
    const [, step] = /stopped after step (\d+) of 100; saved in .*checkpoints\/\1\. .*--resume/.exec(
      stopped.stderr,
    )!;
    expect(readCheckpoint(join(checkpointsOf(run), step!)).state.config.steps).toBe(100);

    const resumed = await duchenne([
      "pretrain",
      "--out",
      run,
      "--resume",
      "--json",
      "--checkpoint-every",
      "100",
    ]);
    expect(resumed.stderr).toContain(`resuming from step ${step}`);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ step: 100, totalSteps: 100 });
  });

  it("on a full disk says so, names the folder, and leaves the last good checkpoint as it was", async () => {
    const run = join(folder, "full");
    await trainTiny(store, run, tinyConfig({ steps: 8 }), stopAfterFirstStep());
    const [{ step, path }] = listCheckpoints(checkpointsOf(run)) as [{ step: number; path: string }];
    const before = hashes(path);
    // A limit on the size of files fails a write just as a full disk does, and needs no disk of its own. Unit: KB.
    const refused = await duchenne(["pretrain", "--out", run, "--resume"], undefined, "ulimit -f 3000;");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      new RegExp(
        `error: .*full/checkpoints/\\d+: expected a disk .*the one of step ${step} is untouched.*--resume`,
      ),
    );
    expect(refused.stderr).not.toMatch(/\n\s+at /);
    expect(readdirSync(checkpointsOf(run))).toEqual([String(step)]);
    expect(hashes(path)).toEqual(before);
    const resumed = await duchenne(["pretrain", "--out", run, "--resume", "--json"]);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ step: 8 });
  });

  it("ends with 2 when called wrongly, naming flag, or file and key", async () => {
    const wrong = async (...args: string[]) => {
      const { code, stdout, stderr } = await duchenne([
        "pretrain",
        store,
        "--out",
        join(folder, "no"),
        ...args,
      ]);
      expect([code, stdout]).toEqual([2, ""]);
      return stderr;
    };
    writeFileSync(join(folder, "typo.json"), '{ "batchSize": 3 }');
    const refusals = await Promise.all([
      wrong("--learning-rate", "-1"),
      wrong("--epochs", "1", "--steps", "1"),
      wrong("--config", join(folder, "typo.json")),
      wrong("--no-such-flag"),
      wrong("--method", "byol", "--mask-fn"),
      wrong("--config", settings, "--device", "tpu"),
    ]);
    expect(refusals).toEqual([
      expect.stringMatching(/^error: --learning-rate: expected more than 0, received -1/),
      expect.stringMatching(/^error: --steps: expected to be alone, or --epochs, received both/),
      expect.stringMatching(/^error: .*typo.json: batchSize: expected one of preset, method/),
      expect.stringMatching(/unknown option '--no-such-flag'/),
      expect.stringMatching(/^error: byol: maskFn: expected off: BYOL has no negatives, received on/),
      expect.stringMatching(/^error: --device: expected cpu, or one of \d+ CUDA devices/),
    ]);
    expect(existsSync(join(folder, "no"))).toBe(false);
  });
});

/** Of a folder's files. */
const hashes = (path: string) =>
  readdirSync(path).map((name) =>
    createHash("sha256")
      .update(readFileSync(join(path, name)))
      .digest("hex"),
  );

function stopAfterFirstStep() {
  const controller = new AbortController();
  return { signal: controller.signal, onProgress: () => controller.abort() };
}
