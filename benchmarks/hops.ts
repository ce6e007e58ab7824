/**
 * How often a track goes from one person to another where films are joined, and how often it is cut though the person stays.
 * Usage: tsx --conditions=source benchmarks/hops.ts <folder of person/clip.mp4> [--every <n>: take every n-th pair only]
 *   [--first <k>: begin with pair k (default 0)] [--join <part of a join's name>: these joins only]
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { extractFaces, followFaces, type RgbImage } from "@duchenne/face";
import {
  emptied,
  FRAMES,
  headsOf,
  type JoinedFrame,
  type Presence,
  paste,
  plain,
  readShot,
  type Shot,
  streamOf,
  whole,
} from "./joinedClips.ts";

const GAP_FRAMES = 3;
/** Frames of a dissolve, of which each shows both: about a second. */
const MIXED_FRAMES = 4;
const TILE = { width: 320, side: 150 };

/** Ways to join two shots. */
const JOINS: Record<string, (a: Shot, b: Shot) => JoinedFrame[]> = {
  "cut to the other film": (a, b) => [...whole(a), ...whole(b, a.images[0])],
  "same background, same place": (a, b) => [...whole(a), ...onBackgroundOf(a, b, 0)],
  "same background, half a face aside": (a, b) => [...whole(a), ...onBackgroundOf(a, b, 0.3)],
  "same, after a gap": (a, b) => [
    ...whole(a),
    ...Array.from({ length: GAP_FRAMES }, () => emptied(a)),
    ...onBackgroundOf(a, b, 0),
  ],
  "two frames of the other, and back": (a, b) => [
    ...whole(a).slice(0, -1),
    ...onBackgroundOf(a, b, 0).slice(0, 2),
    ...whole(a).slice(-1),
  ],
  "two frames of the other at the end": (a, b) => [...whole(a), ...onBackgroundOf(a, b, 0).slice(0, 2)],
  "a dissolve of a second": (a, b) => dissolved(whole(a), whole(b, a.images[0])),
  "a dissolve of a second, same background": (a, b) => dissolved(whole(a), onBackgroundOf(a, b, 0)),
  crossing: crossing,
  "tiles that change places": (a, b) => [...tiles(a, b, false), ...tiles(a, b, true)],
};

/** One shot, then frames that are partly its last one and partly the next shot's first one, then the next shot. */
function dissolved(one: JoinedFrame[], next: JoinedFrame[]): JoinedFrame[] {
  const [last, first] = [one.at(-1)!.image, next[0]!.image];
  const mixes = Array.from({ length: MIXED_FRAMES }, (_, i) => {
    const share = (i + 1) / (MIXED_FRAMES + 1);
    const data = last.data.map((value, k) => value + share * (first.data[k]! - value));
    return { image: { ...last, data }, present: [] };
  });
  return [...one, ...mixes, ...next];
}

/** Heads of `b` where the face of `a` was last, or aside of it. */
function onBackgroundOf(a: Shot, b: Shot, aside: number): JoinedFrame[] {
  const background: JoinedFrame = { image: a.images.at(-1)!, present: [] };
  const square = a.squares.at(-1)!;
  const at = { x: square.centerX + aside * square.side, y: square.centerY, side: square.side };
  return headsOf(b).map((head) => paste(background, head, { ...at, person: b.person }));
}

const at = (person: string, x: number): Presence => ({ person, x, y: TILE.width / 2, side: TILE.side });
const canvas = (): JoinedFrame => ({ image: plain(2 * TILE.width, TILE.width), present: [] });

/** `a` goes to the right, `b` to the left and in front of `a`. */
function crossing(a: Shot, b: Shot): JoinedFrame[] {
  const there = (heads: RgbImage[]) => [...heads, ...heads.toReversed(), ...heads];
  const [behind, front] = [there(headsOf(a)), there(headsOf(b))];
  const step = (2 * TILE.width - TILE.side - 20) / (behind.length - 1);
  const start = TILE.side / 2 + 10;
  return behind.map((head, i) => {
    const back = paste(canvas(), head, at(a.person, start + step * i));
    return paste(back, front[i]!, at(b.person, 2 * TILE.width - start - step * i));
  });
}

