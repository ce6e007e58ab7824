import { ones } from "@duchenne/torch";
import { afterEach, expect, test, vi } from "vitest";
import { withoutMemoryHooks } from "../src/core/native.ts";

const seen = vi.hoisted(() => ({ opening: [] as (string | undefined)[] }));
vi.mock("@duchenne/addon", async (original) => {
  const addon = await original<typeof import("@duchenne/addon")>();
  const openAddon: typeof addon.openAddon = (...addons) => {
    seen.opening.push(process.env.UCX_MEM_EVENTS);
    return addon.openAddon(...addons);
  };
  return { ...addon, openAddon };
});

afterEach(() => void vi.unstubAllEnvs());

const ucxMemEvents = () => process.env.UCX_MEM_EVENTS;

test("libtorch is loaded without UCX's memory hooks, and the environment is then as it was", () => {
  vi.stubEnv("UCX_MEM_EVENTS", undefined);
  const before = { ...process.env };
  ones([1]);
  expect(seen.opening).toEqual(["n"]);
  expect({ ...process.env }).toEqual(before);
});

test("UCX's memory hooks are off while libtorch is loaded, and only then", () => {
  vi.stubEnv("UCX_MEM_EVENTS", undefined);
  expect(withoutMemoryHooks(ucxMemEvents)).toBe("n");
  expect("UCX_MEM_EVENTS" in process.env).toBe(false);
  const failing = () => {
    throw new Error("no libtorch");
  };
  expect(() => withoutMemoryHooks(failing)).toThrow("no libtorch");
  expect("UCX_MEM_EVENTS" in process.env).toBe(false);
});

test("a user's choice about UCX's memory hooks stays", () => {
  vi.stubEnv("UCX_MEM_EVENTS", "y");
  expect([withoutMemoryHooks(ucxMemEvents), ucxMemEvents()]).toEqual(["y", "y"]);
});
