import { readFileSync } from "node:fs";
import { DataError } from "./types.ts";

const MAGIC = "\x93NUMPY";

/**
 * The one value of a `.npy` file that holds a scalar, as a number or as a short string that spells one; AffectNet's
 * labels come in both forms.
 * @throws DataError if it cannot be read, is no .npy, holds more than one value or another type
 * @see numpy.lib.format: magic, version, header length, a Python dictionary, then the data
 */
export function readNpyScalar(file: string): number {
  const bytes = load(file);
  const { type, shape, data } = parseHeader(file, bytes);
  if (shape.some((side) => side !== 1)) throw wrong(file, `shape (${shape.join(", ")})`);
  const value = decodeScalar(type, data);
  if (value === undefined || !Number.isFinite(value)) throw wrong(file, `type ${type}`);
  return value;
}

const wrong = (file: string, received: string): DataError =>
  new DataError({ reason: "badLabelFile", file, expected: "a .npy file with one number", received });

function load(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const received = (cause as Error).message;
    throw new DataError({ reason: "missingFile", file, expected: "a label file", received }, { cause });
  }
}

function parseHeader(file: string, bytes: Buffer): { type: string; shape: number[]; data: Buffer } {
  if (bytes.toString("latin1", 0, 6) !== MAGIC || bytes.length < 12) throw wrong(file, "something else");
  // Version 1 counts the header in two bytes, later ones in four.
  const [start, length] = bytes[6] === 1 ? [10, bytes.readUInt16LE(8)] : [12, bytes.readUInt32LE(8)];
  const header = bytes.toString("latin1", start, start + length);
  const type = /'descr'\s*:\s*'([^']+)'/.exec(header)?.[1];
  const sides = /'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1];
  if (type === undefined || sides === undefined) throw wrong(file, `header ${header.slice(0, 60).trim()}`);
  const shape = sides
    .split(",")
    .filter((side) => side.trim() !== "")
    .map(Number);
  return { type, shape, data: bytes.subarray(start + length) };
}

/** @returns undefined for a type that is no number, or too few bytes for it */
function decodeScalar(type: string, data: Buffer): number | undefined {
  const text = /^[<>|=]?([SU])(\d+)$/.exec(type);
  if (text) return decodeText(type, text[1] as "S" | "U", Number(text[2]), data);
  const number = /^([<>|=])([iuf])([1248])$/.exec(type);
  if (!number) return undefined;
  const bytes = Number(number[3]);
  if (data.length < bytes) return undefined;
  // "|" and "=" mean one byte or the machine's own order, which is little-endian everywhere Node runs.
  const ordered = number[1] === ">" ? Buffer.from(data.subarray(0, bytes)).reverse() : data;
  return decodeNumber(number[2] as "i" | "u" | "f", bytes, ordered);
}

function decodeNumber(kind: "i" | "u" | "f", bytes: number, data: Buffer): number | undefined {
  if (kind === "f") return bytes === 4 ? data.readFloatLE(0) : bytes === 8 ? data.readDoubleLE(0) : undefined;
  if (bytes === 8) return Number(kind === "i" ? data.readBigInt64LE(0) : data.readBigUInt64LE(0));
  return kind === "i" ? data.readIntLE(0, bytes) : data.readUIntLE(0, bytes);
}

/** "S" is a byte a character, "U" four (UTF-32); both padded with zeros. */
function decodeText(type: string, kind: "S" | "U", length: number, data: Buffer): number | undefined {
  // The header may claim any length.
  const present = Math.min(length, data.length);
  const characters = Array.from({ length: present }, (_, i) => {
    if (kind === "S") return data[i] ?? 0;
    if (data.length < 4 * i + 4) return 0;
    return type.startsWith(">") ? data.readUInt32BE(4 * i) : data.readUInt32LE(4 * i);
  });
  const used = characters.filter((code) => code > 0 && code < 128);
  const text = String.fromCharCode(...used).trim();
  return text === "" ? undefined : Number(text);
}
