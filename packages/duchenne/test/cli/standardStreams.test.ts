import { expect, it } from "vitest";
import { duchenne } from "../data/prepare/support.ts";

it("says that standard output could not be written, without a stack, and ends with 1", async () => {
  expect(await duchenne(["--help"], undefined, "exec > /dev/full;")).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "error: standard output: expected a stream that can be written, received ENOSPC: no space left on device, write. Free the disk, or write to another file.\n",
  });
});

it("ends quietly when nobody reads any more", async () => {
  const { code, stderr } = await duchenne(["--help"], undefined, "exec > >(exec true); sleep 0.3;");
  expect([code, stderr]).toEqual([0, ""]);
});
