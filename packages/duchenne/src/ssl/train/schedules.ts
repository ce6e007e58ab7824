import { optim } from "@duchenne/torch";
import { builtIn } from "../config/builtIn.ts";
import type { PretrainConfig, RecordedSettings } from "../config/config.ts";
import { withDefaults } from "../config/defaults.ts";

/** What a schedule is fitted to. */
export interface ScheduleContext {
  /** The optimiser's highest rate. */
  readonly learningRate: number;
  /** Updates of the whole run. */
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
}

/** The course of the learning rate as a value: `warmupCosine({ … })` makes one, and so can you. */
export interface ScheduleDefinition {
  /** Recorded in the run's config.json. */
  readonly name: string;
  /** What `rates` depends on. A run records the settings, and resumes only with the same ones. */
  readonly settings: RecordedSettings;
  /** @returns the learning rate by the number of updates done; a pure function, so that a resumed run continues */
  rates(context: ScheduleContext): (step: number) => number;
}

const SETTINGS = ["warmupEpochs", "warmupSteps"] as const;
type StartSettings = Pick<PretrainConfig, (typeof SETTINGS)[number]>;
/** How long the start lasts: in epochs, or in steps. Default: the paper's ten epochs. */
export type WarmupOptions = Partial<StartSettings>;

const { constant: constantRate, cosine, hold, warmup } = optim.schedules;
type Start = (steps: number, then: optim.schedules.Schedule) => optim.schedules.Schedule;

function startThenCosine(
  name: "hold-cosine" | "warmup-cosine",
  start: Start,
  options: WarmupOptions,
): ScheduleDefinition {
  const given = options.warmupSteps == null ? options : { ...options, warmupEpochs: null };
  const settings = withDefaults(name, SETTINGS, given);
  const { warmupEpochs, warmupSteps } = settings;
  return builtIn({
    name,
    settings,
    rates({ learningRate, totalSteps, stepsPerEpoch }: ScheduleContext) {
      const steps = warmupSteps ?? Math.round((warmupEpochs ?? 0) * stepsPerEpoch);
      // A run shorter than its start never falls.
      return start(steps, cosine(learningRate, Math.max(totalSteps - steps, 1)));
    },
  });
}

/**
 * The paper's schedule: constant, then along half a cosine to zero after the last step.
 * @throws ConfigError for an unknown option or a value out of range
 */
export const holdCosine = (options: WarmupOptions = {}): ScheduleDefinition =>
  startThenCosine("hold-cosine", hold, options);

/**
 * Rises linearly, then falls along half a cosine to zero after the last step.
 * @throws ConfigError for an unknown option or a value out of range
 */
export const warmupCosine = (options: WarmupOptions = {}): ScheduleDefinition =>
  startThenCosine("warmup-cosine", warmup, options);

/** The optimiser's rate at every step. */
export const constant = (): ScheduleDefinition =>
  builtIn({
    name: "constant",
    settings: {},
    rates: ({ learningRate }: ScheduleContext) => constantRate(learningRate),
  });

/** Every built-in schedule by its name; a new one is a line here. */
export const SCHEDULES: Readonly<
  Record<PretrainConfig["schedule"], (options: WarmupOptions) => ScheduleDefinition>
> = { "hold-cosine": holdCosine, "warmup-cosine": warmupCosine, constant };
