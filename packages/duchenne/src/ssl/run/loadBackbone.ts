import { type Device, Generator, type StateDict, scope, tensorsOf } from "@duchenne/torch";
import type { DataOrigin } from "../../data/store/origin.ts";
import { checkKeys } from "../../lib/checkKeys.ts";
import {
  BACKBONES,
  type Backbone,
  type BackboneDefinition,
  type BackboneName,
  isBackboneName,
} from "../backbones/index.ts";
import { checkDevice } from "../config/checkDevice.ts";
import type { RunConfig } from "../config/config.ts";
import { backboneTensors, findWeights, type Which } from "./backboneState.ts";
import { CheckpointError } from "./errors.ts";

/** The word for a backbone that has learned nothing: the floor of every table. */
export const UNTRAINED = "untrained";

/** Options of `loadBackbone`. */
export interface LoadBackboneOptions {
  /** A built-in backbone: needed for `untrained` and for weights files; a checkpoint names its own. */
  readonly arch?: BackboneName;
  /** A backbone of your own, in place of `arch`: needed for a run that was trained with one. */
  readonly backbone?: BackboneDefinition;
  /** Side of the input in pixels; default the pre-training's. Needed if there was none. */
  readonly size?: number;
  /** Default "cpu". */
  readonly device?: Device;
  /** Of the untrained weights; default 0. */
  readonly seed?: number;
  /** Of a run's checkpoints; default "last". */
  readonly which?: Which;
}

const OPTIONS = Object.keys({
  arch: true,
  backbone: true,
  device: true,
  seed: true,
  size: true,
  which: true,
} satisfies Record<keyof LoadBackboneOptions, true>);

/** What a pre-training learned from; what is not known is absent. */
export interface TrainingData {
  readonly dataset?: string | undefined;
  readonly origin?: DataOrigin | undefined;
}

/** A backbone for other stages, in evaluation mode. */
export interface LoadedBackbone {
  /** What it was loaded from: a path, or `untrained`. */
  readonly from: string;
  readonly backbone: Backbone;
  /** Name of the backbone. */
  readonly arch: string;
  /** Side of the input, pixels. */
  readonly size: number;
  /** Of the pre-training; null if there was none here. */
  readonly config: RunConfig | null;
  /** How the source of what it was pre-trained on was read; absent if that is not known, or there was none. */
  readonly dataset?: string | undefined;
  /** Where the faces that it was pre-trained on come from; absent if that is not known, or there was none. */
  readonly origin?: DataOrigin | undefined;
  /** The data of the pre-trainings before, which the last one started from, in their order. */
  readonly earlier: readonly TrainingData[];
  /** What it is, for tables: "resnet18 after 400 steps of simclr, from runs/a". */
  readonly description: string;
}

/**
 * Loads a backbone without its heads.
 * @param from `untrained`, a run folder, one of its checkpoints, or a weights file with torchvision's names
 * @throws CheckpointError if there is none, it is damaged, or it does not fit the architecture asked for; ConfigError for an
 * unknown option, or a device that is not there
 */
export function loadBackbone(from: string, options: LoadBackboneOptions = {}): LoadedBackbone {
  checkKeys("loadBackbone", options, OPTIONS);
  const { device = "cpu", seed = 0 } = options;
  checkDevice(device);
  const found = from === UNTRAINED ? undefined : findWeights(from, options.which);
  const config = found?.state?.config ?? null;
  const definition = wantedDefinition(from, options, config);
  const { name: arch } = definition;
  const size = options.size ?? config?.size;
  if (size === undefined)
    throw new CheckpointError(
      from,
      "`size`, the side of the input in pixels, because the file does not record it",
      "nothing",
      "Give the size that the weights were trained with.",
    );
  using generator = Generator.seeded(seed);
  const backbone = definition.build({ generator });
  if (found) loadInto(backbone, backboneTensors(found, from), `${from}: ${arch}`);
  const description = found?.description ?? `untrained ${arch}`;
  backbone.to({ device }).eval();
  const { dataset, origin } = found?.state?.store ?? {};
  return { from, backbone, arch, size, config, dataset, origin, earlier: earlierData(config), description };
}

/** More pre-trainings one after the other than anybody does. */
const MOST_EARLIER = 20;

/** Follows the weights that a run started from. Those that are gone, or are no run's, taught something unknown. */
function earlierData(config: RunConfig | null, depth = 0): TrainingData[] {
  const init = config?.init ?? null;
  if (init === null || depth === MOST_EARLIER) return [];
  try {
    const { state } = findWeights(init);
    if (!state) return [{}];
    const { dataset, origin } = state.store;
    return [...earlierData(state.config, depth + 1), { dataset, origin }];
  } catch (error) {
    if (error instanceof CheckpointError) return [{}];
    throw error;
  }
}

/** @throws CheckpointError if nothing names the backbone, or the checkpoint has another one */
function wantedDefinition(
  from: string,
  { arch: named, backbone }: LoadBackboneOptions,
  config: RunConfig | null,
): BackboneDefinition {
  const arch = named ?? backbone?.name ?? config?.arch;
  if (arch === undefined)
    throw new CheckpointError(
      from,
      "`arch`, the architecture, because the file does not record it",
      "nothing",
      `Name one of ${Object.keys(BACKBONES).join(", ")}.`,
    );
  if (config && config.arch !== arch)
    throw new CheckpointError(
      from,
      `a checkpoint of ${arch} (\`arch\`)`,
      `one of ${config.arch}`,
      "Leave out `arch`, or choose another checkpoint.",
    );
  return definitionOf(from, arch, backbone);
}

/**
 * The definition of a backbone that a file names.
 * @param from the file, for the error   @param own a user's own backbone, if there is one
 * @throws CheckpointError if the name is neither a built-in backbone's nor that of the user's own
 */
export function definitionOf(from: string, name: string, own?: BackboneDefinition): BackboneDefinition {
  if (own?.name === name) return own;
  if (isBackboneName(name)) return BACKBONES[name];
  const given = own ? `; the one given is "${own.name}"` : "";
  throw new CheckpointError(
    from,
    `a built-in backbone (${Object.keys(BACKBONES).join(", ")})`,
    `"${name}", a backbone of the user's own${given}`,
    "Use the library with its definition, { backbone }.",
  );
}

/** @throws CheckpointError unless every name and shape fits */
function loadInto(backbone: Backbone, state: StateDict, what: string): void {
  try {
    scope(() => backbone.loadStateDict(tensorsOf(state)));
  } catch (error) {
    throw new CheckpointError(
      what,
      "weights that fit",
      `others; they do not fit: ${(error as Error).message}`,
      "Choose the architecture of the weights, or other weights.",
      { cause: error },
    );
  }
}
