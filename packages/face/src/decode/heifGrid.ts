/** The layout of a HEIF picture that is a grid of tiles, as most phones write them: FFmpeg gives the tiles alone. */

import { type FileHandle, open } from "node:fs/promises";
import { MediaError } from "../errors.ts";
import { type Box, boxesOf, Cursor, MAX_META_BYTES, TornBoxes } from "./isoBoxes.ts";
import { composed, type Orientation, turned, UPRIGHT } from "./orientation.ts";

/** @see ISO/IEC 23008-12, 6.6.2.3 (grid), 6.5.10 (irot), 6.5.12 (imir) */
export interface HeifGrid {
  readonly columns: number;
  readonly rows: number;
  /** Of the whole picture before it is turned, pixels; the tiles may cover more. */
  readonly width: number;
  readonly height: number;
  /** Item numbers of the tiles, row by row. */
  readonly tiles: readonly number[];
  readonly orientation: Orientation;
}

/** The grid that a file's main picture is; null for any other file. @throws MediaError if its boxes are torn */
export async function readHeifGrid(path: string): Promise<HeifGrid | null> {
  const file = await open(path);
  try {
    const meta = await readMeta(file);
    return meta === null ? null : await gridOf(meta, file);
  } catch (error) {
    if (!(error instanceof TornBoxes)) throw error;
    throw new MediaError(path, "the whole table of a HEIF picture", error.message, { cause: error });
  } finally {
    await file.close();
  }
}

/** The content of the file's meta box, by type of box; null if there is none. */
async function readMeta(file: FileHandle): Promise<Map<string, Box> | null> {
  const header = Buffer.alloc(16);
  for (let offset = 0; ; ) {
    const { bytesRead } = await file.read(header, 0, 16, offset);
    if (bytesRead < 8) return null;
    const type = header.toString("latin1", 4, 8);
    if (offset === 0 && type !== "ftyp") return null;
    const short = header.readUInt32BE(0);
    const length = short === 1 && bytesRead === 16 ? Number(header.readBigUInt64BE(8)) : short;
    if (length < 8) return null;
    if (type === "meta") {
      const content = Buffer.alloc(Math.min(length, MAX_META_BYTES) - 8);
      await file.read(content, 0, content.length, offset + 8);
      return new Map(boxesOf(content.subarray(4)).map((box) => [box.type, box]));
    }
    offset += length;
  }
}

async function gridOf(meta: ReadonlyMap<string, Box>, file: FileHandle): Promise<HeifGrid | null> {
  const [pitm, iinf, iref] = [meta.get("pitm"), meta.get("iinf"), meta.get("iref")];
  if (pitm === undefined || iinf === undefined || iref === undefined) return null;
  const primary = new Cursor(pitm.content).fullBox((version, cursor) => cursor.number(version === 0 ? 2 : 4));
  if (typeOfItem(iinf, primary) !== "grid") return null;
  const payload = await payloadOf(meta, primary, file);
  const cursor = new Cursor(payload);
  cursor.skip(1);
  const side = (cursor.number(1) & 1) === 0 ? 2 : 4;
  const [rows, columns] = [cursor.number(1) + 1, cursor.number(1) + 1];
  const [width, height] = [cursor.number(side), cursor.number(side)];
  return {
    columns,
    rows,
    width,
    height,
    tiles: tilesOf(iref, primary),
    orientation: orientationOfItem(meta, primary),
  };
}

function typeOfItem(iinf: Box, item: number): string | undefined {
  const entries = new Cursor(iinf.content).fullBox((version, cursor) => {
    cursor.skip(version === 0 ? 2 : 4);
    return boxesOf(cursor.rest());
  });
  for (const { content } of entries) {
    const [id, type] = new Cursor(content).fullBox((version, cursor) => {
      const number = cursor.number(version === 3 ? 4 : 2);
      cursor.skip(2);
      return [number, cursor.text(4)] as const;
    });
    if (id === item) return type;
  }
  return undefined;
}

function tilesOf(iref: Box, item: number): number[] {
  return new Cursor(iref.content).fullBox((version, cursor) => {
    const bytes = version === 0 ? 2 : 4;
    for (const { type, content } of boxesOf(cursor.rest())) {
      const reference = new Cursor(content);
      if (type !== "dimg" || reference.number(bytes) !== item) continue;
      return Array.from({ length: reference.number(2) }, () => reference.number(bytes));
    }
    return [];
  });
}

/** Turns and mirrorings in the order in which they are listed. */
function orientationOfItem(meta: ReadonlyMap<string, Box>, item: number): Orientation {
  const parts = new Map(
    boxesOf(meta.get("iprp")?.content ?? Buffer.alloc(0)).map((box) => [box.type, box.content]),
  );
  const properties = boxesOf(parts.get("ipco") ?? Buffer.alloc(0));
  let orientation = UPRIGHT;
  for (const index of propertiesOf(parts.get("ipma"), item)) {
    const { type, content } = properties[index - 1] ?? { type: "", content: Buffer.alloc(1) };
    if (type === "irot") orientation = composed(orientation, turned(content[0]!));
    if (type === "imir") orientation = composed(orientation, MIRRORED[content[0]! & 1]!);
  }
  return orientation;
}

/** Top and bottom, or left and right change places. */
const MIRRORED: readonly Orientation[] = [
  { a: 1, b: 0, c: 0, d: -1 },
  { a: -1, b: 0, c: 0, d: 1 },
];

/** Numbers of an item's properties, from 1. */
function propertiesOf(ipma: Buffer | undefined, item: number): number[] {
  if (ipma === undefined) return [];
  return new Cursor(ipma).fullBox((version, cursor, flags) => {
    for (let left = cursor.number(4); left > 0; left--) {
      const id = cursor.number(version === 0 ? 2 : 4);
      const indices = Array.from({ length: cursor.number(1) }, () =>
        (flags & 1) === 0 ? cursor.number(1) & 0x7f : cursor.number(2) & 0x7fff,
      );
      if (id === item) return indices;
    }
    return [];
  });
}

/** The first bytes of an item, from the file or from the meta box's own data. */
async function payloadOf(meta: ReadonlyMap<string, Box>, item: number, file: FileHandle): Promise<Buffer> {
  const place = placeOf(meta.get("iloc")?.content ?? Buffer.alloc(0), item);
  if (place.isInMeta) return (meta.get("idat")?.content ?? Buffer.alloc(0)).subarray(place.offset);
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(MAX_GRID_BYTES),
    0,
    MAX_GRID_BYTES,
    place.offset,
  );
  return buffer.subarray(0, bytesRead);
}

const MAX_GRID_BYTES = 12;

function placeOf(iloc: Buffer, item: number): { isInMeta: boolean; offset: number } {
  return new Cursor(iloc).fullBox((version, cursor) => {
    const sizes = cursor.number(2);
    const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
    const indexBytes = version === 0 ? 0 : sizes & 15;
    for (let left = cursor.number(version < 2 ? 2 : 4); left > 0; left--) {
      const id = cursor.number(version < 2 ? 2 : 4);
      const method = version === 0 ? 0 : cursor.number(2) & 15;
      cursor.skip(2);
      const base = cursor.number(baseBytes);
      const extents = Array.from({ length: cursor.number(2) }, () => {
        cursor.skip(indexBytes);
        const offset = cursor.number(offsetBytes);
        cursor.skip(lengthBytes);
        return offset;
      });
      if (id === item) return { isInMeta: method === 1, offset: base + (extents[0] ?? 0) };
    }
    throw new TornBoxes(`a table in which item ${item} has no place`);
  });
}
