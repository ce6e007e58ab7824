import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { runRanks } from "../rankProcesses.ts";

test("two ranks: every collective, and calls that are mistakes end nothing", async () => {
  const results = await runRanks("collectives.ts", 2);
  for (const [rank, { status, stderr, printed }] of results.entries()) {
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { failures, ...values } = printed as { failures: Record<string, string> };
    expect(values).toEqual({
      sum: [
        [3, 4],
        [6, 9],
      ],
      column: [
        [3, 2],
        [6, 4 + rank],
      ],
      max: [1, 10],
      root: 7,
      gathered: [
        [0, 0],
        [1, -1],
      ],
      uneven: [
        [0, 0],
        [1, 1],
        [1, 1],
      ],
      texts: ["größe ", "größe x"],
      buckets: [
        [3, 1],
        [3, 1],
        [3, 1],
        [1, 4],
      ],
      running: [expect.closeTo(0.05, 6), expect.closeTo(0.1, 6)],
    });
    expect(failures).toEqual({
      before: expect.stringMatching(/expected a process group, received none. Call initProcessGroup first/),
      twice: expect.stringMatching(/this process is in a process group already/),
      root: expect.stringMatching(/root: expected a rank of 0 to 1, received 2/),
      dtype: expect.stringMatching(
        /expected a tensor of float32, .* received bool\. Convert it first, with to\(\{ dtype \}\)$/,
      ),
      reduction: expect.stringMatching(/expected one of sum, max, min, product, received avg/),
      gaps: expect.stringMatching(/without gaps in memory/),
      version: expect.stringMatching(/modified by an inplace operation/),
    });
  }
});

test("SyncBatchNorm over three ranks with 2, 3 and 4 rows is BatchNorm over 9, forward and backward", async () => {
  for (const { status, stderr, printed } of await runRanks("syncBatchNorm.ts", 3)) {
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(Object.keys(printed as object)).toHaveLength(5);
    for (const error of Object.values(printed as Record<string, number>)) expect(error).toBeLessThan(1e-7);
  }
});

test("a group belongs to one thread, and a second copy of the package does not make a second one", async () => {
  if (!existsSync(new URL("../../dist/index.js", import.meta.url))) throw new Error("run `make build` first");
  const [{ status, stderr, printed } = expect.fail()] = await runRanks("groupGuards.ts", 1);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(printed).toEqual({
    second: expect.stringMatching(/already, as rank 0 of 1. Call destroyProcessGroup first/),
    inWorker: expect.stringMatching(/belongs to the thread that joined it/),
    sum: 3,
  });
});
