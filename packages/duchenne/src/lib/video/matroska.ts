/** Pictures with their times as a Matroska stream, which ffmpeg reads from a pipe; raw video alone carries no times. */

/** Ticks of the stream, a microsecond each. */
export const TICKS_PER_SECOND = 1e6;

const NANOSECONDS_PER_TICK = 1000;
/** Length of an element that ends with the stream. */
const UNKNOWN_LENGTH = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

/** An element. @see RFC 8794, section 4 */
function element(id: number, ...content: readonly Uint8Array[]): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(content.reduce((sum, part) => sum + part.length, 0)) | (1n << 56n));
  return Buffer.concat([idBytes(id), length, ...content]);
}

const idBytes = (id: number): Buffer => {
  const text = id.toString(16);
  return Buffer.from(text.length % 2 === 0 ? text : `0${text}`, "hex");
};

function unsigned(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

const text = (value: string): Buffer => Buffer.from(value, "latin1");

/**
 * The stream's beginning: one track of planar 4:2:0 pictures. @see RFC 9559, section 5
 * @param frameSeconds nominal time from one picture to the next: how long the last one is shown
 */
export function matroskaHead(width: number, height: number, frameSeconds: number): Buffer {
  const ebml = element(0x1a45dfa3, element(0x4282, text("matroska")));
  const info = element(
    0x1549a966,
    element(0x2ad7b1, unsigned(NANOSECONDS_PER_TICK)),
    element(0x4d80, text("duchenne")),
    element(0x5741, text("duchenne")),
  );
  const picture = element(
    0xe0,
    element(0xb0, unsigned(width)),
    element(0xba, unsigned(height)),
    element(0x2eb524, text("I420")),
  );
  const track = element(
    0xae,
    element(0xd7, unsigned(1)),
    element(0x73c5, unsigned(1)),
    element(0x83, unsigned(1)),
    element(0x23e383, unsigned(Math.round(1e9 * frameSeconds))),
    element(0x86, text("V_UNCOMPRESSED")),
    picture,
  );
  return Buffer.concat([ebml, idBytes(0x18538067), UNKNOWN_LENGTH, info, element(0x1654ae6b, track)]);
}

/** One picture at its time, in ticks. */
export function matroskaFrame(data: Uint8ClampedArray, tick: number): Buffer {
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
  // Track 1, no offset to the cluster's time, a key frame.
  const block = element(0xa3, Buffer.from([0x81, 0, 0, 0x80]), pixels);
  return element(0x1f43b675, element(0xe7, unsigned(tick)), block);
}
