/** Writes HEIC pictures as phones do: one HEVC picture, or a grid of tiles, turned and mirrored. FFmpeg and sharp write none. */

import { readFileSync, rmSync } from "node:fs";
import type { RgbImage } from "../src/types.ts";
import { writeVideo } from "./media.ts";

export interface HeifOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** Of the whole picture; less than the tiles cover, as their size rarely divides it. */
  readonly width: number;
  readonly height: number;
  /** Quarter turns anticlockwise. */
  readonly turns?: number;
  /** 0: top and bottom change places, 1: left and right do. */
  readonly mirror?: 0 | 1;
  /** The grid stands in the file's `idat` box (as libheif has it), not in `mdat` (as phones have it). */
  readonly inIdat?: boolean;
}

interface Tile {
  readonly data: Buffer;
  readonly config: Buffer;
}

/** @param tiles row by row, all of one size; one alone makes a picture without a grid   @param scratch a file that may be written */
export async function heifOf(
  tiles: readonly RgbImage[],
  options: HeifOptions,
  scratch: string,
): Promise<Buffer> {
  const coded: Tile[] = [];
  for (const tile of tiles) coded.push(await encode(tile, scratch));
  const { columns = 1, rows = 1 } = options;
  const isGrid = tiles.length > 1;
  const grid = Buffer.from([0, 0, rows - 1, columns - 1, 0, 0, 0, 0]);
  grid.writeUInt16BE(options.width, 4);
  grid.writeUInt16BE(options.height, 6);
  const payloads = [...coded.map(({ data }) => data), ...(isGrid && !options.inIdat ? [grid] : [])];
  const head = box("ftyp", Buffer.from("heic\0\0\0\0mif1heic", "latin1"));
  const metaOf = (start: number) => meta(tiles[0]!, coded[0]!.config, payloads, start, options, isGrid, grid);
  const start = head.length + metaOf(0).length + 8;
  return Buffer.concat([head, metaOf(start), box("mdat", ...payloads)]);
}

/** Items 1 to n are the tiles, n + 1 is the grid. */
function meta(
  tile: RgbImage,
  config: Buffer,
  payloads: readonly Buffer[],
  start: number,
  { width, height, turns, mirror, inIdat }: HeifOptions,
  isGrid: boolean,
  grid: Buffer,
): Buffer {
  const tiles = isGrid && !inIdat ? payloads.length - 1 : payloads.length;
  const items = isGrid ? tiles + 1 : 1;
  const primary = items;
  const type = (id: number) => (isGrid && id === primary ? "grid" : "hvc1");
  const ids = Array.from({ length: items }, (_, i) => i + 1);
  let offset = start;
  const locations = ids.map((id) => {
    const isInIdat = inIdat === true && type(id) === "grid";
    const length = isInIdat ? grid.length : payloads[id - 1]!.length;
    const entry = Buffer.concat([
      u16(id),
      u16(isInIdat ? 1 : 0),
      u16(0),
      u16(1),
      u32(isInIdat ? 0 : offset),
      u32(length),
    ]);
    offset += isInIdat ? 0 : length;
    return entry;
  });
  // Properties: 1 configuration, 2 size of a tile, 3 size of the whole, 4 turn, 5 mirror.
  const properties = [
    box("hvcC", config),
    fullBox("ispe", 0, u32(tile.width), u32(tile.height)),
    fullBox("ispe", 0, u32(width), u32(height)),
    ...(turns === undefined ? [] : [box("irot", Buffer.from([turns]))]),
    ...(mirror === undefined ? [] : [box("imir", Buffer.from([mirror]))]),
  ];
  const transforms = properties.slice(3).map((_, i) => 0x80 | (i + 4));
  const own = (id: number) => (type(id) === "grid" ? [3] : [0x81, isGrid ? 2 : 3]);
  const associations = ids.map((id) => {
    const list = [...own(id), ...(id === primary ? transforms : [])];
    return Buffer.concat([u16(id), Buffer.from([list.length, ...list])]);
  });
  return fullBox(
    "meta",
    0,
    fullBox("hdlr", 0, Buffer.from("\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0", "latin1")),
    fullBox("pitm", 0, u16(primary)),
    fullBox("iloc", 1 << 24, Buffer.from([0x44, 0x00]), u16(items), ...locations),
    fullBox(
      "iinf",
      0,
      u16(items),
      ...ids.map((id) => fullBox("infe", 2 << 24, u16(id), u16(0), Buffer.from(`${type(id)}\0`, "latin1"))),
    ),
    ...(isGrid
      ? [fullBox("iref", 0, box("dimg", u16(primary), u16(tiles), ...ids.slice(0, tiles).map(u16)))]
      : []),
    box("iprp", box("ipco", ...properties), fullBox("ipma", 0, u32(items), ...associations)),
    ...(isGrid && inIdat ? [box("idat", grid)] : []),
  );
}

/** Configuration and data of a picture, taken out of an MP4 with it. */
async function encode(image: RgbImage, scratch: string): Promise<Tile> {
  await writeVideo(scratch, [image], { encoder: "libx265" });
  const file = readFileSync(scratch);
  rmSync(scratch);
  return { config: contentOf(file, "hvcC"), data: contentOf(file, "mdat") };
}

function contentOf(file: Buffer, type: string): Buffer {
  const at = file.indexOf(type, 0, "latin1");
  return file.subarray(at + 4, at - 4 + file.readUInt32BE(at - 4));
}

function box(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, "latin1"), body]);
}

const fullBox = (type: string, versionAndFlags: number, ...content: Buffer[]): Buffer =>
  box(type, u32(versionAndFlags), ...content);

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
