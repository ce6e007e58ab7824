import { afterEach, expect, test, vi } from "vitest";
import { withInterrupt } from "../../src/cli/interrupt.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const ENDED = new Error("the process would end here");

/** Sends signals at given times. @returns how often work was told to stop, and the codes of `process.exit` */
async function signalled(atMs: readonly number[]) {
  const codes: unknown[] = [];
  vi.spyOn(process, "exit").mockImplementation((code): never => {
    codes.push(code);
    throw ENDED;
  });
  const clock = vi.spyOn(performance, "now");
  const onStop = vi.fn();
  const aborted = await withInterrupt(onStop, async (signal) => {
    for (const [i, at] of atMs.entries()) {
      clock.mockReturnValue(at);
      const name = i % 2 === 0 ? "SIGINT" : "SIGTERM";
      const listener = process.listeners(name).at(-1) as (signal: string) => void;
      try {
        listener(name);
      } catch (error) {
        if (error !== ENDED) throw error;
      }
    }
    return signal.aborted;
  });
  return { aborted, stops: onStop.mock.calls.length, codes };
}

test("a first signal asks, a second one ends the process", async () => {
  vi.stubEnv("WORLD_SIZE", undefined);
  expect(await signalled([])).toEqual({ aborted: false, stops: 0, codes: [] });
  expect(await signalled([5000])).toEqual({ aborted: true, stops: 1, codes: [] });
  expect(await signalled([5000, 5010])).toEqual({ aborted: true, stops: 1, codes: [130] });
});

test("under a launcher, its signal and the terminal's are one request; one that comes later ends the process", async () => {
  vi.stubEnv("WORLD_SIZE", "2");
  expect(await signalled([5000, 5010])).toEqual({ aborted: true, stops: 1, codes: [] });
  expect(await signalled([5000, 5010, 6500])).toEqual({ aborted: true, stops: 1, codes: [130] });
});
