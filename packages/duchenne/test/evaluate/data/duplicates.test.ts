import turbo from "@julusian/jpeg-turbo";
import { expect, it } from "vitest";
import { FrameStore } from "../../../src/data/store/index.ts";
import { countDuplicates } from "../../../src/evaluate/data/duplicates.ts";
import { Fingerprinter } from "../../../src/evaluate/data/fingerprint.ts";
import { Random } from "../../../src/lib/random.ts";
import { face, SIZE, writeStills } from "../support.ts";

const pictures = Array.from({ length: 24 }, (_, i) => face(i, i % 8, Random.fromSeed(i)));

/** As after another compression. */
function compressed(rgb: Uint8Array): Uint8Array {
  const options = { format: turbo.FORMAT_RGB, width: SIZE, height: SIZE, subsampling: turbo.SAMP_444 };
  const jpeg = turbo.compressSync(Buffer.from(rgb), { ...options, quality: 80 });
  return new Uint8Array(turbo.decompressSync(jpeg, { format: turbo.FORMAT_RGB }).data);
}

const brighter = (rgb: Uint8Array): Uint8Array => rgb.map((value) => Math.min(255, value + 12));

async function duplicatesOf(first: Uint8Array[], second: Uint8Array[]) {
  const path = await writeStills([...first, ...second].map((image) => ({ labels: {}, image })));
  const store = FrameStore.open(path);
  const keys = store.clips().map(({ firstFrame }) => firstFrame);
  using printer = new Fingerprinter(store, keys);
  // As if some had been read for their features.
  printer.add([2, 3], store.readFrames([keys[2]!, keys[3]!]));
  const seen: number[] = [];
  const prints = await printer.finish(
    () => undefined,
    (done) => seen.push(done),
  );
  await store.close();
  expect(seen).toEqual([keys.length]);
  const places = [...keys.keys()];
  return countDuplicates(prints, places.slice(0, first.length), places.slice(first.length));
}

it("counts the same pixels, and images that differ by compression or brightness alone", async () => {
  const second = [
    pictures[3]!,
    pictures[3]!,
    compressed(pictures[5]!),
    brighter(pictures[9]!),
    pictures[20]!,
  ];
  expect(await duplicatesOf(pictures.slice(0, 12), second)).toEqual({ exact: 2, near: 2 });
});

it("does not take other faces, nor flat images, for duplicates", async () => {
  const flat = (value: number) => new Uint8Array(SIZE * SIZE * 3).fill(value);
  expect(
    await duplicatesOf([...pictures.slice(0, 12), flat(10)], [...pictures.slice(12), flat(200)]),
  ).toEqual({
    exact: 0,
    near: 0,
  });
});
