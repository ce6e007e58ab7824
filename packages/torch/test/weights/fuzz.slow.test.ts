import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../src/weights/byteSource.ts";
import { WeightsError } from "../../src/weights/errors.ts";
import { parsePth } from "../../src/weights/pth.ts";
import { parseSafetensors } from "../../src/weights/safetensors.ts";
import type { StateDict } from "../../src/weights/tensorData.ts";
import { byteLength } from "../../src/weights/tensorData.ts";
import { ZipArchive } from "../../src/weights/zip.ts";
import { goldenPath } from "../golden.ts";
import { safetensorsFile, zipFile } from "./fileBuilder.ts";
import { mutate, type Random, seededRandom } from "./mutations.ts";

const SEED = 20_260_718;
/** Of the processor, so that a busy machine fails nothing. */
const MOST_CPU_SECONDS_PER_FILE = 2;
const MOST_RESIDENT_GROWTH_BYTES = 300e6;

interface Target {
  readonly name: string;
  readonly mutations: number;
  /** A mutated file. */
  readonly mutant: (random: Random) => Uint8Array;
  readonly parse: (bytes: Uint8Array) => StateDict;
  /** The least that must be refused, and read: a fuzzer whose files all end alike tests nothing. */
  readonly refused: number;
  readonly read: number;
}

function golden(name: string): Buffer {
  return readFileSync(goldenPath(`weights/${name}`));
}

function anyOf(files: readonly Uint8Array[]): (random: Random) => Uint8Array {
  return (random) => mutate(files[random(files.length)]!, random);
}

const parseTorch = (bytes: Uint8Array) => parsePth(bytes, "fuzz.pth").tensors;
const parseSafe = (bytes: Uint8Array) => parseSafetensors(bytes, "fuzz.safetensors").tensors;

const header = {
  __metadata__: { format: "pt" },
  "conv.weight": { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
  "bn.count": { dtype: "I64", shape: [], data_offsets: [24, 32] },
  empty: { dtype: "BF16", shape: [0, 4], data_offsets: [32, 32] },
  mask: { dtype: "BOOL", shape: [8], data_offsets: [32, 40] },
};
const headerText = Buffer.from(JSON.stringify(header));
const safetensors = safetensorsFile(header, new Uint8Array(40));

/** The entries of an archive, so that a changed one can be packed again with a right checksum. */
function unpack(name: string): { name: string; data: Uint8Array }[] {
  const archive = new ZipArchive(memorySource(name, golden(name)), 0);
  return archive.names.map((entry) => ({ name: entry, data: archive.read(entry) }));
}

const archives = ["state_dict_zip.pth", "checkpoint_zip.pth.tar", "evil_zip.pth"].map(unpack);

function withMutatedPickle(random: Random): Buffer {
  const entries = archives[random(archives.length)]!.map((entry) =>
    entry.name.endsWith("data.pkl") ? { ...entry, data: mutate(entry.data, random) } : entry,
  );
  return zipFile(entries);
}

const TARGETS: readonly Target[] = [
  {
    name: "safetensors, any byte",
    mutations: 4000,
    mutant: anyOf([safetensors]),
    parse: parseSafe,
    refused: 2000,
    read: 100,
  },
  {
    name: "safetensors, the header with a right length",
    mutations: 4000,
    mutant: (random) => safetensorsFile(mutate(headerText, random).toString("latin1"), new Uint8Array(40)),
    parse: parseSafe,
    refused: 2000,
    read: 20,
  },
  {
    name: "zip format, any byte",
    mutations: 5000,
    mutant: anyOf(["state_dict_zip.pth", "checkpoint_zip.pth.tar", "evil_zip.pth"].map(golden)),
    parse: parseTorch,
    refused: 2000,
    read: 100,
  },
  {
    name: "zip format, the pickle with a right checksum",
    mutations: 3000,
    mutant: withMutatedPickle,
    parse: parseTorch,
    refused: 1500,
    read: 100,
  },
  {
    name: "legacy format",
    mutations: 6000,
    mutant: anyOf(["state_dict_legacy.pth", "checkpoint_legacy.pth.tar", "evil_legacy.pth"].map(golden)),
    parse: parseTorch,
    refused: 2000,
    read: 100,
  },
];

/** Whether a file was read; what was read must hold together. Throws whatever is no WeightsError. */
function isRead(parse: Target["parse"], bytes: Uint8Array): boolean {
  let tensors: StateDict;
  try {
    tensors = parse(bytes);
  } catch (error) {
    if (error instanceof WeightsError) return false;
    throw error;
  }
  for (const { dtype, shape, bytes } of tensors.values()) {
    if (bytes.byteLength !== byteLength(dtype, shape))
      throw new Error(`${bytes.byteLength} bytes for [${shape}]`);
  }
  return true;
}

/** Reads a mutant of a seed; an unforeseen error, or a slow file, names the seed. */
function tryMutant(target: Target, seed: number): boolean {
  const bytes = target.mutant(seededRandom(seed));
  const start = process.cpuUsage();
  try {
    return isRead(target.parse, bytes);
  } catch (error) {
    throw new Error(`${target.name}, seed ${seed}`, { cause: error });
  } finally {
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6, `${target.name}, seed ${seed}`).toBeLessThan(MOST_CPU_SECONDS_PER_FILE);
  }
}

describe("mutated files", () => {
  it("are at least 20,000", () => {
    expect(TARGETS.reduce((sum, { mutations }) => sum + mutations, 0)).toBeGreaterThanOrEqual(20_000);
  });

  it.each(TARGETS)("$name: read, or refused with a WeightsError, at bounded memory", (target) => {
    const rss = process.memoryUsage().rss;
    let read = 0;
    let most = 0;
    for (let index = 0; index < target.mutations; index++) {
      if (tryMutant(target, SEED + index)) read++;
      if (index % 50 === 0) most = Math.max(most, process.memoryUsage().rss - rss);
    }
    expect(read).toBeGreaterThanOrEqual(target.read);
    expect(target.mutations - read).toBeGreaterThanOrEqual(target.refused);
    expect(most).toBeLessThan(MOST_RESIDENT_GROWTH_BYTES);
  });
});
