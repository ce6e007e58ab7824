/** Ready plans: the paper's table, one that two processor cores finish in minutes, the model that ships and what its pre-training is worth. */
import { UNTRAINED_ROW } from "../page/data/rowNames.ts";
import type { PlanInput } from "./plan.ts";

/**
 * On the validation people of a synthetic data set, with features of 192 numbers (macro F1, mean of 100, 400 and all labels): .30 with the paper's
 * dropout of 0.5 and a rate of 1e-3, .34 with 3e-3, .36 with dropout 0.2, .37 without. Half of so few features is too little.
 */
export const NARROW_PREDICTOR = { learningRate: 3e-3, dropout: 0 } as const;

/** Everything as in the paper; the stores stand in the folder the command is called from. */
const PAPER: PlanInput = {
  name: "The paper's table",
  store: "voxceleb.store",
  arch: "resnet50",
  size: 112,
  settings: { preset: "paper", device: "cuda" },
  budget: { epochs: 400 }, // the paper compares at equal epochs
  seeds: [0],
  evaluations: [
    {
      store: "affectnet.store",
      task: "expression",
      modes: ["frozen", "finetune"],
      labels: ["1%", "10%", "all"],
    },
    { store: "affectnet.store", task: "va", modes: ["frozen", "finetune"] },
    {
      store: "fer2013.store",
      task: "expression",
      modes: ["frozen", "finetune"],
      labels: ["1%", "10%", "all"],
    },
    { store: "lfw.store", task: "identity" },
  ],
};

/** The same rows with the `tiny` preset with equal numbers of images and updates. */
const TINY: PlanInput = {
  name: "The paper's table, tiny",
  store: "synth.store",
  arch: "tiny",
  size: 48,
  settings: { preset: "tiny" },
  budget: { images: 1500 * 128 },
  imagesPerStep: 128,
  seeds: [0, 1, 2],
  evaluations: [
    {
      store: "synth.store",
      task: "expression",
      modes: ["frozen", "linear"],
      labels: ["100", "400", "all"],
      seeds: 3,
      ...NARROW_PREDICTOR,
    },
    { store: "synth.store", task: "va", labels: ["all"], ...NARROW_PREDICTOR },
    { store: "synth.store", task: "identity", minImages: 4 },
  ],
};

/** What a small network takes on FER2013's grey stills, which have no colours to change. */
const ON_FER2013 = {
  ...{ arch: "slim", size: 48, store: "fer2013.store", budget: { steps: 1100 } },
  settings: {
    ...{ preset: "paper", optimizer: "adamw", learningRate: 1e-3, autocast: "on" },
    ...{ saturation: 0, hue: 0, checkpointEvery: 100 },
  },
} as const satisfies Partial<PlanInput>;

/** SSL-FER on films, then on FER2013: stills have no clip for TimeAug, or to take HardNeg's negatives from. */
const FILMS_THEN_FER2013 = {
  name: "films, then FER2013",
  settings: {
    ...{ method: "ssl-fer", timeAug: false, hardNeg: false, batch: 128, warmupSteps: 30 },
    ...{ faceSwapProbability: 0.5, curriculumFraction: 0.3, grayscaleProbability: 0 },
  },
  start: {
    store: "films.store",
    settings: {
      ...{ method: "ssl-fer", splits: "all", batch: 64, warmupSteps: 20 },
      ...{ faceSwapProbability: 0.4, curriculumFraction: 0.5 },
    },
    budget: { steps: 400 },
  },
} as const satisfies NonNullable<PlanInput["rows"]>[number];

/** Fine-tuning's changes of the images, and its update rule. */
const FINE_TUNING = {
  ...{ store: "ferplus.store", task: "expression", modes: ["finetune"], batch: 64, dropout: 0.2 },
  ...{ optimizer: "adamw", learningRate: 1e-3, weightDecay: 0.05, autocast: "on" },
  ...{ rotate: 12, zoom: 0.15, erase: 0.25, flipTest: true },
} as const satisfies PlanInput["evaluations"][number];

/**
 * The model of `@duchenne/model-fer`: pre-trained without labels on films of real and synthetic people, then on the training images
 * of FER2013; fine-tuned on the votes of FER+.
 */
const FER_MODEL: PlanInput = {
  ...ON_FER2013,
  name: "The expression model",
  seeds: [0],
  rows: [FILMS_THEN_FER2013],
  evaluations: [
    {
      ...FINE_TUNING,
      ...{ save: true, loss: "votes", epochs: 48, minSteps: 0, warmupSteps: 400 },
      ...{ mix: "cutmix", mixProbability: 0.5 },
      ...{ average: 0.999, choose: "last", balance: 0.2, calibrate: true },
    },
  ],
};

/** What the pre-training of `fer-model` is worth on FER2013's own labels, against SimCLR on as many images and none. */
const FER2013: PlanInput = {
  ...ON_FER2013,
  name: "FER2013, after films and FER2013",
  seeds: [0, 1],
  rows: [
    UNTRAINED_ROW,
    {
      name: "SimCLR: films, then FER2013",
      settings: { method: "simclr", batch: 128, warmupSteps: 30, grayscaleProbability: 0 },
      start: {
        store: "films.store",
        settings: { method: "simclr", splits: "all", batch: 64, warmupSteps: 20 },
        budget: { steps: 800 }, // of half the images: HardNeg doubles them
      },
    },
    { ...FILMS_THEN_FER2013, name: "SSL-FER: films, then FER2013" },
  ],
  evaluations: [
    { store: "fer2013.store", task: "expression", modes: ["linear"], labels: ["1%", "10%", "all"] },
    { store: "fer2013.store", task: "expression", modes: ["frozen"], labels: ["all"] },
    {
      ...{ ...FINE_TUNING, store: "fer2013.store", labels: ["1%", "10%", "all"] },
      ...{ loss: "cross-entropy", epochs: 4, minSteps: 600, warmupSteps: 100 },
    },
  ],
};

/** Built-in plans by name. */
export const PLANS: Readonly<Record<string, PlanInput>> = {
  paper: PAPER,
  tiny: TINY,
  "fer-model": FER_MODEL,
  fer2013: FER2013,
};
