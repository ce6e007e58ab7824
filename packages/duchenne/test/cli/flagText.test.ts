import { Command } from "commander";
import { beforeEach, describe, expect, it } from "vitest";
import { messageWithFlags, speakFlagsOf, withFlags } from "../../src/cli/flagText.ts";
import { ConfigError, setting, settingText } from "../../src/lib/errors.ts";

beforeEach(() =>
  speakFlagsOf(
    new Command("any")
      .option("--batch <n>")
      .option("--face-swap")
      .option("--mode <name>")
      .option("--classes <list>")
      .option("--fps <hz>"),
  ),
);

describe("settings between backticks", () => {
  it.each([
    ["Leave out `batch`.", "Leave out --batch."],
    [`Use ${settingText("batch", 12)}.`, "Use --batch 12."],
    [`Use ${settingText("faceSwap", false)}.`, "Use --no-face-swap."],
    [`Use ${settingText("faceSwap", true)}.`, "Use --face-swap."],
    [`Use ${settingText("mode", "frozen")}, or knn.`, "Use --mode frozen, or knn."],
    [`Use ${settingText("classes", ["happy", "sad"])}.`, "Use --classes happy,sad."],
    [`Use ${settingText("mode", "two words")}.`, "Use --mode 'two words'."],
    ["prepare with a higher `frameRateHz`", "prepare with a higher --fps"],
  ])("%s", (text, expected) => {
    expect(withFlags(text)).toBe(expected);
  });

  it("stay if the running command has no such flag, and so does everything else between backticks", () => {
    const text = "Use `temperature: 2`, `duchenne prepare`, `face-swap` or `Batch`.";
    expect(withFlags(text)).toBe(text);
  });
});

describe("the subject of an error", () => {
  it("is a flag if it is a setting", () => {
    const error = new ConfigError(setting("batch"), "at most 12", "32", "Use `batch: 12`.");
    expect(error.message).toBe("batch: expected at most 12, received 32. Use `batch: 12`.");
    expect(messageWithFlags(error)).toBe("--batch: expected at most 12, received 32. Use --batch 12.");
  });

  it("stays if it is a file, a place in a file, or a setting without a flag", () => {
    for (const subject of ["batch", "tiny.json: batch", setting("temperature")]) {
      const error = new ConfigError(subject, "at most 12", "32");
      expect(messageWithFlags(error)).toBe(error.message);
    }
  });
});
