import { type Device, noGrad, ops, scope, type Tensor, tensor, withThreads } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import { type FrameBatch, rowCount } from "../sampling/batch.ts";
import * as cutMix from "./cutMix.ts";
import * as faceSwap from "./faceSwap.ts";
import { uploadFrames } from "./frames.ts";
import * as frameViews from "./frameViews.ts";
import { parts } from "./images/parts.ts";
import { rowIndex } from "./images/rows.ts";
import type { ImageView } from "./imageView.ts";
import { resizeLandmarks, workingSize } from "./resize.ts";
import type { ViewSettings } from "./settings.ts";
import type { ViewBatch } from "./viewBatch.ts";

/**
 * What the network sees of a batch of frames: FaceSwap, then each frame on its own masked, resized, cropped, mirrored, its
 * colours changed, blurred, turned grey, normalised; then CutMix. All of it on the device, a batch at a time; on the CPU by one
 * thread, so that the views' bits do not depend on the caller's number of threads.
 * @param batch may be released to its loader once this returns
 * @param rng the step's own stream: the same stream gives the same views
 * @param also views of the user's own
 */
export function makeViews(
  batch: FrameBatch,
  settings: ViewSettings,
  rng: Random,
  device: Device,
  also: readonly ImageView[] = [],
): ViewBatch {
  const make = () => noGrad(() => scope(() => viewsOf(batch, settings, rng, device, also)));
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
): ViewBatch {
  const { frames, landmarks, counts } = swapFaces(batch, settings, rng, device);
  const draws = frameViews.sample(landmarks, frames.shape[3]!, settings, rng, also);
  const images = viewFrames(frames, draws, settings);
  const mix = mixPositives(images, settings, rng);
  const { clips, layout } = batch;
  const { maskSkipped } = draws;
  const about = {
    clips,
    layout,
    ...featuresOf(batch, settings, rng, device),
    counts: { ...counts, maskSkipped },
  };
  return { images, ...(mix && { mix }), ...about };
}

/** The frames at the size they are worked on, with the positives swapped where that is on. */
function swapFaces(batch: FrameBatch, settings: ViewSettings, rng: Random, device: Device) {
  const { clips, layout, frameSize: size, identity } = batch;
  const largest = workingSize(settings.size);
  const frames = uploadFrames(batch.images, { n: rowCount(batch), size, largest, device });
  const frameSize = frames.shape[3]!;
  const place = (from: Float32Array) => resizeLandmarks(from, size, frameSize);
  const landmarks = place(batch.landmarks);
  if (!settings.faceSwap) return { frames, landmarks, counts: { swapped: 0, swapSkipped: 0 } };
  const faces = { clips, layout, frameSize, landmarks };
  const placed = identity ? { ...faces, identity: { landmarks: place(identity.landmarks) } } : faces;
  const draw = faceSwap.sample(placed, { probability: settings.faceSwapProbability }, rng.fork("faceSwap"));
  scope(() =>
    faceSwap.apply(frames, uploadFrames(identity!.images, { n: clips, size, largest, device }), draw),
  );
  const counts = { swapped: draw.swaps.length, swapSkipped: draw.skipped };
  return { frames, landmarks: draw.landmarks, counts };
}

/** @returns [n, 3, size, size], channels last: the order in memory that networks are fastest with */
function viewFrames(frames: Tensor, draws: frameViews.FrameDraws, settings: ViewSettings): Tensor {
  const [n, , height, width] = frames.shape as [number, number, number, number];
  const { size } = settings;
  const { device } = frames;
  const images = ops.empty([n, 3, size, size], {
    dtype: "float32",
    device,
    memory_format: "channelsLast",
  });
  const order = frameViews.rowsByOrder(draws);
  for (const { first, count } of parts(n, 3 * height * width, device))
    scope(() => {
      const rows = order.slice(first, first + count);
      const places = rowIndex(rows, frames);
      const part = frameViews.apply(ops.indexSelect(frames, 0, places), draws, rows, settings);
      ops.indexPut_(images, [places], part.contiguous("channelsLast"));
    });
  return images;
}

/** CutMix among the positives, in place, where it is on. */
function mixPositives(
  images: Tensor,
  { cutMix: isOn, cutMixAlpha, size }: ViewSettings,
  rng: Random,
): ViewBatch["mix"] {
  if (!isOn) return undefined;
  const half = images.shape[0]! / 2;
  const patches = cutMix.sample(half, size, cutMixAlpha, rng.fork("cutMix"));
  const positives = ops.narrow(images, 0, half, half);
  positives.copy_(cutMix.apply(positives, patches));
  const partner = rowIndex(
    patches.map((patch) => patch.partner),
    images,
  );
  const kept = tensor(
    Float32Array.from(patches, (patch) => patch.kept),
    { device: images.device },
  );
  return { partner, kept };
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
    return takesPart && length > 0 && !Number.isNaN(batch.features[row * length]!);
  });
  const hasFeature = tensor(has, { device });
  const raw = tensor(batch.features, { shape: [rows, length], device });
  const known = ops.where(hasFeature.unsqueeze(1), raw, ops.zerosLike(raw));
  const norms = ops.square(known).sum(1, true).sqrt();
  return { features: known.div(norms.clamp(SMALLEST_NORM)), hasFeature };
}

/** A feature of zeros stays one. */
const SMALLEST_NORM = 1e-12;
