import { expect, it } from "vitest";
import { ProgressLine } from "../../src/cli/progressLine.ts";
import { ExplainedError } from "../../src/lib/errors.ts";
import { printable, printableMessage } from "../../src/lib/printable.ts";

it("escapes what a terminal takes for a command, and leaves text and lines", () => {
  expect(printable("e\x1b[31mvil\x07\r")).toBe("e\\u001b[31mvil\\u0007\\u000d");
  expect(printable("\x9b2J\u202e")).toBe("\\u009b2J\\u202e");
  expect(printable("Zoë 💡\n\tB")).toBe("Zoë 💡\n\tB");
});

it("escapes the line feeds of names in messages, and leaves those between the lines of a message", () => {
  const error = new ExplainedError("a\nerror: b.mp4", "one of\n  this\n  that", "c\td", "Mend it.");
  expect(printableMessage(error.message, error)).toBe(
    "a\\u000aerror: b.mp4: expected one of\n  this\n  that, received c\\u0009d. Mend it.",
  );
});

it("is applied to notes and to the progress", () => {
  const written: string[] = [];
  const line = new ProgressLine({ write: (text) => written.push(text) }, () => 1e9);
  line.note("warning: a\x1b]0;title\x07.mp4");
  line.note("warning: a\nerror: b.mp4");
  line.update("reading b\x1b[2J");
  expect(written.join("")).toBe(
    "warning: a\\u001b]0;title\\u0007.mp4\nwarning: a\\u000aerror: b.mp4\nreading b\\u001b[2J\n",
  );
});
