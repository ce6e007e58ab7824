/** Decodes a film with FFmpeg, for tests. */
import { AVERROR_EAGAIN, AVERROR_EOF, AVMEDIA_TYPE_VIDEO } from "node-av/constants";
import { Codec, CodecContext, FFmpegError, FormatContext, Frame, Packet } from "node-av/lib";

export interface Decoded {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly frameRateHz: number;
  /** Planes of each frame, copied. */
  readonly frames: Buffer[];
}

export function decodeFilm(path: string): Decoded {
  const format = new FormatContext();
  FFmpegError.throwIfError(format.openInputSync(path), path);
  FFmpegError.throwIfError(format.findStreamInfoSync(), path);
  const stream = format.streams[format.findBestStream(AVMEDIA_TYPE_VIDEO)]!;
  const codec = Codec.findDecoder(stream.codecpar.codecId)!;
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  decoder.parametersToContext(stream.codecpar);
  FFmpegError.throwIfError(decoder.open2Sync(codec), "open decoder");
  const frames: Buffer[] = [];
  const packet = new Packet();
  packet.alloc();
  const drain = (): void => {
    const frame = new Frame();
    frame.alloc();
    for (;;) {
      const code = decoder.receiveFrameSync(frame);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) break;
      FFmpegError.throwIfError(code, "decode");
      frames.push(Buffer.from(frame.toBuffer()));
    }
    frame.free();
  };
  while (format.readFrameSync(packet) >= 0) {
    FFmpegError.throwIfError(decoder.sendPacketSync(packet), "decode");
    packet.unref();
    drain();
  }
  decoder.sendPacketSync(null);
  drain();
  const { num, den } = stream.avgFrameRate;
  const result = {
    codec: codec.name ?? "",
    width: decoder.width,
    height: decoder.height,
    frameRateHz: num / den,
    frames,
  };
  packet.free();
  decoder.freeContext();
  format.closeInputSync();
  return result;
}
