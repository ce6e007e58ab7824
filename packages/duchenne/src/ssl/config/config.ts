/** Every setting of a pre-training run with its range. presets.ts has the defaults, each with its reason. */
import { z } from "zod";
import { ConfigError, type SettingName, setting } from "../../lib/errors.ts";

/** Names of the built-in methods. */
export const METHOD_NAMES = ["ssl-fer", "simclr", "moco-v2", "byol"] as const;
/** Name of a built-in method. */
export type MethodName = (typeof METHOD_NAMES)[number];

/** The names of the built-in backbones, without loading libtorch. */
export const ARCHITECTURES = ["tiny", "slim", "resnet18", "resnet34", "resnet50", "resnet101"] as const;
/** Name of a built-in backbone. */
export type BackboneName = (typeof ARCHITECTURES)[number];

export const INTERVAL_WEIGHTINGS = ["uniform", "linear-up", "linear-down"] as const;
/** How often intervals between the two frames of a positive pair are drawn, by their length. */
export type IntervalWeighting = (typeof INTERVAL_WEIGHTINGS)[number];

export const WARP_USES = ["off", "short", "all"] as const;
/** Which clips' hard negatives are warped copies of their own frames: none's, those of stills and of clips too short for others, or all. */
export type WarpUse = (typeof WARP_USES)[number];

export const MASK_FN_FEATURES = ["eyes-mouth", "geometry", "both"] as const;
/** By what MaskFN finds faces of the same expression: eye+mouth features of the store, landmarks, or the sum of both similarities. */
export type MaskFnFeature = (typeof MASK_FN_FEATURES)[number];

const probability = z.number().min(0).max(1);
const positive = z.number().positive();

/** Components of the method, and their numbers. */
const componentsSchema = {
  timeAug: z.boolean().describe("positives from the same clip, about a second apart"),
  hardNeg: z.boolean().describe("negatives from the same clip, at least three seconds apart"),
  faceSwap: z.boolean().describe("positives that carry another person's face"),
  maskFn: z.boolean().describe("the most similar others by eye and mouth features become positives"),
  cutMix: z.boolean().describe("patches exchanged between positives"),
  timeAugSeconds: positive.max(600).describe("Δ: about how far positives are apart, seconds"),
  timeAugWeighting: z.enum(INTERVAL_WEIGHTINGS).describe("which intervals are drawn more often"),
  hardNegSeconds: positive.describe("least distance of hard negatives, seconds"),
  hardNegWarp: z
    .enum(WARP_USES)
    .describe(
      "hard negatives made by warping eyes or mouth of the clip's own frames (ContraWarping): off; short: of stills and short clips; all",
    ),
  hardNegWeight: positive.describe("how many other negatives each hard negative counts as in the loss"),
  faceSwapProbability: probability.describe("share of positives that are swapped"),
  maskFnProbability: probability.describe("share of rows that look for, and can be, false negatives"),
  maskFnCount: z.int().positive().describe("N: false negatives found per row"),
  maskFnWeight: z.number().min(0).describe("λ: weight of the false negatives' cross-entropy"),
  maskFnRule: z
    .enum(["paper", "published-code"])
    .describe("whether hard negatives can be false negatives: no in the paper, yes in the published code"),
  maskFnFeature: z
    .enum(MASK_FN_FEATURES)
    .describe(
      "what MaskFN compares: eye+mouth features; landmarks without the person's resting shape; or both",
    ),
  curriculum: z
    .enum(["share", "progress"])
    .describe(
      "how components grow: over a share of the run (FaceSwap, MaskFN), or by progress, while top-1 is high (HardNeg's weight, too)",
    ),
  curriculumFraction: probability.describe(
    "share of the run until components are whole; by progress, the earliest",
  ),
  curriculumTop1: probability.describe("curriculum by progress: top-1 above which components grow"),
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
  method: z.enum(METHOD_NAMES).describe("method"),
  arch: z.enum(ARCHITECTURES).describe("backbone"),
  temperature: positive.describe("temperature of the contrastive losses"),
  decoupled: z
    .boolean()
    .describe("contrastive losses without the positive in the denominator (DCL): for small batches"),
  projectionSize: z.int().positive().describe("numbers per embedding"),
  neighbourWeight: probability.describe(
    "share of the loss in which the nearest earlier embedding of another person stands in for each row (NNCLR); 0: off",
  ),
  neighbourQueue: z.int().positive().describe("earlier embeddings among which neighbours are looked for"),
  geometryWeight: z
    .number()
    .min(0)
    .describe(
      "weight of a head that learns the landmarks of the expression, without the person's resting shape; 0: off",
    ),
  adversaryWeight: z
    .number()
    .min(0)
    .describe(
      "weight of a head that learns who is seen, and whose gradient the backbone goes against; 0: off",
    ),
  queueSize: z.int().positive().describe("MoCo: keys remembered"),
  mocoMomentum: probability.describe("MoCo: share of itself that the momentum encoder keeps in a step"),
  byolMomentum: probability.describe("BYOL: the same at the start; it rises to 1 along a cosine"),
  byolHiddenSize: z.int().positive().describe("BYOL: width inside projector and predictor"),
};

