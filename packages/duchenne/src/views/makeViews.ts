import { type Device, noGrad, ops, scope, type Tensor, tensor } from "@duchenne/torch";
import type { Random } from "../random.ts";
import { type FrameBatch, rowCount } from "../sampling/batch.ts";
import type { ViewSettings } from "../train/config.ts";
import * as blur from "./blur.ts";
import * as colorJitter from "./colorJitter.ts";
import * as cropFlip from "./cropFlip.ts";
import * as cutMix from "./cutMix.ts";
import { uploadFrames } from "./frames.ts";
import * as grayscale from "./grayscale.ts";
import * as landmarkMask from "./landmarkMask.ts";
import { normalize } from "./normalize.ts";
import { resize, resizeLandmarks, workingSize } from "./resize.ts";
import { alike, rowIndex } from "./rows.ts";
import type { ViewBatch, ViewCounts } from "./viewBatch.ts";

/**
 * What the network sees of a batch of frames: FaceSwap, then each frame on its own masked, resized, cropped, mirrored, its
 * colours changed, blurred, turned grey, normalised; then CutMix. All of it on the device, a batch at a time.
 * @param batch may be released to its loader once this returns
 * @param rng the step's own: the same one gives the same views
 */
export function makeViews(batch: FrameBatch, settings: ViewSettings, rng: Random, device: Device): ViewBatch {
  return noGrad(() =>
    scope(() => {
      const faces = placeFaces(batch, settings, device);
      const side = faces.images.shape[3]!;
      const mask = landmarkMask.sample(
        faces.landmarks,
        side,
        settings.landmarkMaskProbability,
        rng.fork("landmarkMask"),
      );
      const cropped = crop(landmarkMask.apply(faces.images, mask), settings, rng);
      const images = normalize(recolor(cropped, settings, rng));
      const counts: ViewCounts = { swapped: 0, swapSkipped: 0, maskSkipped: mask.skipped };
      const { clips, layout } = batch;
      return { ...mixPositives(images, settings, rng), clips, layout, ...featuresOf(batch, device), counts };
    }),
  );
}

/** Frames at the size they are worked on, and where their landmarks lie there. */
interface Faces {
  /** [n, 3, side, side] in 0..255. */
  readonly images: Tensor;
  /** [n, 68, 2] pixels of these images. */
  readonly landmarks: Float32Array;
}

function placeFaces(batch: FrameBatch, { size }: ViewSettings, device: Device): Faces {
  const placement = { n: rowCount(batch), size: batch.frameSize, largest: workingSize(size), device };
  const images = uploadFrames(batch.images, placement);
  return { images, landmarks: resizeLandmarks(batch.landmarks, batch.frameSize, images.shape[3]!) };
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
