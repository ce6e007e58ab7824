import { type Device, Generator, type StateDict, scope, tensorsOf } from "@duchenne/torch";
import { type Backbone, type BackboneName, buildBackbone } from "../backbones/index.ts";
import { checkDevice } from "../config/checkDevice.ts";
import type { PretrainConfig } from "../config/config.ts";
import { backboneTensors, findWeights, type Which } from "./backboneState.ts";
import { CheckpointError } from "./errors.ts";

/** The word for a backbone that has learned nothing: the floor of every table. */
export const UNTRAINED = "untrained";

export interface LoadBackboneOptions {
  /** Needed for `untrained` and for weights files; a checkpoint says its own. */
  readonly arch?: BackboneName;
  /** Side of the input in pixels; default the pre-training's. Needed where there was none. */
  readonly size?: number;
  /** Default "cpu". */
  readonly device?: Device;
  /** Of the untrained weights; default 0. */
  readonly seed?: number;
  /** Of a run's checkpoints; default "last". */
  readonly which?: Which;
}

/** A backbone for other stages, in evaluation mode. */
export interface LoadedBackbone {
  readonly backbone: Backbone;
  readonly arch: BackboneName;
  /** Side of the input, pixels. */
  readonly size: number;
  /** Of the pre-training; null where there was none here. */
  readonly config: PretrainConfig | null;
  /** How the source of what it was pre-trained on was read; absent where that is not known, or there was none. */
  readonly dataset?: string | undefined;
  /** What it is, for tables: "resnet18 after 400 steps of simclr, from runs/a". */
  readonly description: string;
}

/**
 * Loads a backbone without its heads.
 * @param from `untrained`, a run folder, one of its checkpoints, or a weights file with torchvision's names
 * @throws CheckpointError if there is none, it is damaged, or it does not fit the architecture asked for; ConfigError for a
 * device that is not there
 */
export function loadBackbone(from: string, options: LoadBackboneOptions = {}): LoadedBackbone {
  const { device = "cpu", seed = 0 } = options;
  checkDevice(device);
  const found = from === UNTRAINED ? undefined : findWeights(from, options.which);
  const config = found?.state?.config ?? null;
  const arch = archOf(from, options.arch, config);
  const size = options.size ?? config?.size;
  if (size === undefined)
    throw new CheckpointError(from, "expected --size: nothing here says the side of its input");
  using generator = Generator.seeded(seed);
  const backbone = buildBackbone(arch, { generator });
  if (found) loadInto(backbone, backboneTensors(found, from), `${from}: ${arch}`);
  const description = found?.description ?? `untrained ${arch}`;
  backbone.to({ device }).eval();
  return { backbone, arch, size, config, dataset: found?.state?.store.dataset, description };
}

function archOf(from: string, wanted: BackboneName | undefined, config: PretrainConfig | null): BackboneName {
  const arch = wanted ?? config?.arch;
  if (arch === undefined)
    throw new CheckpointError(from, "expected --arch: nothing here says the architecture");
  if (config && config.arch !== arch)
    throw new CheckpointError(
      from,
      `expected a checkpoint of ${arch} (--arch), received one of ${config.arch}`,
    );
  return arch;
}

/** @throws CheckpointError unless every name and shape fits */
function loadInto(backbone: Backbone, state: StateDict, what: string): void {
  try {
    scope(() => backbone.loadStateDict(tensorsOf(state)));
  } catch (error) {
    throw new CheckpointError(what, `the weights do not fit: ${(error as Error).message}`, { cause: error });
  }
}
