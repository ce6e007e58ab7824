import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { type RankResult, runRanks, startRanks } from "../rankProcesses.ts";

const errorOf = ({ status, printed }: RankResult): { message: string; peers: number[]; left: boolean } => {
  expect(status).toBe(1);
  expect(printed).toMatchObject({ name: "ProcessGroupError", left: true });
  return printed as { message: string; peers: number[]; left: boolean };
};

test.each([0, 1])("rank %i is killed: the others end soon, and name it", async (victim) => {
  const results = await runRanks("rankFault.ts", 3, { args: ["kill", String(victim), "100"], meet: true });
  const death = results[victim]!;
  expect(death.signal).toBe("SIGKILL");
  for (const result of results.filter((one) => one !== death)) {
    const { message, peers } = errorOf(result);
    // A survivor too slow to leave its note may be named as well.
    expect(peers).toContain(victim);
    expect(message).toMatch(
      /rank \d of 3: all-reduce failed: rank \d \(.+, process \d+\).* has ended or was killed/,
    );
    // Not because it did not answer in time.
    expect(message).toMatch(/met at 127\.0\.0\.1:\d+, timeout 100 s/);
  }
});

test("a rank that stops answers no more: the others end after the timeout and name it", async () => {
  const { children, results } = await startRanks("rankFault.ts", 2, { args: ["stop", "1", "5"], meet: true });
  children[0]!.on("exit", () => children[1]!.kill("SIGKILL"));
  const { message, peers } = errorOf((await results)[0]!);
  expect(peers).toEqual([1]);
  expect(message).toMatch(/rank 1 \(.+\) did not answer within 5 s/);
});

test("a rank that leaves because of an error tells the others", async () => {
  const results = await runRanks("rankFault.ts", 2, { args: ["error", "0", "100"], meet: true });
  expect(results[0]!.status).toBe(0);
  expect(errorOf(results[1]!).message).toMatch(/rank 0 \(.+\) stopped: StoreError: clip 7 is damaged/);
});

test("a rank that fails right after joining is named by those who are still joining", async () => {
  const results = await runRanks("rankFault.ts", 3, { args: ["error", "0", "100", "0"], meet: true });
  expect(results[0]!.status).toBe(0);
  for (const result of results.slice(1))
    expect(errorOf(result).message).toMatch(
      /^rank \d of 3: (joining|all-reduce) failed: rank 0 \(.+\) stopped: StoreError: clip 7 is damaged/,
    );
});

test("a rank that computes without end is ended, too, once another is killed or has an error", async () => {
  const killed = await runRanks("rankBusy.ts", 3, { args: ["kill", "1"] });
  expect(killed.map(({ signal, status }) => signal ?? status)).toEqual([1, "SIGKILL", 1]);
  for (const rank of [0, 2])
    expect(killed[rank]!.stderr).toMatch(
      new RegExp(
        `^error: rank ${rank} of 3: rank 1 \\(.+, process \\d+\\) has ended or was killed \\(met at 127.0.0.1:\\d+\\); this process ends`,
        "m",
      ),
    );
  const failed = await runRanks("rankBusy.ts", 2, { args: ["error", "0"] });
  expect(failed.map(({ status }) => status)).toEqual([0, 1]);
  expect(failed[1]!.stderr).toMatch(/rank 1 of 2: rank 0 \(.+\) stopped: StoreError: clip 7 is damaged/);
});

test("a rank that leaves as it should ends nobody", async () => {
  const { children, results } = await startRanks("rankBusy.ts", 2, { args: ["leave", "0"] });
  await once(children[0]!, "exit");
  // Longer than the others have after a death.
  await new Promise((done) => setTimeout(done, 1000));
  children[1]!.stdin!.end("end");
  const ends = await results;
  expect(ends.map(({ status }) => status)).toEqual([0, 0]);
  expect(ends.map(({ stderr }) => stderr).join("")).not.toContain("error");
});

/** One of two ranks ends as said; the other goes on once that has ended. @returns how the other ended */
async function restAfter(who: number, end: string, then: string): Promise<RankResult> {
  const { children, results } = await startRanks("rankExit.ts", 2, { args: [String(who), end, then] });
  await once(children[who]!, "exit");
  children[1 - who]!.stdin!.end("go");
  const ends = await results;
  expect(ends[who]!.status).toBe(end === "throws" ? 1 : 0);
  expect(ends[1 - who]!.status).toBe(0);
  return ends[1 - who]!;
}

test.each([
  ["throws", "stopped: RangeError: clip 7 is damaged"],
  ["exits", "has left the group"],
  ["survives", "has left the group"],
])("a rank that %s without leaving the group is named, and not as a killed one", async (end, what) => {
  const { printed } = await restAfter(1, end, "reduces");
  expect(printed).toMatch(
    new RegExp(
      `^rank 0 of 2: all-reduce failed: rank 1 \\([^)]+\\) ${what} \\(met at .+\\): .+\\. Start all processes again, from the last checkpoint`,
    ),
  );
});

test.each([
  ["rank 1 leaves after rank 0, whose store is gone", 0, "leaves"],
  ["rank 0 leaves by an error after rank 1", 1, "fails"],
])("%s: nothing is printed", async (_, who, then) => {
  expect(await restAfter(who, "exits", then)).toMatchObject({ printed: undefined, stderr: "" });
});

test("ranks that never join are named by those who did", async () => {
  const results = await runRanks("rankFault.ts", 4, { args: ["none", "0", "5"], ranks: [0, 2], meet: true });
  for (const result of results) {
    expect(errorOf(result).peers).toEqual([1, 3]);
    expect(errorOf(result).message).toMatch(/: ranks 1, 3 never joined at 127\.0\.0\.1:\d+ within 5 s/);
  }
});

test("a port in use, a world of another size", async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((done) => server.listen(0, done));
  const { port } = server.address() as { port: number };
  const inUse = await runRanks("rankFault.ts", 2, { args: ["none", "0", "5"], port, meet: true });
  server.close();
  expect(errorOf(inUse[0]!).message).toMatch(
    /port \d+ is in use by another program. Choose a free MASTER_PORT/,
  );
  expect(errorOf(inUse[1]!).message).toMatch(/rank 1 of 2.* the port may also be another program's/);
  const sizes = await runRanks("rankFault.ts", 2, {
    args: ["none", "0", "5"],
    meet: true,
    env: (rank) => ({ WORLD_SIZE: String(2 + rank) }),
  });
  const messages = sizes.map((result) => errorOf(result).message).join("\n");
  expect(messages).toMatch(/has WORLD_SIZE \d, the others have \d/);
  // The one that comes first keeps its size; if that is not the one that serves the store, the store goes with the other.
  expect(messages).toMatch(
    /rank 1 never joined|rank 1 of 3: the store at .+ stopped answering .+ its message says why/,
  );
});
