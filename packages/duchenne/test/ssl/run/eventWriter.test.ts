import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { EventMessage, EventWriter, maskedCrc } from "../../../src/ssl/run/eventWriter.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

/** CRC-32C bit by bit, by its polynomial alone. */
function plainCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

/** As TensorFlow's lib/hash/crc32c.h defines it, in whole numbers without overflow. */
function plainMaskedCrc(bytes: Uint8Array): number {
  const crc = BigInt(plainCrc(bytes));
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

/** Messages of a TFRecord file; every checksum is compared. */
function records(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 8)).toBe(plainMaskedCrc(file.subarray(at, at + 8)));
    expect(file.readUInt32LE(at + 12 + length)).toBe(plainMaskedCrc(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

function events(folder: string): object[] {
  const [name, ...others] = readdirSync(folder);
  expect([name!.startsWith("events.out.tfevents."), others]).toEqual([true, []]);
  return records(readFileSync(join(folder, name!))).map((data) =>
    EventMessage.toObject(EventMessage.decode(data), { longs: Number }),
  );
}

it("writes records whose checksums and messages are TensorFlow's", () => {
  const folder = temporaryFolder();
  const writer = new EventWriter(folder, 0);
  writer.scalars(20, { "train/loss": 1.5, "train/top1": 0.25 });
  writer.close();
  const value = [
    { tag: "train/loss", simple_value: 1.5 },
    { tag: "train/top1", simple_value: 0.25 },
  ];
  expect(events(folder)).toEqual([
    { wall_time: expect.any(Number), file_version: "brain.Event:2" },
    { wall_time: expect.any(Number), step: 20, summary: { value } },
  ]);
});

it("a session that goes on takes back what was logged beyond its start", () => {
  const folder = temporaryFolder();
  new EventWriter(folder, 40).close();
  expect(events(folder).at(-1)).toMatchObject({ step: 41, session_log: { status: 1 } });
});

it("masks checksums as the format says", () => {
  const bytes = Buffer.from("123456789");
  expect(plainCrc(bytes)).toBe(0xe3069283); // the value published for this text
  expect(maskedCrc(bytes)).toBe(plainMaskedCrc(bytes));
});
