import { TorchError, WeightsError } from "@duchenne/torch";
import { expect, test } from "vitest";

test("a WeightsError is a TorchError of its own name, its fields in its message", () => {
  const error = new WeightsError({
    file: "a.pth",
    offset: 7,
    reason: "header",
    expected: "x",
    received: "y",
  });
  expect(error).toBeInstanceOf(TorchError);
  expect(error.name).toBe("WeightsError");
  expect(error.message).toBe(
    "a.pth at byte 7: header: expected x, received y. The file is damaged, or was not written as a weights file: save or download it again.",
  );
  const other = new WeightsError({ file: "a.pth", reason: "byte order", remedy: "Save it again." });
  expect(other.message).toBe("a.pth: byte order. Save it again.");
});
