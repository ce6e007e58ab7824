import { describe, expect, it } from "vitest";
import { describeFault, findTightLimit } from "../../src/cli/lastResort.ts";
import { clampThreads } from "../../src/cli/threads.ts";
import { hasBfloat16 } from "../../src/ssl/config/bfloat16.ts";

const limits = (files: string, bytes: string) =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax address space         ${bytes}            unlimited            bytes\nMax open files            ${files}                 1048576              files\n`;

describe("limits of the process", () => {
  it("names the one that is too low", () => {
    expect(findTightLimit(limits("64", "unlimited"))).toMatch(/open files .* at least 192, received 64/);
    expect(findTightLimit(limits("1024", "1024000000"))).toMatch(/address space .* received 1000000 KB/);
    expect(findTightLimit(limits("1024", "unlimited"))).toBeUndefined();
    expect(findTightLimit("")).toBeUndefined();
  });

  it.each([
    [Object.assign(new Error("EMFILE: too many open files, open 'a'"), { code: "EMFILE" }), /ulimit -n/],
    [new RangeError("WebAssembly.instantiate(): Out of memory"), /ulimit -v/],
    [Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }), /Free space/],
  ])("%s says what to do", (error, remedy) => {
    expect(describeFault(error)).toMatch(remedy);
    expect(describeFault(error)).toMatch(/expected .*, received /);
  });
});

it.each([
  ["40", 2, "2"],
  ["100000", 4, "4"],
  ["100000,2", 4, "4"],
  ["2", 4, undefined],
  ["", 4, undefined],
])("OMP_NUM_THREADS=%s on %i processors", (wanted, processors, clamped) => {
  const environment = { OMP_NUM_THREADS: wanted };
  const notice = clampThreads(environment, processors);
  expect(environment.OMP_NUM_THREADS).toBe(clamped ?? wanted);
  if (clamped === undefined) expect(notice).toBeUndefined();
  else expect(notice).toContain(`there are ${processors} processors`);
});

it("knows processors with instructions for bfloat16", () => {
  expect(hasBfloat16("flags\t\t: fpu avx512f avx512_bf16 amx_tile")).toBe(true);
  expect(hasBfloat16("Features\t: fp asimd bf16")).toBe(true);
  expect(hasBfloat16("flags\t\t: fpu avx2 avx512f")).toBe(false);
  expect(hasBfloat16(undefined)).toBe(true);
});