const trainingSchema = {
  splits: z
    .enum(["train", "all"])
    .describe("clips to learn from, if the store has splits: train leaves validation and test unseen"),
  batch: z.int().min(2).describe("clips per batch; a batch has two images of each, or four with HardNeg"),
  microBatch: z
    .int()
    .positive()
    .nullable()
    .describe(
      "images per forward pass; the gradient stays that of the whole batch, BatchNorm uses the statistics of each pass",
    ),
  epochs: z.int().positive().nullable().describe("passes over the clips"),
  steps: z.int().positive().nullable().describe("updates, instead of epochs"),
  optimizer: z.enum(["adam", "adamw", "sgd", "lars"]).describe("update rule"),
  learningRate: positive.describe("highest learning rate"),
  weightDecay: z.number().min(0).describe("weight decay of the optimiser"),
  schedule: z.enum(["hold-cosine", "warmup-cosine", "constant"]).describe("course of the learning rate"),
  warmupEpochs: z.number().min(0).nullable().describe("epochs of constant rate or of warm-up"),
  warmupSteps: z.int().min(0).nullable().describe("the same in steps, instead of epochs"),
  seed: z.int().min(0).describe("seed of every random draw"),
  device: z.string().describe("cpu, cuda, cuda:0 …"),
  autocast: z.enum(["auto", "on", "off"]).describe("bfloat16 products; auto: on CUDA"),
  threads: z
    .int()
    .positive()
    .nullable()
    .describe("of the CPU engine; default: every processor. A run's last bits depend on their number"),
  syncBatchNorm: z
    .boolean()
    .describe(
      "of several processes: BatchNorm over the batch of all. Off, each normalises its own rows, which is other learning than one " +
        "process's, and rank 0's running statistics are saved",
    ),
  workers: z
    .int()
    .min(0)
    .max(256)
    .describe("threads that read and decode ahead, and make the views on the CPU"),
  checkpointEvery: z.int().positive().describe("steps between checkpoints"),
  keepLast: z.int().positive().describe("checkpoints kept besides the best"),
  logEvery: z.int().positive().describe("steps between lines of metrics.jsonl"),
  init: z.string().nullable().describe("weights to start from: a weights file, a run or a checkpoint"),
};

export const pretrainSchema = z.strictObject({
  ...methodSchema,
  ...componentsSchema,
  ...viewsSchema,
  ...trainingSchema,
});

/** Every setting of a run of built-in definitions, by the keys that flags, config files and config.json share. */
export type PretrainConfig = z.infer<typeof pretrainSchema>;

/** The settings that decide what is done to each frame, apart from the components. */
export type FrameViewSettings = Pick<PretrainConfig, keyof typeof viewsSchema>;

/** What a definition depends on, as JSON has it: recorded in config.json, and compared when a run is resumed. */
export type RecordedSettings = Readonly<Record<string, string | number | boolean | null>>;

const recordedSettings = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/**
 * What a run really does, resolved once before it starts: `config` of config.json and of every checkpoint. Names may be those of a
 * user's own definitions, whose settings are under `own`.
 */
export const runConfigSchema = z.object({
  ...pretrainSchema.shape,
  method: z.string(),
  arch: z.string(),
  views: z.string().default("face-views"),
  optimizer: z.string(),
  schedule: z.string(),
  own: z
    .object({
      method: recordedSettings,
      views: recordedSettings,
      optimizer: recordedSettings,
      schedule: recordedSettings,
    })
    .partial()
    .optional(),
});
/** The effective configuration of a run, as config.json and its checkpoints keep it. */
export type RunConfig = z.infer<typeof runConfigSchema>;

/**
 * A run's settings as flags could give them.
 * @throws ConfigError for a run with a method, backbone, views, optimiser or schedule of the user's own
 */
export function builtInConfig({ views, own: _, ...config }: RunConfig): PretrainConfig {
  const shape = pretrainSchema.pick({ method: true, arch: true, optimizer: true, schedule: true }).shape;
  for (const [name, schema] of Object.entries(shape)) {
    const value = config[name as keyof typeof shape];
    if (!schema.safeParse(value).success)
      throw new ConfigError(
        setting(name),
        `one of ${schema.options.join(", ")}`,
        `"${value}", which a program defines`,
        "Continue the run with that program.",
      );
  }
  if (views !== "face-views")
    throw new ConfigError(
      setting("views"),
      "face-views",
      `"${views}", which a program defines`,
      "Continue the run with that program.",
    );
  return pretrainSchema.parse(config);
}

/** A run's settings in one flat table; those of a user's own definitions as `method.margin`. */
export function flatSettings({ own = {}, ...config }: RunConfig): RecordedSettings {
  const theirs = Object.entries(own).flatMap(([kind, settings]) =>
    Object.entries(settings ?? {}).map(([key, value]) => [`${kind}.${key}`, value]),
  );
  return { ...config, ...Object.fromEntries(theirs) };
}

/** Settings that had another name in an earlier version. */
const RENAMED: Readonly<Record<string, string>> = { ramp: "curriculumFraction" };

/** The same settings by today's names. @param values as a file of any version has them */
export function renameSettings(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [RENAMED[key] ?? key, value]));
}

/** What a schema wanted, for the sentence "expected …". */
export function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return `one of ${issue.values.join(", ")}`;
  if (issue.code === "too_small") return `${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`;
  if (issue.code === "too_big") return `${issue.inclusive ? "at most" : "less than"} ${issue.maximum}`;
  return issue.code === "invalid_type" ? issue.expected : issue.message;
}

/** A value as an error message shows it. JSON has no Infinity. */
export const showValue = (value: unknown): string =>
  typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");

/**
 * Checks one setting that is given in code.
 * @param place names the setting in the error   @param key of `PretrainConfig`
 * @throws ConfigError for a value that the schema refuses
 */
export function checkSetting(
  place: string | SettingName,
  key: keyof PretrainConfig | string,
  value: unknown,
): void {
  const schema = (pretrainSchema.shape as Readonly<Record<string, z.ZodType>>)[key];
  const issue = schema?.safeParse(value).error?.issues[0];
  if (issue) throw new ConfigError(place, expectation(issue), showValue(value));
}
