import { join, relative } from "node:path";
import { buildSync } from "esbuild";
import { expect, test } from "vitest";
import { runChild } from "../childProcess.ts";

const root = join(import.meta.dirname, "../..");

test("weights files are read and written in a process that loads no native addon", async () => {
  const { status, stderr, printed } = await runChild("weightsAlone.ts", {
    args: [join(root, "test/golden/weights")],
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const { files, values, written, native } = printed as Record<string, unknown>;
  expect(files).toBe(2);
  expect(values).toHaveProperty("length", expect.any(Number));
  expect(values).toEqual(written);
  expect(native).toEqual([]);
});

test("nothing that @duchenne/torch/weights imports is of the engine", () => {
  const { metafile } = buildSync({
    entryPoints: [join(root, "src/weights/index.ts")],
    bundle: true,
    metafile: true,
    write: false,
    platform: "node",
    format: "esm",
  });
  const outside = Object.keys(metafile.inputs)
    .map((file) => relative(join(root, "src"), join(process.cwd(), file)))
    .filter((file) => !file.startsWith("weights/"));
  expect(outside.sort()).toEqual(["core/dtype.ts", "core/errors.ts", "core/typedArrays.ts"]);
});
