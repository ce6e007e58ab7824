import { Terminal } from "@xterm/headless";
import { describe, expect, it, vi } from "vitest";
import { integerArgument, numberArgument } from "../../src/cli/arguments.ts";
import { fitLine, ProgressLine } from "../../src/cli/progressLine.ts";
import { writeOverRows } from "../../src/cli/terminalRows.ts";
import { formatDuration } from "../../src/lib/duration.ts";
import { progressText } from "../../src/lib/progressText.ts";

function recorded(isTTY: boolean) {
  const written: string[] = [];
  const time = { ms: 0 };
  const stream = { isTTY, columns: 20, write: (text: string) => written.push(text) };
  return { written, time, line: new ProgressLine(stream, () => time.ms) };
}

/** What a terminal shows after each text that the line writes to it. */
function onTerminal(columns: number) {
  const terminal = new Terminal({ cols: columns, rows: 10, convertEol: true, allowProposedApi: true });
  const time = { ms: 0 };
  const written: string[] = [];
  const stream = {
    isTTY: true,
    columns,
    rows: 10,
    write: (text: string) => {
      written.push(text);
      terminal.write(text);
    },
  };
  const line = new ProgressLine(stream, () => time.ms);
  const screen = async () => {
    await new Promise<void>((done) => terminal.write("", done));
    const { active } = terminal.buffer;
    const rows = Array.from({ length: active.length }, (_, y) => active.getLine(y)?.translateToString(true));
    return rows.join("\n").trimEnd().split("\n");
  };
  const update = (...lines: string[]) => {
    time.ms += 200;
    line.update(...lines);
  };
  /** What a library or another process writes: the line does not hear of it. */
  const foreign = (text: string) => terminal.write(text);
  return { line, time, written, update, screen, foreign, stream };
}

it("rewrites one line on a terminal, cut to its width, and takes it away before a note", async () => {
  const { line, time, update, screen } = onTerminal(20);
  update("1 of 10");
  time.ms += 50;
  line.update("too soon");
  expect(await screen()).toEqual(["1 of 10"]);
  update("a line much longer than the terminal");
  expect(await screen()).toEqual(["a line much longer"]);
  line.note("warning: odd");
  expect(await screen()).toEqual(["warning: odd"]);
  update("3 of 10");
  expect(await screen()).toEqual(["warning: odd", "3 of 10"]);
});

it("rewrites several lines, and takes as many away", async () => {
  const { line, update, screen } = onTerminal(20);
  update("a: 1", "b: 1");
  expect(await screen()).toEqual(["a: 1", "b: 1"]);
  update("a: 1", "b: 2");
  expect(await screen()).toEqual(["a: 1", "b: 2"]);
  update("b: 3");
  expect(await screen()).toEqual(["b: 3"]);
  line.clear();
  expect(await screen()).toEqual([""]);
});

it("breaks a note between words on a terminal, and no path", async () => {
  const { line, screen, written } = onTerminal(20);
  line.note("warning: the film has no sound");
  expect(await screen()).toEqual(["warning: the film", "has no sound"]);
  line.note(`see ${"/long".repeat(6)}`);
  expect(written.at(-1)).toBe(`see\n${"/long".repeat(6)}\n`);
});

it("leaves the first line of an error whole that another part of the program writes beneath", async () => {
  const { line, update, screen, written, foreign } = onTerminal(70);
  update(progressText({ share: 0.5, rate: "9 images/s" }));
  expect(written.join("")).not.toContain("\n");
  foreign("error: a.mp4 is no video\r\n");
  line.clear();
  expect((await screen()).join("\n")).toMatch(/error: a\.mp4 is no video$/);
  update("2 of 3");
  foreign("row 1\r\nrow 2\r\n");
  update("3 of 3");
  const rows = await screen();
  expect(rows.slice(1)).toEqual(["2 of 3row 1", "row 2", "3 of 3"]);
  line.clear();
  expect(await screen()).toEqual(rows.slice(0, 3));
});

