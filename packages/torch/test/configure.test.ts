import { availableParallelism } from "node:os";
import { type Configuration, configure } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { runChild } from "./childProcess.ts";

const inChild = async (...args: string[]) => {
  const { status, stderr, printed } = await runChild("configured.ts", { args });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return printed as Record<"before" | "after", State> & { errors: string[]; child: string };
};

interface State {
  loaded: boolean;
  spinCount: string | null;
  denormal: number;
  reserved: number;
}

describe("a process of its own", () => {
  test("importing the package loads nothing native and changes nothing", async () => {
    const { before, after } = await inChild();
    expect(before).toEqual({ loaded: false, spinCount: null });
    expect(after).toMatchObject({ loaded: true, spinCount: null, reserved: 0 });
    expect(after.denormal).toBeGreaterThan(0);
  });

  test("configure loads nothing either; its settings hold from the first tensor on", async () => {
    const asked = { threads: 2, allocator: "keep", flushDenormals: true, spinCount: 77, cudnn: "benchmark" };
    const { before, after } = await inChild(JSON.stringify(asked));
    expect(before).toEqual({ loaded: false, spinCount: "77" });
    expect(after).toMatchObject({ loaded: true, threads: 2, spinCount: "77", cudnn: [true, false] });
    expect(after.reserved).toBeGreaterThan(0);
    if (process.arch === "x64") expect(after.denormal).toBe(0);
  });

  test("what comes too late is refused and sets nothing; what can still be set is", async () => {
    const { errors, after } = await inChild(
      "{}",
      JSON.stringify({ threads: 3, flushDenormals: true }),
      JSON.stringify({ threads: 3, spinCount: 5 }),
      JSON.stringify({ threads: 2, flushDenormals: false, allocator: "system" }),
      JSON.stringify({ allocator: "keep" }),
      JSON.stringify({ cudnn: "deterministic" }),
    );
    expect(errors).toHaveLength(3);
    expect(errors[0]).toMatch(/configure: flushDenormals: expected a call before libtorch is loaded/);
    expect(errors[1]).toMatch(
      /configure: spinCount: expected .* received 5 after it\. Call `configure` where/,
    );
    expect(errors[2]).toMatch(/configure: allocator: /);
    expect(after).toMatchObject({ threads: 2, reserved: 0, cudnn: [false, true] });
  });
});

test("threads started after configure share its settings, also if they compute first", async () => {
  const { status, stderr, printed } = await runChild("configuredWorker.mjs");
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const denormal = process.arch === "x64" ? 0 : expect.any(Number);
  expect(printed).toEqual({ worker: { denormal, keeps: true }, main: { denormal, keeps: true } });
});

test.each<[Configuration, string]>([
  [{ threads: 0 }, "configure: threads: expected an integer in"],
  [{ threads: 17 * availableParallelism() }, "configure: threads: expected an integer in"],
  [{ allocator: "mine" as "keep" }, "configure: allocator: expected keep or system, received mine"],
  [{ flushDenormals: 1 as unknown as true }, "configure: flushDenormals: expected true or false, received 1"],
  [
    { spinCount: -1 },
    "configure: spinCount: expected an integer from 0, received -1. Pass an integer from 0, or leave it out.",
  ],
  [{ cudnn: "fast" as "benchmark" }, "configure: cudnn: expected benchmark or deterministic, received fast"],
  [{ thread: 1 } as object, "configure: options: expected one of threads, allocator"],
])("%j is refused", (configuration, message) => {
  expect(() => configure(configuration)).toThrow(message);
});
