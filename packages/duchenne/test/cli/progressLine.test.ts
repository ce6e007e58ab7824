import { describe, expect, it, vi } from "vitest";
import { integerArgument, numberArgument } from "../../src/cli/arguments.ts";
import { ProgressLine } from "../../src/cli/progressLine.ts";
import { formatDuration } from "../../src/lib/duration.ts";
import { fitLine, progressText } from "../../src/lib/progressText.ts";

function recorded(isTTY: boolean) {
  const written: string[] = [];
  const time = { ms: 0 };
  const stream = { isTTY, columns: 20, write: (text: string) => written.push(text) };
  return { written, time, line: new ProgressLine(stream, () => time.ms) };
}

it("rewrites one line on a terminal, cut to its width, and clears it before a note", () => {
  const { written, time, line } = recorded(true);
  line.update("1 of 10");
  time.ms = 50;
  line.update("too soon");
  time.ms = 200;
  line.update("a line much longer than the terminal");
  line.note("warning: odd");
  expect(written).toEqual([
    "\r\x1b[2K1 of 10",
    "\r\x1b[2Ka line much longer ",
    "\r\x1b[2K",
    "warning: odd\n",
  ]);
});

it("rewrites several lines, and takes as many away", () => {
  const { written, time, line } = recorded(true);
  line.update("a: 1", "b: 1");
  time.ms = 200;
  line.update("b: 2");
  line.clear();
  const erase = "\r\x1b[2K";
  expect(written).toEqual([`${erase}a: 1\nb: 1`, `${erase}\x1b[1A${erase}b: 2`, erase]);
});

it("stays one line whatever a file is called", () => {
  const { written, line } = recorded(false);
  line.update("1 of 2  a\u001b[31m\nerror: b\t.jpg");
  expect(written).toEqual(["1 of 2  a\\u001b[31m\\u000aerror: b\\u0009.jpg\n"]);
});

it("writes a line every five seconds where there is no terminal", () => {
  const { written, time, line } = recorded(false);
  for (time.ms = 0; time.ms <= 12_000; time.ms += 100) line.update(`${time.ms / 1000} s`, "more");
  line.clear();
  expect(written).toEqual(["0 s\nmore\n", "5 s\nmore\n", "10 s\nmore\n"]);
});

it("says durations as people do", () => {
  expect([0.4, 8, 200, 3725].map(formatDuration)).toEqual(["0 s", "8 s", "3 min 20 s", "1 h 02 min"]);
});

it("takes numbers and fractions within bounds as arguments", () => {
  expect(numberArgument(0.01, 1000)("25/6")).toBeCloseTo(25 / 6);
  expect(integerArgument(1, 8)("8")).toBe(8);
  for (const text of ["", "abc", "1/0", "0", "-1", "1e9"])
    expect(() => numberArgument(0.01, 1000)(text)).toThrow(/0.01/);
  for (const text of ["", "2.5", "9", "x"]) expect(() => integerArgument(1, 8)(text)).toThrow(/whole number/);
});

describe("every command's progress", () => {
  const parts = {
    share: 0.456,
    rate: "1234 images/s",
    secondsLeft: 200,
    details: ["step 456 of 1000", "loss 3.142", "top-1 45 %", "epoch 4.6/10", "wait 0.1 %"],
  };

  it("begins with bar, share, rate and time left, and has whole parts at any width", () => {
    const line = progressText(parts);
    expect(line).toMatch(/^█{9}░{11} {3}45 % {2}1234 images\/s {2}3 min 20 s left {2}step 456/);
    for (const width of [60, 79, 100]) {
      const fitted = fitLine(line, width);
      expect(fitted.length).toBeLessThanOrEqual(width);
      expect(fitted).toContain("3 min 20 s left");
      for (const part of fitted.split("  ")) expect(line.split("  ")).toContain(part);
    }
  });

  it("breaks no word where a part is longer than the line", () => {
    expect(fitLine("stopping after the current step", 20)).toBe("stopping after the");
    expect(fitLine("short", 20)).toBe("short");
  });

  it("says nothing of what it does not know", () => {
    expect(progressText({ share: Number.NaN, secondsLeft: Number.NaN, details: ["3.2 s"] })).toBe("3.2 s");
    expect(progressText({ share: 2 })).toBe(`${"█".repeat(20)}  100 %`);
  });

  it("has colour on a terminal alone, and heeds NO_COLOR", () => {
    const shown = (isTTY: boolean) => {
      const { written, line } = recorded(isTTY);
      line.update(progressText({ share: 0.5 }).slice(0, 12));
      return written.join("");
    };
    vi.stubEnv("TERM", "xterm");
    vi.stubEnv("NO_COLOR", "");
    vi.stubEnv("FORCE_COLOR", "1");
    expect(shown(true)).toContain("\x1b[36m");
    expect(shown(false)).not.toContain("\x1b[");
    vi.stubEnv("NO_COLOR", "1");
    expect(shown(true)).not.toContain("\x1b[3");
    vi.unstubAllEnvs();
  });
});
