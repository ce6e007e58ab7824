/** The feature pass over several processes: each embeds a contiguous part of the passes, and all get every row. */
import { distributed, noGrad, scope, sharedTensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import type { Ranks } from "../../ssl/train/ranks.ts";
import { type Embedder, type Pass, type PassView, passEmbedder, passesOf } from "./embed.ts";

/** What a process computes of its own frames besides features: rows of bytes, which are gathered, too. */
export interface FrameNotes {
  /** Bytes per image. */
  readonly length: number;
  /** @param frames [k, stored, stored, 3]   @returns [k · length] */
  take(frames: Uint8Array): Uint8Array;
}

/** The rows of one pass of some process. */
export interface GatheredPass {
  readonly pass: Pass;
  /** [k · d] */
  readonly features: Float32Array;
  /** [k · length]; empty without notes */
  readonly notes: Uint8Array;
}

/** Inputs of `embedTogether`; each process gives the same. */
export interface TogetherRequest {
  /** In evaluation mode. */
  readonly backbone: Embedder;
  readonly store: FrameStore;
  /** [n] frame keys */
  readonly keys: readonly number[];
  readonly view: PassView;
  readonly notes: FrameNotes | undefined;
  /** Rejects where this process was asked to stop: then all stop, after the same round. */
  readonly yieldTurn: YieldTurn;
  /** Called with every pass, on each process. */
  readonly onPass: (gathered: GatheredPass) => void;
}

/**
 * Embeds frames, each process those of its passes. Passes are cut as one process cuts them, so features have the same bits.
 * @throws the reason of the process that was asked to stop first, in all; ProcessGroupError if another process ends
 */
export async function embedTogether(ranks: Ranks, request: TogetherRequest): Promise<void> {
  const { backbone, store, keys, view, notes, yieldTurn, onPass } = request;
  const { rank, worldSize } = ranks.share;
  const embed = passEmbedder(backbone, store, keys, view);
  const parts = Array.from({ length: worldSize }, (_, r) =>
    partOf(passesOf(store, keys.length), r, worldSize),
  );
  const rounds = Math.max(...parts.map(({ length }) => length));
  for (let round = 0; round < rounds; round++) {
    const own = parts[rank]![round];
    const { rows, frames } = own ? embed(own) : { rows: new Float32Array(0), frames: new Uint8Array(0) };
    const noted = notes && own ? notes.take(frames) : new Uint8Array(0);
    await stopTogether(ranks, yieldTurn);
    const features = gather(bytesOf(rows), 4 * backbone.features);
    const gatheredNotes = notes ? gather(noted, notes.length) : new Uint8Array(0);
    let at = 0;
    for (const part of parts) {
      const pass = part[round];
      if (!pass) continue;
      const end = at + pass.end - pass.start;
      const cut = (bytes: Uint8Array, length: number) => bytes.slice(at * length, end * length);
      onPass({
        pass,
        features: new Float32Array(cut(features, 4 * backbone.features).buffer),
        notes: cut(gatheredNotes, notes?.length ?? 0),
      });
      at = end;
    }
  }
}

/** Passes [r·p / n, (r + 1)·p / n) of p. */
function partOf(passes: readonly Pass[], rank: number, worldSize: number): readonly Pass[] {
  const cut = (r: number) => Math.floor((r * passes.length) / worldSize);
  return passes.slice(cut(rank), cut(rank + 1));
}

/** @throws in all processes, if any was asked to stop */
async function stopTogether(ranks: Ranks, yieldTurn: YieldTurn): Promise<void> {
  let reason: unknown;
  try {
    await yieldTurn();
  } catch (error) {
    reason = error;
  }
  if (ranks.anyStops(reason !== undefined))
    throw reason ?? new DOMException("another process was asked to stop", "AbortError");
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** @param rows [k · length] bytes of this process   @returns those of all, in the order of processes */
function gather(rows: Uint8Array, length: number): Uint8Array {
  return scope(() =>
    noGrad(
      () =>
        distributed
          .allGatherRows(sharedTensor(rows, [rows.length / length, length]))
          .contiguous()
          .toTypedArray() as Uint8Array,
    ),
  );
}
