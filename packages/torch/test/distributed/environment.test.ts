import { distributed, nn, ones, tensor } from "@duchenne/torch";
import { expect, test } from "vitest";

const { launchedRank } = distributed;
const complete = { WORLD_SIZE: "4", RANK: "3", LOCAL_RANK: "1", MASTER_ADDR: "node0", MASTER_PORT: "29500" };

test("torchrun's variables", () => {
  expect(launchedRank({})).toBeUndefined();
  expect(launchedRank(complete)).toEqual({
    ...{ rank: 3, worldSize: 4, localRank: 1, masterAddress: "node0", masterPort: 29500 },
    ...{ agentStore: false, restarts: 0 },
  });
  expect(
    launchedRank({ ...complete, TORCHELASTIC_USE_AGENT_STORE: "True", TORCHELASTIC_RESTART_COUNT: "2" }),
  ).toMatchObject({ agentStore: true, restarts: 2 });
});

test.each([
  ["RANK", "4", /RANK: expected a whole number from 0 to 3, received "4"/],
  [
    "RANK",
    undefined,
    /RANK: expected .* as torchrun and other launchers set it in the environment, received nothing/,
  ],
  ["WORLD_SIZE", "four", /WORLD_SIZE: expected a whole number .* received "four"/],
  ["MASTER_ADDR", undefined, /MASTER_ADDR: expected the address of rank 0's machine/],
  ["MASTER_PORT", "70000", /MASTER_PORT: expected a whole number from 1 to 65535, received "70000"/],
  ["LOCAL_RANK", "-1", /LOCAL_RANK: expected a whole number/],
])("%s = %s", (name, value, message) => {
  expect(() => launchedRank({ ...complete, [name]: value })).toThrow(message);
});

test("options are checked before anything is joined", () => {
  const options = { rank: 0, worldSize: 2, masterAddress: "127.0.0.1", masterPort: 29500 };
  expect(() => distributed.initProcessGroup({ ...options, rank: 2 })).toThrow(
    /rank: expected less than worldSize, 2/,
  );
  expect(() => distributed.initProcessGroup({ ...options, timeoutSeconds: 0 })).toThrow(/timeoutSeconds/);
  expect(() => distributed.initProcessGroup({ ...options, port: 1 } as never)).toThrow(
    /options: expected one of/,
  );
  expect(() => distributed.initProcessGroup({ worldSize: 2.5 })).toThrow(/expected/);
});

test("without a group collectives say so, SyncBatchNorm is BatchNorm, and leaving does nothing", () => {
  expect(distributed.isInitialized()).toBe(false);
  expect(distributed.processGroup()).toBeUndefined();
  expect(() => distributed.allReduce(ones([2]))).toThrow(/expected a process group, received none/);
  distributed.destroyProcessGroup();
  const [own, plain] = [new nn.SyncBatchNorm(2), new nn.BatchNorm1d(2)];
  const x = tensor([
    [1, 2],
    [3, 5],
  ]);
  expect(own.call(x).toArray()).toEqual(plain.call(x).toArray());
  expect([...own.stateDict().keys()]).toEqual([...plain.stateDict().keys()]);
  expect(() => own.call(ones([1, 2]))).toThrow(/several values per channel/);
});
