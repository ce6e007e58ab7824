/** Ready plans: the paper's table, one that two processor cores finish in minutes, and the model that ships. */
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

/** The same rows with the `tiny` preset at equal images seen, in equal updates. */
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

/**
 * The model of `@duchenne/model-fer`: pre-trained without labels on films of real and synthetic people, then on the training images
 * of FER2013; fine-tuned on the votes of FER+. Grey stills have no colours to change and no clip to take HardNeg's negatives from.
 */
const FER_MODEL: PlanInput = {
  name: "The expression model",
  store: "fer2013.store",
  arch: "slim",
  size: 48,
  settings: {
    ...{ preset: "paper", method: "ssl-fer", optimizer: "adamw", learningRate: 1e-3, autocast: "on" },
    ...{ saturation: 0, hue: 0, checkpointEvery: 100 },
  },
  budget: { steps: 1100 },
  seeds: [0],
  rows: [
    {
      name: "films, then FER2013",
      settings: {
        ...{ timeAug: false, hardNeg: false, batch: 128, warmupSteps: 30 },
        ...{ faceSwapProbability: 0.5, curriculumFraction: 0.3, grayscaleProbability: 0 },
      },
      start: {
        store: "films.store",
        settings: {
          ...{ splits: "all", batch: 64, warmupSteps: 20 },
          ...{ faceSwapProbability: 0.4, curriculumFraction: 0.5 },
        },
        budget: { steps: 400 },
      },
    },
  ],
  evaluations: [
    {
      ...{ store: "ferplus.store", task: "expression", modes: ["finetune"], save: true },
      ...{ loss: "votes", epochs: 48, minSteps: 0, batch: 64, dropout: 0.2 },
      ...{ optimizer: "adamw", learningRate: 1e-3, weightDecay: 0.05, warmupSteps: 400, autocast: "on" },
      ...{ rotate: 12, zoom: 0.15, erase: 0.25, mix: "cutmix", mixProbability: 0.5 },
      ...{ average: 0.999, choose: "last", balance: 0.2, flipTest: true, calibrate: true },
    },
  ],
};

/** Built-in plans by name. */
export const PLANS: Readonly<Record<string, PlanInput>> = {
  paper: PAPER,
  tiny: TINY,
  "fer-model": FER_MODEL,
};
