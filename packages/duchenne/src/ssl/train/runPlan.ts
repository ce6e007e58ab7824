/** What a run does, resolved once: from the values it is called with and the store it learns from, before anything starts. */

import { FrameStore } from "../../data/store/index.ts";
import { ConfigError, setting } from "../../lib/errors.ts";
import { BACKBONES, isBackboneName } from "../backbones/index.ts";
import { usesAutocast } from "../config/autocast.ts";
import { isBuiltIn } from "../config/builtIn.ts";
import { COMPONENTS, type ComponentSwitches } from "../config/components.ts";
import { type PretrainConfig, pretrainSchema, type RecordedSettings, showValue } from "../config/config.ts";
import { withDefaults } from "../config/defaults.ts";
import { PRESETS } from "../config/presets.ts";
import { isMethodName, type MethodDefinition } from "../methods/index.ts";
import type { RecordedConfig } from "../run/checkpointState.ts";
import type { BatchShare } from "../sampling/batch.ts";
import { FACE_VIEWS, type ViewPipeline } from "../views/pipeline.ts";
import { type ViewPlan, viewStream } from "../views/stepViews.ts";
import { viewRows } from "../views/viewRows.ts";
import { OPTIMIZERS, type OptimizerDefinition } from "./optimizers.ts";
import { SCHEDULES, type ScheduleDefinition } from "./schedules.ts";
import { openStoreData, type StoreData, type StoreRequest } from "./storeData.ts";

/** Settings of the loop itself. */
export const TRAINING_SETTINGS = [
  "splits",
  "batch",
  "microBatch",
  "epochs",
  "steps",
  "seed",
  "device",
  "autocast",
  "threads",
  "syncBatchNorm",
  "workers",
  "checkpointEvery",
  "keepLast",
  "logEvery",
  "init",
] as const;
/** The settings of `TRAINING_SETTINGS`. */
export type TrainingSettings = Pick<PretrainConfig, (typeof TRAINING_SETTINGS)[number]>;

/** What is learned, from what, and how; a setting that is absent has the paper's value. */
export interface RunValues extends Partial<TrainingSettings> {
  /** A prepared store, open or by its folder. */
  readonly store: FrameStore | string;
  readonly method: MethodDefinition;
  readonly views: ViewPipeline;
  readonly optimizer: OptimizerDefinition;
  readonly schedule: ScheduleDefinition;
}

/** A run before its first step. */
export interface RunPlan {
  readonly values: Pick<RunValues, "method" | "views" | "optimizer">;
  readonly training: TrainingSettings;
  readonly data: StoreData;
  /** The components that are on: the method's, as far as the store allows them. */
  readonly components: ComponentSwitches;
  /** How the loader's threads make the views; absent if the thread that trains makes them. */
  readonly viewPlan?: ViewPlan;
  /** The part of every batch that this process trains on, of several. */
  readonly share?: BatchShare;
  /** Rows whose images this process reads at a step; absent: all. */
  readonly imageRows?: (step: number) => readonly number[];
  /** Updates of the whole run. */
  readonly totalSteps: number;
  /** The learning rate by the number of updates done. */
  readonly rates: (step: number) => number;
  /** What the run does, for config.json and the checkpoints. */
  readonly config: RecordedConfig;
  /** The same as it was asked for, where the store or the machine did not allow it. */
  readonly requested: RecordedConfig;
}

/**
 * Resolves what a run does.
 * @param share of several processes that train it together
 * @throws ConfigError for an unknown key, a value out of range, or a run without an end; StoreError and SamplingError as
 * `openStoreData` does
 */
export async function planRun({ store, ...values }: RunValues, share?: BatchShare): Promise<RunPlan> {
  const { method, views, optimizer, schedule, ...given } = values;
  checkDefinitions({ method, views, optimizer, schedule });
  const training = trainingSettings(given);
  const wanted = componentsOf(method);
  const request: StoreRequest = {
    ...samplingOf(method),
    ...wanted,
    ...training,
    landmarkMaskProbability: maskProbabilityOf(views),
    geometry: method.usesGeometry ?? false,
  };
  const data = await openStoreData(store instanceof FrameStore ? store.path : store, request);
  const { timeAug, hardNeg, faceSwap } = data.settings;
  const components = { ...wanted, timeAug, hardNeg, faceSwap };
  const { landmarkMaskProbability } = data.settings;
  const { stepsPerEpoch } = data.sampler;
  const totalSteps = training.steps ?? training.epochs! * stepsPerEpoch;
  const { learningRate } = optimizer;
  const requested = record(values, training, wanted);
  const autocast = usesAutocast(training) ? "on" : "off";
  return {
    values: { method, views, optimizer },
    training,
    data,
    components,
    ...viewPlanOf(views, training, components, landmarkMaskProbability, totalSteps, share),
    ...(share && { share, ...imageRowsOf(views, training, components, data, share) }),
    totalSteps,
    rates: schedule.rates({ learningRate, totalSteps, stepsPerEpoch }),
    requested,
    config: {
      ...requested,
      ...components,
      autocast,
      ...("landmarkMaskProbability" in requested && { landmarkMaskProbability }),
    },
  };
}

/** @throws ConfigError, naming what makes one, for a value that is not a definition, or is a user's own under a built-in name */
function checkDefinitions(values: Readonly<Record<keyof typeof MAKERS, unknown>>): void {
  for (const [name, { maker, action, isTaken }] of Object.entries(MAKERS)) {
    const value = values[name as keyof typeof MAKERS] as Readonly<Record<string, unknown>> | undefined;
    if (typeof value?.[action] !== "function" || typeof value.name !== "string")
      throw new ConfigError(`pretrain: ${name}`, `a definition, such as ${maker}`, showValue(value));
    if (isTaken(value.name) && !isBuiltIn(value)) throw takenName(name, value.name);
  }
  const { backbone } = values.method as MethodDefinition;
  if (isBackboneName(backbone.name) && backbone !== BACKBONES[backbone.name])
    throw takenName("backbone", backbone.name);
}

