import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fer2013 } from "../../../src/data/datasets/fer2013.ts";
import type { DataError, Sample } from "../../../src/data/datasets/types.ts";
import { readPixelRow } from "../../../src/data/prepare/pixelRow.ts";
import { tree } from "./tree.ts";

const PIXELS = Array.from({ length: 48 * 48 }, (_, i) => i % 256);
const TABLE = `emotion,pixels,Usage\r\n3,${PIXELS.join(" ")},Training\r\n4,${PIXELS.map((one) => 255 - one).join(" ")},PublicTest\r\n`;

async function read(bytes: Buffer): Promise<{ samples: Sample[]; problems: DataError[] }> {
  const root = tree({ "fer2013.csv": bytes });
  const [samples, problems]: [Sample[], DataError[]] = [[], []];
  for await (const sample of fer2013.read(root, { personLevel: 0, onProblem: (one) => problems.push(one) }))
    samples.push(sample);
  expect(samples.every(({ source }) => source.path === join(root, "fer2013.csv"))).toBe(true);
  return { samples, problems };
}

describe("fer2013.csv", () => {
  it.each([
    ["UTF-8", Buffer.from(TABLE)],
    ["UTF-16, little-endian", Buffer.from(`\uFEFF${TABLE}`, "utf16le")],
    ["UTF-16, big-endian, without a mark", Buffer.from(TABLE, "utf16le").swap16()],
  ])("in %s gives the same pixels", async (_, bytes) => {
    const { samples, problems } = await read(bytes);
    expect(problems).toEqual([]);
    expect(samples.map(({ expression, split }) => [expression, split])).toEqual([
      ["happy", "train"],
      ["sad", "validation"],
    ]);
    const source = samples[1]!.source as Parameters<typeof readPixelRow>[0];
    const image = await readPixelRow(source);
    expect(image).toMatchObject({ width: 48, height: 48 });
    expect(Array.from(image.data)).toEqual(PIXELS.map((one) => 255 - one));
  });

  it("names a number in UTF-16 that is no pixel", async () => {
    const { problems } = await read(Buffer.from(`\uFEFF${TABLE.replace(" 17 ", " 256 ")}`, "utf16le"));
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/fer2013\.csv:2: expected pixels from 0 to 255, received "256"/),
    ]);
  });
});
