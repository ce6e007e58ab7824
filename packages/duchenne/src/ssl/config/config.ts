/** Every setting of a pre-training run, typed, with method.md's default; presets.ts says where and why they differ. */
import { z } from "zod";
import type { BackboneName } from "../backbones/index.ts";

export const METHOD_NAMES = ["ssl-fer", "simclr", "moco-v2", "byol"] as const;
export type MethodName = (typeof METHOD_NAMES)[number];

/** The names in BACKBONES, without loading libtorch. */
export const ARCHITECTURES = [
  "tiny",
  "resnet18",
  "resnet34",
  "resnet50",
  "resnet101",
] as const satisfies BackboneName[];
export type Architecture = BackboneName;

export const INTERVAL_WEIGHTINGS = ["uniform", "linear-up", "linear-down"] as const;
export type IntervalWeighting = (typeof INTERVAL_WEIGHTINGS)[number];

const probability = z.number().min(0).max(1);
const positive = z.number().positive();

/** What is learned from: pieces of the method, and their numbers. */
const piecesSchema = {
  timeAug: z.boolean().describe("positives from the same clip, about a second apart"),
  hardNeg: z.boolean().describe("negatives from the same clip, at least three seconds apart"),
  faceSwap: z.boolean().describe("positives that carry another person's face"),
  maskFn: z.boolean().describe("the most similar others by eye and mouth features become positives"),
  cutMix: z.boolean().describe("patches exchanged between positives"),
  timeAugSeconds: positive.max(600).describe("Δ: about how far positives are apart, seconds"),
  timeAugWeighting: z.enum(INTERVAL_WEIGHTINGS).describe("which intervals are drawn more often"),
  hardNegSeconds: positive.describe("least distance of hard negatives, seconds"),
  hardNegWeight: positive.describe("as how many other negatives each hard negative counts in the loss"),
  faceSwapProbability: probability.describe("share of positives that are swapped"),
  maskFnProbability: probability.describe("share of rows that look for, and can be, false negatives"),
  maskFnCount: z.int().positive().describe("N: false negatives found per row"),
  maskFnWeight: z.number().min(0).describe("λ: weight of the false negatives' cross-entropy"),
  maskFnRule: z
    .enum(["paper", "published-code"])
    .describe("whether hard negatives can be false negatives: paper says no, the published code lets them"),
  ramp: probability.describe("share of the run over which FaceSwap and MaskFN grow to their probabilities"),
  cutMixAlpha: positive.describe("CutMix's area kept is drawn from Beta(alpha, alpha)"),
};

/** What is done to each frame. */
const viewsSchema = {
  size: z.int().min(16).max(512).describe("side of the network's input, pixels"),
  landmarkMaskProbability: probability.describe("share of frames whose mouth or one eye is covered"),
  flipProbability: probability.describe("share of frames mirrored"),
  brightness: z.number().min(0).describe("colour jitter: factor within 1 ± this"),
  contrast: z.number().min(0).describe("colour jitter: factor within 1 ± this"),
  saturation: z.number().min(0).describe("colour jitter: factor within 1 ± this"),
  hue: z.number().min(0).max(0.5).describe("colour jitter: turn within ± this share of the circle"),
  jitterProbability: probability.describe(
    "share of positives whose colours are changed; anchors' always are",
  ),
  blurProbability: probability.describe("share of frames blurred"),
  grayscaleProbability: probability.describe("share of frames turned grey"),
};

const methodSchema = {
  method: z.enum(METHOD_NAMES).describe("what is learned by"),
  arch: z.enum(ARCHITECTURES).describe("backbone"),
  temperature: positive.describe("of the contrastive losses"),
  projectionSize: z.int().positive().describe("numbers per embedding"),
  queueSize: z.int().positive().describe("MoCo: keys remembered"),
  mocoMomentum: probability.describe("MoCo: share of itself the momentum copy keeps in a step"),
  byolMomentum: probability.describe("BYOL: the same at the start; rises to 1 by a cosine"),
  byolHiddenSize: z.int().positive().describe("BYOL: width inside projector and predictor"),
};

const trainingSchema = {
  splits: z
    .enum(["train", "all"])
    .describe("clips learned from, where the store tells splits: train leaves validation and test unseen"),
  batch: z.int().min(2).describe("clips per batch; images are two or four times as many"),
  microBatch: z
    .int()
    .positive()
    .nullable()
    .describe(
      "images per forward pass; the gradient stays the whole batch's, BatchNorm takes each pass's own statistics",
    ),
  epochs: z.int().positive().nullable().describe("passes over the clips"),
  steps: z.int().positive().nullable().describe("updates, instead of epochs"),
  optimizer: z.enum(["adam", "adamw", "sgd", "lars"]).describe("update rule"),
  learningRate: positive.describe("highest learning rate"),
  weightDecay: z.number().min(0).describe("as the optimiser takes it"),
  schedule: z.enum(["hold-cosine", "warmup-cosine", "constant"]).describe("course of the learning rate"),
  warmupEpochs: z.number().min(0).nullable().describe("epochs of constant rate or of warm-up"),
  warmupSteps: z.int().min(0).nullable().describe("the same in steps, instead"),
  seed: z.int().min(0).describe("of every draw"),
  device: z.string().describe("cpu, cuda, cuda:0 …"),
  autocast: z.enum(["auto", "on", "off"]).describe("bfloat16 products; auto: on CUDA"),
  threads: z.int().positive().nullable().describe("of the CPU engine; default: every processor"),
  workers: z
    .int()
    .min(0)
    .max(256)
    .describe("threads that read and decode ahead, and on the CPU make the views"),
  checkpointEvery: z.int().positive().describe("steps between checkpoints"),
  keepLast: z.int().positive().describe("checkpoints kept besides the best"),
  logEvery: z.int().positive().describe("steps between lines of metrics.jsonl"),
  init: z.string().nullable().describe("weights to start from: a file, or an earlier run or checkpoint"),
};

export const pretrainSchema = z.strictObject({
  ...methodSchema,
  ...piecesSchema,
  ...viewsSchema,
  ...trainingSchema,
});

export type PretrainConfig = z.infer<typeof pretrainSchema>;
/** Settings of the views, and of the pieces that work on images. */
export type ViewSettings = Pick<
  PretrainConfig,
  | keyof typeof viewsSchema
  | "faceSwap"
  | "faceSwapProbability"
  | "maskFnProbability"
  | "cutMix"
  | "cutMixAlpha"
>;
/** Settings of the sampler. */
export type SamplingSettings = Pick<
  PretrainConfig,
  | "timeAug"
  | "timeAugSeconds"
  | "timeAugWeighting"
  | "hardNeg"
  | "hardNegSeconds"
  | "faceSwap"
  | "batch"
  | "splits"
>;
/** Settings of the methods. */
export type MethodSettings = Pick<
  PretrainConfig,
  | keyof typeof methodSchema
  | "maskFn"
  | "maskFnCount"
  | "maskFnWeight"
  | "maskFnRule"
  | "hardNeg"
  | "hardNegWeight"
  | "cutMix"
>;