/** A run would be continued with the built-in value of that name, without a word. */
const takenName = (what: string, name: string): ConfigError =>
  new ConfigError(
    `pretrain: ${what}`,
    "a name of your own for a value of your own",
    `"${name}", a built-in one`,
    "Give it another name.",
  );

/** What makes each definition, the function by which it is known, and which names are taken. */
const MAKERS = {
  method: { maker: "sslFer({ backbone: resnet18() })", action: "build", isTaken: isMethodName },
  views: { maker: "faceViews({ size: 64 })", action: "make", isTaken: isFaceViews },
  optimizer: { maker: "adam({ learningRate: 1e-3 })", action: "build", isTaken: isOptimizerName },
  schedule: { maker: "warmupCosine({ warmupSteps: 50 })", action: "rates", isTaken: isScheduleName },
} as const;

function isFaceViews(name: string): boolean {
  return name === FACE_VIEWS;
}

function isOptimizerName(name: string): boolean {
  return Object.hasOwn(OPTIMIZERS, name);
}

function isScheduleName(name: string): boolean {
  return Object.hasOwn(SCHEDULES, name);
}

/** @throws ConfigError for an unknown key, a value out of range, or both of epochs and steps */
function trainingSettings(given: Partial<TrainingSettings>): TrainingSettings {
  if (given.epochs != null && given.steps != null)
    throw new ConfigError(setting("epochs"), "either epochs or steps", "both", "Leave one out.");
  const alone = given.steps == null ? given : { ...given, epochs: null };
  const settings = withDefaults("pretrain", TRAINING_SETTINGS, alone);
  if (settings.epochs === null && settings.steps === null)
    throw new ConfigError(setting("epochs"), "either epochs or steps", "neither", "Give one of them.");
  return settings;
}

function componentsOf({ components = {} }: MethodDefinition): ComponentSwitches {
  return pick(components, COMPONENTS, PRESETS.paper.settings);
}

const SAMPLING = ["timeAugSeconds", "timeAugWeighting", "hardNegSeconds", "hardNegWarp"] as const;
const samplingOf = ({ sampling = {} }: MethodDefinition) => pick(sampling, SAMPLING, PRESETS.paper.settings);

/** Some keys of an object; those that it lacks from another. */
function pick<T, K extends keyof T>(from: Partial<T>, keys: readonly K[], otherwise: Pick<T, K>): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, from[key] ?? otherwise[key]])) as Pick<T, K>;
}

/** The built-in views' landmark mask; 0 for views without it. */
function maskProbabilityOf({ settings: { landmarkMaskProbability: probability } }: ViewPipeline): number {
  return typeof probability === "number" ? probability : 0;
}

function viewPlanOf(
  { onThreads }: ViewPipeline,
  { device, seed }: TrainingSettings,
  { faceSwap, cutMix }: ComponentSwitches,
  landmarkMaskProbability: number,
  totalSteps: number,
  share: BatchShare | undefined,
): { viewPlan?: ViewPlan } {
  // On a GPU the views are made there.
  if (onThreads === undefined || device !== "cpu") return {};
  const settings = { ...onThreads, landmarkMaskProbability, faceSwap, cutMix };
  return { viewPlan: { settings, seed, totalSteps, ...(share && { share }) } };
}

/** The rows that the built-in views of a share look at; a user's own pipeline may look at all. */
function imageRowsOf(
  { name, size, settings }: ViewPipeline,
  { seed }: TrainingSettings,
  { cutMix }: ComponentSwitches,
  { sampler }: StoreData,
  share: BatchShare,
): Pick<RunPlan, "imageRows"> {
  if (!isFaceViews(name)) return {};
  const shape = { clips: sampler.clipsPerBatch, layout: sampler.layout };
  const cutMixAlpha = typeof settings.cutMixAlpha === "number" ? settings.cutMixAlpha : 1;
  return {
    imageRows: (step) =>
      viewRows(shape, { cutMix, cutMixAlpha, size }, share, viewStream({ seed }, step)).needed,
  };
}

type Kind = "method" | "views" | "optimizer" | "schedule";

/** The run's record: settings of the built-in definitions by their keys, those of the user's own under `own`. */
function record(
  { method, views, optimizer, schedule }: Pick<RunValues, Kind>,
  training: TrainingSettings,
  components: ComponentSwitches,
): RecordedConfig {
  const settings: [kind: Kind, isBuiltIn: boolean, settings: RecordedSettings][] = [
    ["method", isMethodName(method.name), method.settings ?? {}],
    ["views", isFaceViews(views.name), views.settings],
    ["optimizer", isOptimizerName(optimizer.name), optimizer.settings],
    ["schedule", isScheduleName(schedule.name), schedule.settings],
  ];
  const shared: Record<string, RecordedSettings[string]> = {};
  const own: Partial<Record<Kind, RecordedSettings>> = {};
  for (const [kind, isBuiltIn, values] of settings)
    for (const [key, value] of Object.entries(values)) {
      if (isBuiltIn && Object.hasOwn(pretrainSchema.shape, key)) shared[key] = value;
      else own[kind] = { ...own[kind], [key]: value };
    }
  // The first that differs is named when a run is resumed with others.
  return {
    ...{ method: method.name, arch: method.backbone.name, views: views.name },
    ...{ optimizer: optimizer.name, schedule: schedule.name },
    ...samplingOf(method),
    ...shared,
    ...components,
    ...training,
    size: views.size,
    ...(Object.keys(own).length > 0 && { own }),
  };
}
