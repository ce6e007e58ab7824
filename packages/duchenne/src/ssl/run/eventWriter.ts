/** TensorBoard's event files, so that a run shows there. */
import { closeSync, openSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { crc32c } from "@node-rs/crc32";
import protobuf from "protobufjs";

/** The part of tensorflow/core/util/event.proto that scalars need. */
const EVENT_PROTO = `
syntax = "proto3";
message Event {
  double wall_time = 1;
  int64 step = 2;
  oneof what {
    string file_version = 3;
    Summary summary = 5;
    SessionLog session_log = 7;
  }
}
message Summary {
  message Value { string tag = 1; float simple_value = 2; }
  repeated Value value = 1;
}
message SessionLog {
  enum SessionStatus { STATUS_UNSPECIFIED = 0; START = 1; STOP = 2; CHECKPOINT = 3; }
  SessionStatus status = 1;
}`;
const FILE_VERSION = "brain.Event:2";
const SESSION_START = 1;
const MASK_DELTA = 0xa282ead8;

export const EventMessage = protobuf.parse(EVENT_PROTO, { keepCase: true }).root.lookupType("Event");

/** TFRecord's checksum: a CRC of bytes that hold CRCs themselves would be weak, so it is rotated and shifted. */
export function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}

/** TFRecord: length, its checksum, the data, its checksum. */
function frameRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(12 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length));
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc(data), 12 + data.length);
  return record;
}

/** Writes one event file of scalars. */
export class EventWriter {
  readonly #descriptor: number;

  /**
   * @param folder of the run   @param startStep where this session starts: TensorBoard drops what an earlier session
   * logged beyond it
   */
  constructor(folder: string, startStep: number) {
    const seconds = Math.floor(Date.now() / 1000);
    const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${startStep}`;
    this.#descriptor = openSync(join(folder, name), "a");
    this.#write({ file_version: FILE_VERSION });
    if (startStep > 0) this.#write({ step: startStep + 1, session_log: { status: SESSION_START } });
  }

  /** @param scalars by tag */
  scalars(step: number, scalars: Readonly<Record<string, number>>): void {
    const value = Object.entries(scalars).map(([tag, simple_value]) => ({ tag, simple_value }));
    this.#write({ step, summary: { value } });
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write(event: Record<string, unknown>): void {
    const message = EventMessage.fromObject({ wall_time: Date.now() / 1000, ...event });
    writeSync(this.#descriptor, frameRecord(EventMessage.encode(message).finish()));
  }
}
