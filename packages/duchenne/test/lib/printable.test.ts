import { expect, it } from "vitest";
import { ProgressLine } from "../../src/cli/progressLine.ts";
import { printable } from "../../src/lib/printable.ts";

it("escapes what a terminal takes for a command, and leaves text and lines", () => {
  expect(printable("e\x1b[31mvil\x07\r")).toBe("e\\u001b[31mvil\\u0007\\u000d");
  expect(printable("\x9b2J\u202e")).toBe("\\u009b2J\\u202e");
  expect(printable("Zoë 💡\n\tB")).toBe("Zoë 💡\n\tB");
});

it("is applied to notes and to the progress", () => {
  const written: string[] = [];
  const line = new ProgressLine({ write: (text) => written.push(text) }, () => 1e9);
  line.note("warning: a\x1b]0;title\x07.mp4");
  line.update("reading b\x1b[2J");
  expect(written.join("")).toBe("warning: a\\u001b]0;title\\u0007.mp4\nreading b\\u001b[2J\n");
});
