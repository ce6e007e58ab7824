/** What a sheet shows of a batch: groups of columns, a tile in each for every clip. */
import { ops, scope, type Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import type { PretrainConfig } from "../../ssl/config/config.ts";
import { searchFalseNegatives } from "../../ssl/methods/index.ts";
import {
  BLOCKS,
  type BlockName,
  type FrameBatch,
  positiveOffset,
  rowCount,
} from "../../ssl/sampling/batch.ts";
import * as faceSwap from "../../ssl/views/faceSwap.ts";
import { uploadFrames } from "../../ssl/views/frames.ts";
import { denormalize } from "../../ssl/views/normalize.ts";
import type { ViewBatch } from "../../ssl/views/viewBatch.ts";

/** A picture with a line under it. */
export interface Tile {
  /** [side, side, 3] RGB. */
  readonly pixels: Uint8Array;
  readonly side: number;
  readonly caption: string;
  /** Shown pale: nothing happened here. */
  readonly isPale?: boolean;
  /** Of a frame as stored: its key. */
  readonly key?: number;
}

/** A group of columns of a sheet. */
export interface Group {
  readonly title: string;
  readonly columns: readonly string[];
  /** One tile per column. */
  readonly tiles: (clip: number) => readonly Tile[];
}

/** What the store knows of a frame. */
export interface FrameFacts {
  readonly timeSeconds: number;
  /** Known on labelled stores; the method never sees it. */
  readonly expression: string | null;
}

/** Reads what the store knows of a frame, by its key. */
export type Facts = (key: number) => FrameFacts;

const BLOCK_TITLES: Readonly<Record<BlockName, string>> = {
  anchor: "anchor",
  positive: "positive",
  hardNegative: "hard negative",
  hardNegativePositive: "its positive",
};
/** Each next to its positive, whatever the order of a batch's rows. */
const SHOWN_ORDER: readonly BlockName[] = ["anchor", "positive", "hardNegative", "hardNegativePositive"];
/** Of a row's false negatives. */
const MOST_SHOWN = 2;

interface Column {
  readonly title: string;
  /** The batch's row for a clip. */
  readonly row: (clip: number) => number;
}

function columnsOf({ layout, clips }: FrameBatch): Column[] {
  const blocks: readonly BlockName[] = BLOCKS[layout];
  return SHOWN_ORDER.filter((block) => blocks.includes(block)).map((block) => ({
    title: BLOCK_TITLES[block],
    row: (clip) => blocks.indexOf(block) * clips + clip,
  }));
}

/** Picture i of many of a size. */
function pictureOf(images: Uint8Array, side: number, i: number): Pick<Tile, "pixels" | "side"> {
  const bytes = side * side * 3;
  return { pixels: images.subarray(i * bytes, (i + 1) * bytes), side };
}

/** The frames as stored; captions say when, and which expression if the store has labels. */
export function frameGroup(batch: FrameBatch, facts: Facts): Group {
  const columns = columnsOf(batch);
  const caption = (clip: number, { row }: Column, i: number) => {
    const { timeSeconds, expression } = facts(batch.keys[row(clip)]!);
    const since = timeSeconds - facts(batch.keys[clip]!).timeSeconds;
    const when = i === 0 ? `at ${timeSeconds.toFixed(1)} s` : signed(since);
    return expression === null ? when : `${when}, ${expression}`;
  };
  return {
    title: "Frames",
    columns: columns.map(({ title }) => title),
    tiles: (clip) =>
      columns.map((column, i) => ({
        ...pictureOf(batch.images, batch.frameSize, column.row(clip)),
        caption: caption(clip, column, i),
        key: batch.keys[column.row(clip)]!,
      })),
  };
}

const signed = (seconds: number): string => `${seconds < 0 ? "−" : "+"}${Math.abs(seconds).toFixed(1)} s`;

/**
 * The faces that FaceSwap carries onto another person's, before anything else is done to them.
 * @param rng the step's, as for `makeViews`: the draws are the same
 */
export function swapGroup(batch: FrameBatch, config: PretrainConfig, rng: Random): Group {
  const { frameSize: size, clips } = batch;
  const draw = faceSwap.sample(batch, { probability: config.faceSwapProbability }, rng.fork("faceSwap"));
  const swapped = scope(() => {
    const placement = { size, largest: size, device: "cpu" };
    const frames = uploadFrames(batch.images, { n: rowCount(batch), ...placement });
    const identities = uploadFrames(batch.identity!.images, { n: clips, ...placement });
    return bytesOf(faceSwap.apply(frames, identities, draw));
  });
  const isSwapped = new Set(draw.swaps.map(({ row }) => row));
  const columns = columnsOf(batch).filter(({ row }) => row(0) >= positiveOffset(batch));
  return {
    title: "FaceSwap",
    columns: ["other person", ...columns.map(({ title }) => `${title}'s face`)],
    tiles: (clip) => [
      { ...pictureOf(batch.identity!.images, size, clip), caption: "" },
      ...columns.map(({ row }) => ({
        ...pictureOf(swapped, size, row(clip)),
        caption: isSwapped.has(row(clip)) ? "carried over" : "not swapped",
        isPale: !isSwapped.has(row(clip)),
      })),
    ],
  };
}

/** What the network sees. */
export function viewGroup(batch: FrameBatch, views: ViewBatch): Group {
  const columns = columnsOf(batch);
  const images = scope(() => bytesOf(denormalize(views.images)));
  const side = views.images.size(3);
  const kept = views.mix && (views.mix.kept.toArray() as number[]);
  const mixed = (row: number) => {
    const share = kept?.[row - positiveOffset(batch)];
    return share === undefined ? "" : `${Math.round(100 * share)} % its own`;
  };
  return {
    title: "What the network sees",
    columns: columns.map(({ title }) => title),
    tiles: (clip) =>
      columns.map(({ row }) => ({ ...pictureOf(images, side, row(clip)), caption: mixed(row(clip)) })),
  };
}

/** [n, side, side, 3] of [n, 3, side, side] in 0..255. */
function bytesOf(images: Tensor): Uint8Array {
  const rounded = images.add(0.5).clamp(0, 255).to({ dtype: "uint8" });
  return rounded.permute(0, 2, 3, 1).contiguous().toTypedArray() as Uint8Array;
}

/** The frames that MaskFN takes for the anchors' false negatives. */
export function falseNegativeGroup(
  batch: FrameBatch,
  views: ViewBatch,
  config: PretrainConfig,
  facts: Facts,
): Group {
  const count = Math.min(config.maskFnCount, MOST_SHOWN);
  const anchors = columnsOf(batch).filter(({ row }) => row(0) < positiveOffset(batch));
  const find = falseNegativesOf(views, { ...config, maskFnCount: count });
  const columns = anchors.flatMap(({ title, row }) =>
    Array.from({ length: count }, (_, rank) => ({ title: `of the ${title}`, row, rank })),
  );
  return {
    title: "MaskFN: false negatives",
    columns: columns.map(({ title }) => title),
    tiles: (clip) =>
      columns.map(({ row, rank }) => {
        const found = find(row(clip), rank);
        if (found === undefined)
          return {
            ...pictureOf(batch.images, batch.frameSize, row(clip)),
            caption: "none found",
            isPale: true,
          };
        const { expression } = facts(batch.keys[found.row]!);
        const caption = `${found.likeness}${expression === null ? "" : `, ${expression}`}`;
        return { ...pictureOf(batch.images, batch.frameSize, found.row), caption };
      }),
  };
}

type Finder = (row: number, rank: number) => { row: number; likeness: string } | undefined;

function falseNegativesOf(views: ViewBatch, config: PretrainConfig): Finder {
  return scope(() => {
    const { features } = views;
    const { indices, valid, shares } = searchFalseNegatives(views, config, features.device);
    const cosines = ops.gather(features.matmul(features.t()), 1, indices);
    const [columns, isFound] = [indices.toArray() as number[][], valid.toArray() as number[][]];
    const alike = (shares ?? cosines).toArray() as number[][];
    return (row, rank) => {
      const column = columns[row]![rank];
      if (column === undefined || !isFound[row]![rank]) return undefined;
      const likeness = `${shares ? "geometry" : "cosine"} ${alike[row]![rank]!.toFixed(2)}`;
      return { row: column, likeness };
    };
  });
}
