/** A map of faces as bytes: a fifth of its JSON. */
import type { FaceMap, MappedFace, Neighbour } from "./api.ts";

/** Media type of a packed map. Whoever does not accept it gets JSON. */
export const PACKED_MAP = "application/vnd.duchenne.map";

/** What precedes the columns, as JSON. */
interface Head {
  readonly step: number;
  readonly faces: number;
  /** Neighbours of all faces together. */
  readonly neighbours: number;
  readonly ownNeighbours: number;
  /** Names that faces have, each once: columns have their indices. */
  readonly names: readonly string[];
}

/** Columns by kind, in the order of the bytes. Positions and times as they are, the others are float32 in the store, too. */
const DOUBLES = ["x", "y", "timeSeconds"] as const;
const FLOATS = ["valence", "arousal", "intensity"] as const;
const NAMES = ["person", "clip", "split", "expression"] as const;
const LISTS = ["neighbours", "ownNeighbours"] as const;

const NONE = 2 ** 32 - 1;
/** Each column begins at a multiple, so that a typed array can lie on it. */
const ALIGNMENT = 8;

const padded = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** @returns length of the head, head, columns; numbers are little-endian */
export function packMap(map: FaceMap): Uint8Array<ArrayBuffer> {
  const { faces } = map;
  const names = new Map<string, number>();
  const indexOf = (name: string | null): number => {
    if (name === null) return NONE;
    const known = names.get(name) ?? names.size;
    names.set(name, known);
    return known;
  };
  const columns = [
    ...DOUBLES.map((name) => Float64Array.from(faces, (face) => face[name])),
    ...FLOATS.map((name) => Float32Array.from(faces, (face) => face[name] ?? Number.NaN)),
    Uint32Array.from(faces, ({ key }) => key),
    ...NAMES.map((name) => Uint32Array.from(faces, (face) => indexOf(face[name]))),
    ...LISTS.flatMap((name) => {
      const all = map[name].flat();
      return [
        Uint32Array.from(map[name], (list) => list.length),
        Uint32Array.from(all, ({ face }) => face),
        Float32Array.from(all, ({ cosine }) => cosine),
      ];
    }),
  ];
  const [neighbours, ownNeighbours] = LISTS.map((name) =>
    map[name].reduce((sum, { length }) => sum + length, 0),
  );
  const head = new TextEncoder().encode(
    JSON.stringify({
      step: map.step,
      faces: faces.length,
      neighbours: neighbours!,
      ownNeighbours: ownNeighbours!,
      names: [...names.keys()],
    } satisfies Head),
  );
  return joined([Uint32Array.of(head.length), head, ...columns]);
}

function joined(parts: readonly ArrayBufferView[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + padded(byteLength), 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += padded(byteLength);
  }
  return bytes;
}

/** @param bytes of `packMap` */
export function unpackMap(bytes: ArrayBuffer): FaceMap {
  let at = 0;
  const take = <T>(
    Kind: new (buffer: ArrayBuffer, at: number, length: number) => T,
    length: number,
    size: number,
  ): T => {
    const taken = new Kind(bytes, at, length);
    at += padded(length * size);
    return taken;
  };
  const doubles = (length: number) => take(Float64Array, length, 8);
  const floats = (length: number) => take(Float32Array, length, 4);
  const whole = (length: number) => take(Uint32Array, length, 4);
  const [headBytes] = whole(1);
  const head = JSON.parse(new TextDecoder().decode(take(Uint8Array, headBytes!, 1))) as Head;
  const [x, y, timeSeconds] = DOUBLES.map(() => doubles(head.faces));
  const [valence, arousal, intensity] = FLOATS.map(() => floats(head.faces));
  const keys = whole(head.faces);
  const [person, clip, split, expression] = NAMES.map(() => whole(head.faces));
  const number = (value: number): number | null => (Number.isNaN(value) ? null : value);
  const nameOf = (index: number): string | null => head.names[index] ?? null;
  const faces = Array.from(
    keys,
    (key, i): MappedFace => ({
      ...{ key, x: x![i]!, y: y![i]!, timeSeconds: timeSeconds![i]! },
      ...{ person: nameOf(person![i]!), clip: nameOf(clip![i]!)!, split: nameOf(split![i]!) },
      ...{ expression: nameOf(expression![i]!), valence: number(valence![i]!) },
      ...{ arousal: number(arousal![i]!), intensity: number(intensity![i]!) },
    }),
  );
  const [neighbours, ownNeighbours] = LISTS.map((name) =>
    listsOf(whole(head.faces), whole(head[name]), floats(head[name])),
  );
  return { step: head.step, faces, neighbours: neighbours!, ownNeighbours: ownNeighbours! };
}

/** Of each face. Loops: there are hundreds of thousands. */
function listsOf(counts: Uint32Array, others: Uint32Array, cosines: Float32Array): Neighbour[][] {
  const lists: Neighbour[][] = [];
  let at = 0;
  for (const count of counts) {
    const list: Neighbour[] = [];
    for (const end = at + count; at < end; at++) list.push({ face: others[at]!, cosine: cosines[at]! });
    lists.push(list);
  }
  return lists;
}
