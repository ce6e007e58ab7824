/** Writes SEI display orientation messages into raw streams of H.264 and HEVC. */

import { readFileSync, writeFileSync } from "node:fs";

export interface DisplayOrientation {
  readonly anticlockwiseDegrees: number;
  readonly flipHorizontally?: boolean;
  readonly flipVertically?: boolean;
}

const PAYLOAD_TYPE = 47;

/** @param path of a raw stream, whose ending says which codec   @param out gets the stream with the message before its first picture */
export function insertOrientation(path: string, out: string, orientation: DisplayOrientation): void {
  const isHevc = path.endsWith(".hevc");
  const stream = readFileSync(path);
  const at = firstPicture(stream, isHevc);
  writeFileSync(
    out,
    Buffer.concat([stream.subarray(0, at), message(orientation, isHevc), stream.subarray(at)]),
  );
}

/** Where the start code of the first slice stands. */
function firstPicture(stream: Buffer, isHevc: boolean): number {
  for (
    let at = stream.indexOf("\0\0\x01", 0, "latin1");
    at >= 0;
    at = stream.indexOf("\0\0\x01", at + 3, "latin1")
  ) {
    const header = stream[at + 3]!;
    const isSlice = isHevc ? ((header >> 1) & 63) < 32 : (header & 31) === 5;
    if (isSlice) return at;
  }
  throw new Error("no picture in the stream");
}

function message(
  { anticlockwiseDegrees, flipHorizontally = false, flipVertically = false }: DisplayOrientation,
  isHevc: boolean,
): Buffer {
  const turn = Math.round((anticlockwiseDegrees / 360) * 65536) & 65535;
  // Not cancelled; flips; turn; until the next message; in H.264 that is a period of 1, and no extension.
  const bits = `0${Number(flipHorizontally)}${Number(flipVertically)}${turn.toString(2).padStart(16, "0")}${isHevc ? "1" : "0100"}`;
  const stopped = `${bits}1`.padEnd(8 * Math.ceil((bits.length + 1) / 8), "0");
  const payload = stopped.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2));
  const header = isHevc ? [39 << 1, 1] : [6];
  return Buffer.from([
    0,
    0,
    0,
    1,
    ...header,
    ...withoutStartCodes([PAYLOAD_TYPE, payload.length, ...payload]),
    0x80,
  ]);
}

/** Two zeros before 0 to 3 would look like a start code. */
function withoutStartCodes(bytes: readonly number[]): number[] {
  const escaped: number[] = [];
  for (const byte of bytes) {
    if (byte < 4 && escaped.at(-1) === 0 && escaped.at(-2) === 0) escaped.push(3);
    escaped.push(byte);
  }
  return escaped;
}
