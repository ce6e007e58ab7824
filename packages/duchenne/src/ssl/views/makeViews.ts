import { type Device, noGrad, ops, scope, type Tensor, tensor, withThreads } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import { type BatchShare, type FrameBatch, isWarped, positiveOffset, rowCount } from "../sampling/batch.ts";
import * as cutMix from "./cutMix.ts";
import * as faceSwap from "./faceSwap.ts";
import { uploadFrames } from "./frames.ts";
import * as frameViews from "./frameViews.ts";
import { parts } from "./images/parts.ts";
import { rowIndex } from "./images/rows.ts";
import type { ImageView } from "./imageView.ts";
import * as localWarp from "./localWarp.ts";
import { resizeLandmarks, workingSize } from "./resize.ts";
import type { ViewSettings } from "./settings.ts";
import type { ViewBatch } from "./viewBatch.ts";
import { type ViewRows, viewRows } from "./viewRows.ts";

/**
 * What the network sees of a batch of frames: local warps of hard negatives, FaceSwap, then each frame on its own masked, resized, cropped, mirrored, its
 * colours changed, blurred, turned grey, normalised; then CutMix. All of it on the device, a batch at a time; on the CPU by one
 * thread, so that the views' bits do not depend on the caller's number of threads.
 * @param batch may be released to its loader once this returns
 * @param rng the step's own stream: the same stream gives the same views
 * @param also views of the user's own
 * @param share of several processes: everything is drawn for the whole batch, and applied to the rows of this one
 */
export function makeViews(
  batch: FrameBatch,
  settings: ViewSettings,
  rng: Random,
  device: Device,
  also: readonly ImageView[] = [],
  share?: BatchShare,
): ViewBatch {
  const make = () => noGrad(() => scope(() => viewsOf(batch, settings, rng, device, also, share)));
  // FaceSwap multiplies matrices, and how a BLAS divides a product among threads changes its rounding. Threads gain nothing here:
  // each step takes a part of the batch that fits one processor's cache. The loader's workers make several batches at once instead.
  return device === "cpu" ? withThreads(1, make) : make();
}

function viewsOf(
  batch: FrameBatch,
  settings: ViewSettings,
  rng: Random,
  device: Device,
  also: readonly ImageView[],
  share: BatchShare | undefined,
): ViewBatch {
  const rows = viewRows(batch, settings, share, rng);
  const { frames, landmarks, counts } = swapFaces(batch, settings, rng, device, rows.needed);
  const draws = frameViews.sample(landmarks, frames.shape[3]!, settings, rng, also);
  const made = viewFrames(frames, draws, settings, rows.needed);
  const half = positiveOffset(batch);
  const images = share ? mixOwn(made, rows, half) : mixPositives(made, rows, half);
  const mix = rows.patches && mixOf(rows.patches, images);
  const { clips, layout } = batch;
  const { maskSkipped } = draws;
  const about = {
    clips,
    layout,
    ...featuresOf(batch, settings, rng, device),
    counts: { ...counts, maskSkipped },
  };
  return { images, ...(share && { share }), ...(mix && { mix }), ...about };
}

/**
 * The frames at the size they are worked on, with hard negatives warped and positives swapped if that is on.
 * @param needed rows whose frames are wanted; the landmarks are the whole batch's
 */
function swapFaces(
  batch: FrameBatch,
  settings: ViewSettings,
  rng: Random,
  device: Device,
  needed: readonly number[],
) {
  const { clips, layout, frameSize: size, identity } = batch;
  const largest = workingSize(settings.size);
  const pixels = chosenImages(batch.images, size, rowCount(batch), needed);
  const frames = uploadFrames(pixels, { n: needed.length, size, largest, device });
  const frameSize = frames.shape[3]!;
  const place = (from: Float32Array) => resizeLandmarks(from, size, frameSize);
  const warp = localWarp.sample(
    batch,
    place(batch.landmarks),
    frameSize,
    batch.warped,
    rng.fork("localWarp"),
  );
  localWarp.apply(
    frames,
    needed.map((row) => warp.warps[row]!),
  );
  const { landmarks } = warp;
  if (!settings.faceSwap) return { frames, landmarks, counts: { swapped: 0, swapSkipped: 0 } };
  const faces = { clips, layout, frameSize, landmarks };
  const placed = identity ? { ...faces, identity: { landmarks: place(identity.landmarks) } } : faces;
  const draw = faceSwap.sample(placed, { probability: settings.faceSwapProbability }, rng.fork("faceSwap"));
  const [swaps, identities] = swapsAmong(draw.swaps, needed, rowCount(batch), clips);
  scope(() => {
    const faces = chosenImages(identity!.images, size, clips, identities);
    const uploaded = uploadFrames(faces, { n: identities.length, size, largest, device });
    faceSwap.apply(frames, uploaded, { ...draw, swaps });
  });
  const counts = { swapped: draw.swaps.length, swapSkipped: draw.skipped };
  return { frames, landmarks: draw.landmarks, counts };
}