function tiles(a: Shot, b: Shot, swapped: boolean): JoinedFrame[] {
  const [left, right] = swapped ? [b, a] : [a, b];
  const [headsLeft, headsRight] = [headsOf(left), headsOf(right)];
  return headsLeft.map((head, i) =>
    paste(
      paste(canvas(), head, at(left.person, TILE.width / 2)),
      headsRight[i]!,
      at(right.person, 1.5 * TILE.width),
    ),
  );
}

/** Of a joined film: whether a track shows two people, and how many of its people were followed. */
async function follow(frames: readonly JoinedFrame[]): Promise<{ hopped: boolean; people: number }> {
  const shown = new Map<number, Set<string>>();
  const options = { minSharpness: 0, maxYawDegrees: 90 };
  for await (const { frame, faces } of followFaces(streamOf(frames), options)) {
    for (const { track, square } of faces) {
      const distance = ({ x, y }: Presence) => Math.hypot(x - square.centerX, y - square.centerY);
      const nearest = [...frames[frame.index]!.present].sort((a, b) => distance(a) - distance(b))[0];
      if (nearest === undefined || distance(nearest) > nearest.side / 3) continue;
      shown.set(track, (shown.get(track) ?? new Set()).add(nearest.person));
    }
  }
  const people = new Set([...shown.values()].flatMap((one) => [...one]));
  return { hopped: [...shown.values()].some((one) => one.size > 1), people: people.size };
}

async function countTracks(path: string): Promise<number> {
  const tracks = new Set<number>();
  for await (const { track } of extractFaces({ kind: "video", path })) tracks.add(track);
  return tracks.size;
}

function clipsOf(folder: string): { path: string; name: string; person: string }[] {
  const people = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return people
    .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => ({ name, file })))
    .filter(({ file }) => /\.(mp4|webm|mov|mkv)$/.test(file))
    .map(({ name, file }) => ({ path: join(folder, name, file), name: `${name}/${file}`, person: name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What an option says; without it, `least`, which is also the least that it takes. */
function integerOf(name: string, value: string | undefined, least: number): number {
  const number = Number(value ?? least);
  if (value?.trim() !== "" && Number.isSafeInteger(number) && number >= least) return number;
  throw new Error(
    `--${name}: expected an integer from ${least}, received ${JSON.stringify(value)}. Pass one, or leave it out.`,
  );
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { every: { type: "string" }, first: { type: "string" }, join: { type: "string" } },
  });
  const [folder] = positionals;
  if (folder === undefined) throw new Error("expected the folder of clips as first argument");
  const [every, first] = [integerOf("every", values.every, 1), integerOf("first", values.first, 0)];
  const clips = clipsOf(folder);
  const shots: Shot[] = [];
  let [tracks, divided] = [0, 0];
  for (const { path, name, person } of clips) {
    const count = await countTracks(path);
    tracks += count;
    if (count > 1) console.log(`${name}: ${count} tracks`);
    divided += Math.max(0, count - 1);
    const shot = await readShot(path, name, person);
    if (shot) shots.push(shot);
  }
  console.log(
    `\n${clips.length} clips of one person: ${tracks} tracks, ${divided} after the first of a clip.`,
  );
  const pairs = shots.flatMap((a, i) => shots.slice(i + 1).map((b) => [a, b] as const));
  const chosen = pairs
    .filter(([a, b]) => a.person !== b.person)
    .slice(first)
    .filter((_, i) => i % every === 0);
  console.log(`${shots.length} clips of ${FRAMES} frames or more, ${chosen.length} pairs.\n`);
  console.log("| join | films | both people followed | a track shows both |\n|---|---|---|---|");
  for (const [name, make] of Object.entries(JOINS)) {
    if (!name.includes(values.join ?? "")) continue;
    let [both, hops] = [0, 0];
    const examples: string[] = [];
    for (const [a, b] of chosen) {
      const { hopped, people } = await follow(make(a, b));
      if (people === 2) both += 1;
      if (!hopped) continue;
      hops += 1;
      if (examples.length < 12) examples.push(`${a.name} to ${b.name}`);
    }
    const share = ((100 * hops) / chosen.length).toFixed(2);
    console.log(
      `| ${name} | ${chosen.length} | ${both} | ${hops} (${share} %) | ${process.env.DUCHENNE_DEBUG ? examples.join(", ") : ""}`,
    );
  }
}

await main();