it("erases no other program's line beneath several lines either, at the foot of the terminal too", async () => {
  const { line, update, screen, foreign } = onTerminal(40);
  foreign("above\r\n".repeat(12));
  update("a: 1", "b: 1", "c: 1");
  foreign("error: rank 1 was killed\r\n");
  update("a: 2", "b: 2", "c: 2");
  foreign("warning: once\r\nwarning: twice\r\n");
  update("a: 3", "b: 3");
  const rows = ["a: 1error: rank 1 was killed", "a: 2warning: once", "warning: twice"];
  expect((await screen()).slice(12)).toEqual([...rows, "a: 3", "b: 3"]);
  line.clear();
  expect(await screen()).toEqual([...Array<string>(12).fill("above"), ...rows]);
});

it("is taken away by the process that speaks for the ranks; a log gets the line alone", async () => {
  const { update, screen, stream } = onTerminal(40);
  update("a: 1", "b: 1");
  writeOverRows(stream, "error: rank 1 was killed\n");
  expect(await screen()).toEqual(["error: rank 1 was killed"]);
  const written: string[] = [];
  writeOverRows({ write: (text) => written.push(text) }, "error: rank 1 was killed\n");
  expect(written).toEqual(["error: rank 1 was killed\n"]);
});

it("comes back at once after a line that stays", async () => {
  const { line, update, screen } = onTerminal(40);
  update("1 of 3");
  line.note("warning: odd");
  line.update("2 of 3");
  expect(await screen()).toEqual(["warning: odd", "2 of 3"]);
});

it.each([0, undefined])("takes a terminal of size %j for one of 80 columns and 24 rows", async (size) => {
  const { line, update, screen, stream, written } = onTerminal(80);
  Object.assign(stream, { columns: size, rows: size });
  const row = `${progressText({ share: 0.5, rate: "9 images/s", secondsLeft: 9 })}  step 1 of 10`;
  update(row);
  expect(await screen()).toEqual([row]);
  update(...Array.from({ length: 30 }, (_, i) => `row ${i}`));
  expect(written.at(-1)).toContain("row 23");
  expect(written.at(-1)).not.toContain("row 24");
  line.note(`warning: ${"word ".repeat(20).trim()}`);
  expect(written.at(-1)!.split("\n")[0]).toHaveLength(78);
});

it("writes the names in a note byte for byte, with letters whose marks are characters of their own", () => {
  const { line, written } = onTerminal(20);
  const name = "Videos/cafe\u0301  im Mai/a\u0308.mp4";
  line.note(`warning: ${name} has no face`);
  expect(written.at(-1)).toContain(name);
});

it("never hides the cursor, so that a killed command needs not show it again", () => {
  const { update, line, written } = onTerminal(40);
  update("1 of 2");
  line.clear();
  expect(written.join("")).not.toContain("\x1b[?25");
});

it.each([40, 80, 120])("keeps to one row of %i columns, whatever the names are", async (columns) => {
  const { update, screen } = onTerminal(columns);
  const details = [
    "写真/表情の動画ファイル.mp4",
    "笑顔の人 12 of 40",
    "👩‍👩‍👧 family.mp4",
    "epoch 4 of 10",
    "loss 3.142",
  ];
  update(progressText({ share: 0.45, rate: "12 clips/s", secondsLeft: 200, details }));
  update(progressText({ share: 0.46, rate: "12 clips/s", secondsLeft: 190, details }));
  const rows = await screen();
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatch(/46 % {2}12 clips\/s {2}3 min 10 s left/);
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

  it("shortens the bar before it leaves out the time left, and keeps the stage", () => {
    const line = `3 of 6  ${progressText(parts)}`;
    expect(fitLine(line, 79)).toMatch(/^3 of 6 {2}█{9}░{11} {3}45 % .* left/);
    expect(fitLine(line, 59)).toMatch(/^3 of 6 {2}█{5}░{7} {3}45 % {2}1234 images\/s {2}3 min 20 s left$/);
    expect(fitLine(line, 46)).toBe("3 of 6  45 %  1234 images/s  3 min 20 s left");
    expect(fitLine(line, 39)).toBe("3 of 6  45 %  3 min 20 s left");
    const long = `12 of 16  ${progressText({ ...parts, share: 1, rate: "123456 images/s", secondsLeft: 86_000 })}`;
    expect(fitLine(long, 39)).toBe("12 of 16  100 %  23 h 53 min left");
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