/** Some of `count` images, by their rising numbers; all of them are not copied. */
function chosenImages(
  images: Uint8Array,
  size: number,
  count: number,
  chosen: readonly number[],
): Uint8Array {
  if (chosen.length === count) return images;
  const length = size * size * 3;
  const some = new Uint8Array(chosen.length * length);
  chosen.forEach((image, i) => {
    some.set(images.subarray(image * length, (image + 1) * length), i * length);
  });
  return some;
}

/** The swaps of some rows, by their places among these rows and among the identities that they need. */
function swapsAmong(
  swaps: readonly faceSwap.Swap[],
  needed: readonly number[],
  rows: number,
  clips: number,
): [swaps: readonly faceSwap.Swap[], identities: readonly number[]] {
  const everyone = Array.from({ length: clips }, (_, clip) => clip);
  if (needed.length === rows) return [swaps, everyone];
  const place = new Map(needed.map((row, i) => [row, i]));
  const own = swaps.filter(({ row }) => place.has(row));
  const identities = [...new Set(own.map(({ clip }) => clip))].sort((a, b) => a - b);
  const moved = own.map((swap) => ({
    ...swap,
    row: place.get(swap.row)!,
    clip: identities.indexOf(swap.clip),
  }));
  return [moved, identities];
}

/**
 * @param frames [n, 3, side, side]   @param needed [n] their rows in the batch, rising
 * @returns [n, 3, size, size], channels last: the order in memory that networks are fastest with
 */
function viewFrames(
  frames: Tensor,
  draws: frameViews.FrameDraws,
  settings: ViewSettings,
  needed: readonly number[],
): Tensor {
  const [n, , height, width] = frames.shape as [number, number, number, number];
  const { size } = settings;
  const { device } = frames;
  const images = ops.empty([n, 3, size, size], {
    dtype: "float32",
    device,
    memory_format: "channelsLast",
  });
  const place = new Map(needed.map((row, i) => [row, i]));
  const order = frameViews.rowsByOrder(draws).filter((row) => place.has(row));
  for (const { first, count } of parts(n, 3 * height * width, device))
    scope(() => {
      const rows = order.slice(first, first + count);
      const places = rowIndex(
        rows.map((row) => place.get(row)!),
        frames,
      );
      const part = frameViews.apply(ops.indexSelect(frames, 0, places), draws, rows, settings);
      ops.indexPut_(images, [places], part.contiguous("channelsLast"));
    });
  return images;
}

/** CutMix among the positives of a whole batch, in place, if it is on. */
function mixPositives(images: Tensor, { patches }: ViewRows, half: number): Tensor {
  if (patches) {
    const positives = ops.narrow(images, 0, half, half);
    positives.copy_(cutMix.apply(positives, patches));
  }
  return images;
}

/** A process's own rows among those made, its positives with patches of the others where CutMix is on. */
function mixOwn(images: Tensor, { own, needed, patches }: ViewRows, half: number): Tensor {
  const place = new Map(needed.map((row, i) => [row, i]));
  const chosen = (rows: readonly number[]) =>
    ops.indexSelect(
      images,
      0,
      rowIndex(
        rows.map((row) => place.get(row)!),
        images,
      ),
    );
  if (!patches) return own.length === needed.length ? images : chosen(own).contiguous("channelsLast");
  const positives = own.filter((row) => row >= half);
  const draw = positives.map((row) => patches[row - half]!);
  const partners = chosen(draw.map(({ partner }) => half + partner));
  const anchors = own.filter((row) => row < half);
  return ops
    .cat([chosen(anchors), cutMix.apply(chosen(positives), draw, partners)])
    .contiguous("channelsLast");
}

/** CutMix's draws as the losses take them. */
function mixOf(patches: cutMix.CutMixDraw, { device }: Tensor): NonNullable<ViewBatch["mix"]> {
  const partner = BigInt64Array.from(patches, (patch) => BigInt(patch.partner));
  const kept = Float32Array.from(patches, (patch) => patch.kept);
  return { partner: tensor(partner, { device }), kept: tensor(kept, { device }) };
}

/** Features of the expression frames: a swap changes nothing about them. */
function featuresOf(
  batch: FrameBatch,
  { maskFnProbability }: ViewSettings,
  rng: Random,
  device: Device,
): Pick<ViewBatch, "features" | "hasFeature"> {
  const [rows, length] = [rowCount(batch), batch.featureLength];
  const draws = rng.fork("maskFn");
  const has = Array.from({ length: rows }, (_, row) => {
    const takesPart = draws.chance(maskFnProbability);
    return takesPart && length > 0 && !Number.isNaN(batch.features[row * length]!) && !isWarped(batch, row);
  });
  const hasFeature = tensor(has, { device });
  const raw = tensor(batch.features, { shape: [rows, length], device });
  const known = ops.where(hasFeature.unsqueeze(1), raw, ops.zerosLike(raw));
  const norms = ops.square(known).sum(1, true).sqrt();
  return { features: known.div(norms.clamp(SMALLEST_NORM)), hasFeature };
}

/** A feature of zeros stays one. */
const SMALLEST_NORM = 1e-12;
