/** The front end of the values: what a configuration of flags, files and presets names, built. */
import { BACKBONES } from "./backbones/index.ts";
import type { PretrainConfig } from "./config/config.ts";
import { checkComponents, checkLossSettings, METHODS, type MethodDefinition } from "./methods/index.ts";
import { OPTIMIZERS } from "./train/optimizers.ts";
import { type RunValues, TRAINING_SETTINGS } from "./train/runPlan.ts";
import { SCHEDULES } from "./train/schedules.ts";
import { faceViews } from "./views/pipeline.ts";
import { FACE_VIEW_SETTINGS } from "./views/settings.ts";

/**
 * The values that a configuration names: everything that `pretrain` takes but the store and the folder.
 * @param config as `resolveConfig` gives it
 * @throws as `methodFromConfig`
 */
export function valuesFromConfig(config: PretrainConfig): Omit<RunValues, "store"> {
  const { optimizer, schedule, learningRate, weightDecay, warmupEpochs, warmupSteps } = config;
  return {
    method: methodFromConfig(config),
    views: faceViews(pick(config, FACE_VIEW_SETTINGS)),
    optimizer: OPTIMIZERS[optimizer]({ learningRate, weightDecay }),
    schedule: SCHEDULES[schedule]({ warmupEpochs, warmupSteps }),
    ...pick(config, TRAINING_SETTINGS),
  };
}

/** @throws ComponentError for a component that the method cannot use; ConfigError for a decoupled loss that it does not have */
export function methodFromConfig(config: PretrainConfig): MethodDefinition {
  const { define, settings } = METHODS[config.method];
  checkComponents(config.method, config);
  checkLossSettings(config.method, config);
  return define({ ...pick(config, settings), backbone: BACKBONES[config.arch] });
}

function pick<K extends keyof PretrainConfig>(
  config: PretrainConfig,
  keys: readonly K[],
): Pick<PretrainConfig, K> {
  return Object.fromEntries(keys.map((key) => [key, config[key]])) as Pick<PretrainConfig, K>;
}
