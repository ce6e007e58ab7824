import type { BackboneDefinition } from "../backbones/index.ts";
import type { ComponentSwitches } from "../config/components.ts";
import type { RecordedSettings } from "../config/config.ts";
import type { PairSampling } from "../sampling/settings.ts";
import type { Method } from "./method.ts";

/** What a method is built for. */
export interface MethodContext {
  /** Draws the initial weights. */
  readonly seed: number;
  /** Numbers per eye+mouth feature of the store. */
  readonly featureLength: number;
  /** People that the store tells apart, numbered from 0; 0 if it names nobody. Default 0. */
  readonly people?: number;
}

/**
 * A way to learn from views, as a value: `sslFer({ … })` makes one, and so can you. Every run builds its own networks from it.
 *
 * The sampler gives two frames of each clip, or four with `hardNeg`; the order of their rows is in `BLOCKS`.
 */
export interface MethodDefinition {
  /** Recorded in the run's config.json; a method of your own needs a name that no built-in method has. */
  readonly name: string;
  readonly backbone: BackboneDefinition;
  /** What `build` depends on besides the backbone. A run records the settings, and resumes only with the same ones. */
  readonly settings?: RecordedSettings;
  /** Components for the sampler, the views and the loss. Default: none. */
  readonly components?: Partial<ComponentSwitches>;
  /** How far apart the frames of a clip are. Default: the paper's. */
  readonly sampling?: Partial<PairSampling>;
  /** Whether the loss uses `geometry` of the views: the store is then read once before the run. Default no. */
  readonly usesGeometry?: boolean;
  /** Networks with fresh weights, on the CPU, and the loss over them. */
  build(context: MethodContext): Method;
}
