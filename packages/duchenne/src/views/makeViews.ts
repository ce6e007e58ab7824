import { type Device, noGrad, ops, scope, type Tensor, tensor } from "@duchenne/torch";
import type { Random } from "../random.ts";
import { type FrameBatch, rowCount } from "../sampling/batch.ts";
import type { ViewSettings } from "../train/config.ts";
import * as blur from "./blur.ts";
import * as colorJitter from "./colorJitter.ts";
import * as cropFlip from "./cropFlip.ts";
import * as cutMix from "./cutMix.ts";
import * as faceSwap from "./faceSwap.ts";
import { uploadFrames } from "./frames.ts";
import * as grayscale from "./grayscale.ts";
import * as landmarkMask from "./landmarkMask.ts";
import { normalize } from "./normalize.ts";
import { resize, resizeLandmarks, workingSize } from "./resize.ts";
import { alike, rowIndex } from "./rows.ts";
import type { ViewBatch } from "./viewBatch.ts";

/**
 * What the network sees of a batch of frames: FaceSwap, then each frame on its own masked, resized, cropped, mirrored, its
 * colours changed, blurred, turned grey, normalised; then CutMix. All of it on the device, a batch at a time.
 * @param batch may be released to its loader once this returns
 * @param rng the step's own: the same one gives the same views
 */
export function makeViews(batch: FrameBatch, settings: ViewSettings, rng: Random, device: Device): ViewBatch {
  return noGrad(() =>
    scope(() => {
      const { images: frames, landmarks, counts } = swapFaces(batch, settings, rng, device);
      const covered = coverParts(frames, landmarks, settings, rng);
      const cropped = crop(covered.images, settings, rng);
      const images = normalize(recolor(cropped, settings, rng));
      const { clips, layout } = batch;
      const about = { clips, layout, ...featuresOf(batch, device), counts: { ...counts, ...covered.counts } };
      return { ...mixPositives(images, settings, rng), ...about };
    }),
  );
}

/** The frames at the size they are worked on, with the positives swapped where that is on. */
function swapFaces(batch: FrameBatch, settings: ViewSettings, rng: Random, device: Device) {
  const [size, largest] = [batch.frameSize, workingSize(settings.size)];
  const images = uploadFrames(batch.images, { n: rowCount(batch), size, largest, device });
  const frameSize = images.shape[3]!;
  const place = (landmarks: Float32Array) => resizeLandmarks(landmarks, size, frameSize);
  const landmarks = place(batch.landmarks);
  if (!settings.faceSwap) return { images, landmarks, counts: { swapped: 0, swapSkipped: 0 } };
  const identity = batch.identity && { landmarks: place(batch.identity.landmarks) };
  const frames = {
    clips: batch.clips,
    layout: batch.layout,
    frameSize,
    landmarks,
    ...(identity && { identity }),
  };
  const draw = faceSwap.sample(frames, { probability: settings.faceSwapProbability }, rng.fork("faceSwap"));
  const identities = uploadFrames(batch.identity!.images, { n: batch.clips, size, largest, device });
  return {
    images: faceSwap.apply(images, identities, draw),
    landmarks: draw.landmarks,
    counts: { swapped: draw.swaps.length, swapSkipped: draw.skipped },
  };
}

function coverParts(images: Tensor, landmarks: Float32Array, settings: ViewSettings, rng: Random) {
  const chance = settings.landmarkMaskProbability;
  const draw = landmarkMask.sample(landmarks, images.shape[3]!, chance, rng.fork("landmarkMask"));
  return { images: landmarkMask.apply(images, draw), counts: { maskSkipped: draw.skipped } };
}

function crop(images: Tensor, { size, flipProbability }: ViewSettings, rng: Random): Tensor {
  const from = workingSize(size);
  const draw = cropFlip.sample(images.shape[0]!, { from, to: size, flipProbability }, rng.fork("cropFlip"));
  return cropFlip.apply(resize(images, from), draw);
}

function recolor(images: Tensor, settings: ViewSettings, rng: Random): Tensor {
  const n = images.shape[0]!;
  // Anchors' colours always change: the first half of the rows.
  const chances = [...alike(n / 2, 1), ...alike(n / 2, settings.jitterProbability)];
  const jittered = colorJitter.apply(images, colorJitter.sample(chances, settings, rng.fork("colorJitter")));
  const blurred = blur.apply(jittered, blur.sample(n, settings.blurProbability, rng.fork("blur")));
  return grayscale.apply(blurred, grayscale.sample(n, settings.grayscaleProbability, rng.fork("grayscale")));
}

/** CutMix among the positives where it is on; then the memory order that networks are fastest with. */
function mixPositives(
  images: Tensor,
  { cutMix: isOn, cutMixAlpha, size }: ViewSettings,
  rng: Random,
): Pick<ViewBatch, "images" | "mix"> {
  if (!isOn) return { images: images.contiguous("channelsLast") };
  const half = images.shape[0]! / 2;
  const draw = cutMix.sample(half, size, cutMixAlpha, rng.fork("cutMix"));
  const positives = ops.narrow(images, 0, half, half);
  positives.copy_(cutMix.apply(positives, draw));
  const partner = rowIndex(
    draw.map((patch) => patch.partner),
    images,
  );
  const kept = tensor(
    Float32Array.from(draw, (patch) => patch.kept),
    { device: images.device },
  );
  return { images: images.contiguous("channelsLast"), mix: { partner, kept } };
}

/** Features of the expression frames: a swap changes nothing about them. */
function featuresOf(batch: FrameBatch, device: Device): Pick<ViewBatch, "features" | "hasFeature"> {
  const [rows, length] = [rowCount(batch), batch.featureLength];
  const has = Array.from(
    { length: rows },
    (_, row) => length > 0 && !Number.isNaN(batch.features[row * length]!),
  );
  const hasFeature = tensor(has, { device });
  const raw = tensor(batch.features, { shape: [rows, length], device });
  const known = ops.where(hasFeature.unsqueeze(1), raw, ops.zerosLike(raw));
  const norms = ops.square(known).sum(1, true).sqrt();
  return { features: known.div(norms.clamp(SMALLEST_NORM)), hasFeature };
}

/** A feature of zeros stays one. */
const SMALLEST_NORM = 1e-12;
