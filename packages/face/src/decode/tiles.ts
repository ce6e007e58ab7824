/** Pictures that are grids of tiles: each tile is decoded by itself, and put in its place. */

import { AVERROR_EOF } from "node-av/constants";
import { Codec, FormatContext, Frame, Packet, type Stream } from "node-av/lib";
import { MediaError } from "../errors.ts";
import type { RgbImage } from "../types.ts";
import type { HeifGrid } from "./heifGrid.ts";
import { applyOrientation, UPRIGHT } from "./orientation.ts";
import { RgbConverter } from "./rgbConverter.ts";
import { openCodec, openInput } from "./videoDecoder.ts";

/** The same limit as sharp's. */
const MAX_PIXELS = 0x3fff * 0x3fff;

/** The whole picture, upright, in its full size. @throws MediaError if a tile is missing or cannot be decoded */
export async function readTiles(path: string, grid: HeifGrid): Promise<RgbImage> {
  const { columns, rows, width, height, tiles } = grid;
  const expected = `a grid of ${columns} x ${rows} tiles`;
  if (width * height > MAX_PIXELS || width * height === 0)
    throw new MediaError(path, `a picture of 1 to ${MAX_PIXELS} pixels`, `${width} x ${height}`);
  if (tiles.length !== columns * rows) throw new MediaError(path, expected, `${tiles.length} tiles`);
  const canvas = { width, height, data: new Uint8Array(width * height * 3) };
  const placed = new Set<number>();
  for await (const { item, image } of decodeItems(path, new Set(tiles))) {
    if (image.width * columns < width || image.height * rows < height)
      throw new MediaError(
        path,
        `tiles that cover ${width} x ${height} pixels`,
        `${image.width} x ${image.height}`,
      );
    for (const [i, tile] of tiles.entries())
      if (tile === item) {
        paste(image, canvas, (i % columns) * image.width, Math.floor(i / columns) * image.height);
        placed.add(i);
      }
  }
  if (placed.size < tiles.length) throw new MediaError(path, expected, `${placed.size} that can be decoded`);
  return applyOrientation(canvas, grid.orientation);
}

/** FFmpeg gives each item of a HEIF file as a stream with one packet, numbered as the item. */
async function* decodeItems(
  path: string,
  items: ReadonlySet<number>,
): AsyncGenerator<{ item: number; image: RgbImage }, void> {
  const [input, packet] = [new FormatContext(), new Packet()];
  packet.alloc();
  const converter = new RgbConverter({
    orientation: UPRIGHT,
    pixelAspect: 1,
    maxSide: Number.POSITIVE_INFINITY,
  });
  try {
    await openInput(input, path);
    const streams = input.streams;
    for (
      let status = input.readFrameSync(packet);
      status !== AVERROR_EOF;
      status = input.readFrameSync(packet)
    ) {
      if (status < 0) return;
      const stream = streams[packet.streamIndex];
      if (stream !== undefined && items.has(stream.id))
        yield { item: stream.id, image: await decodeOne(stream, packet, converter, path) };
      packet.unref();
    }
  } finally {
    converter[Symbol.dispose]();
    packet.free();
    await input.closeInput();
  }
}

async function decodeOne(
  stream: Stream,
  packet: Packet,
  converter: RgbConverter,
  path: string,
): Promise<RgbImage> {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  if (codec === null) throw new MediaError(path, "tiles of a codec with a decoder", "another");
  const [context, frame] = [await openCodec(stream, codec, 1, path), new Frame()];
  frame.alloc();
  try {
    await context.sendPacket(packet);
    await context.sendPacket(null);
    if (context.receiveFrameSync(frame) < 0 || frame.decodeErrorFlags !== 0)
      throw new MediaError(path, "undamaged tiles", `a damaged tile (item ${stream.id})`);
    return converter.convert(frame);
  } finally {
    frame.free();
    context.freeContext();
  }
}

/** What reaches beyond the canvas is cut off. */
function paste(tile: RgbImage, canvas: RgbImage, left: number, top: number): void {
  const width = Math.min(tile.width, canvas.width - left);
  const height = Math.min(tile.height, canvas.height - top);
  for (let y = 0; y < height; y++) {
    const from = 3 * y * tile.width;
    canvas.data.set(
      tile.data.subarray(from, from + 3 * Math.max(0, width)),
      3 * ((top + y) * canvas.width + left),
    );
  }
}
