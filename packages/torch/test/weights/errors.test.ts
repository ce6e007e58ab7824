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
  expect(error.message).toBe("a.pth at byte 7: header: expected x, received y");
});
