import { encodeImage } from "../../data/store/imageCodec.ts";
import type { SheetRow } from "../../report/preview/canvas.ts";
import type { Group } from "../../report/preview/groups.ts";
import { useSheet } from "../../report/preview/sheet.ts";
import type { PretrainConfig } from "../../ssl/config/config.ts";
import type { BatchPicture, BatchRow, BatchViews } from "../contract/api.ts";

/** A batch to compute. */
export interface BatchRequest {
  readonly store: string;
  /** Of the store's file: somebody may have been taken out of it. */
  readonly version: string;
  readonly config: PretrainConfig;
  /** Which batch of the run, from 0. */
  readonly step: number;
  /** Clips shown of it. */
  readonly clips: number;
}

/** A batch with its pictures' files; a picture's `url` is its number among them. */
export interface ComputedBatch {
  readonly views: BatchViews;
  /** JPEG. */
  readonly pictures: readonly Uint8Array[];
}

/** @throws PieceError, StoreError, SamplingError, ConfigError as `pretrain` does */
export function computeBatch({ store, config, step, clips }: BatchRequest): Promise<ComputedBatch> {
  return useSheet(store, config, { first: step, batches: 1, clips }, ({ subtitle, notices, sections }) => {
    const { title, groups, rows } = sections[0]!;
    const pictures: Uint8Array[] = [];
    const views: BatchViews = {
      ...{ title, subtitle, notices },
      groups: groups.map(({ title: name, columns }) => ({ title: name, columns })),
      rows: rows.map((row) => rowOf(row, groups, pictures)),
    };
    return { views, pictures };
  });
}

function rowOf(
  { clip, label, source }: SheetRow,
  groups: readonly Group[],
  pictures: Uint8Array[],
): BatchRow {
  return {
    label,
    clip: source
      ? {
          source: source.source,
          firstFrame: source.firstFrame,
          frameCount: source.frameCount,
          frameRateHz: source.frameRateHz,
        }
      : null,
    pictures: groups.map(({ tiles }) =>
      tiles(clip).map(({ pixels, side, caption, isPale = false, key = null }): BatchPicture => {
        const url = String(pictures.push(encodeImage(pixels, side, "jpeg")) - 1);
        return { url, caption, isPale, key };
      }),
    ),
  };
}
