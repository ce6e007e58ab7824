import type { Device } from "@duchenne/torch";
import { ConfigError, setting, settingText } from "../../lib/errors.ts";
import type { BackboneDefinition } from "../backbones/index.ts";
import { COMPONENTS, ComponentError, type ComponentSwitches } from "../config/components.ts";
import type { MethodName, PretrainConfig } from "../config/config.ts";
import { BYOL_SETTINGS, byol } from "./byol.ts";
import type { MethodContext, MethodDefinition } from "./definition.ts";
import type { Method } from "./method.ts";
import { MOCO_SETTINGS, mocoV2 } from "./mocoV2.ts";
import { ROW_SETTINGS, simclr, sslFer } from "./sslFer.ts";

type Settings = Partial<PretrainConfig> & { readonly backbone: BackboneDefinition };

interface MethodEntry {
  /** Makes the value from exactly the settings below. */
  readonly define: (settings: Settings) => MethodDefinition;
  readonly settings: readonly (keyof PretrainConfig)[];
  /** Why some components are not among the settings. */
  readonly reason?: string;
}

/** Every built-in method by its name; a new one is a file and a line here. */
export const METHODS: Readonly<Record<MethodName, MethodEntry>> = {
  "ssl-fer": { define: sslFer, settings: ROW_SETTINGS },
  simclr: { define: simclr, settings: ROW_SETTINGS },
  "moco-v2": { define: mocoV2, settings: MOCO_SETTINGS },
  byol: { define: byol, settings: BYOL_SETTINGS, reason: "BYOL has no negatives" },
};

/** Whether a name is a built-in method's. */
export const isMethodName = (name: string): name is MethodName => Object.hasOwn(METHODS, name);

/**
 * Refuses components that a built-in method cannot use.
 * @param switches those that are on matter
 * @throws ComponentError for the first that the method cannot use
 */
export function checkComponents(method: MethodName, switches: Partial<ComponentSwitches>): void {
  const { settings, reason } = METHODS[method];
  for (const component of COMPONENTS)
    if (switches[component] && !settings.includes(component))
      throw new ComponentError(
        method,
        component,
        `off: ${reason}`,
        "on",
        `Use ${settingText(component, false)}.`,
      );
}

/** Settings of losses that not every method has: the value that is off, who has them, and whether they are about negatives. */
const LOSS_SETTINGS = {
  decoupled: { off: false, others: "a method with a contrastive loss", isOfNegatives: true },
  maskFnFeature: { off: "eyes-mouth", others: "ssl-fer or simclr", isOfNegatives: true },
  neighbourWeight: { off: 0, others: "ssl-fer or simclr", isOfNegatives: true },
  geometryWeight: { off: 0, others: "ssl-fer or simclr", isOfNegatives: false },
  adversaryWeight: { off: 0, others: "ssl-fer or simclr", isOfNegatives: false },
} as const;

/**
 * Refuses what a built-in method's loss has no place for, such as the decoupled loss, or neighbours from a queue.
 * @throws ConfigError
 */
export function checkLossSettings(
  method: MethodName,
  config: Pick<PretrainConfig, keyof typeof LOSS_SETTINGS>,
): void {
  const { settings, reason } = METHODS[method];
  for (const [name, { off, others, isOfNegatives }] of Object.entries(LOSS_SETTINGS)) {
    const key = name as keyof typeof LOSS_SETTINGS;
    if (config[key] === off || settings.includes(key)) continue;
    const why = reason && isOfNegatives ? `: ${reason}` : "";
    throw new ConfigError(
      setting(name),
      `${off} for ${settingText("method", method)}${why}`,
      String(config[key]),
      `Leave it out, or use ${others}.`,
    );
  }
}

/**
 * A method with fresh weights. They are drawn on the CPU and moved, so that a seed means the same on every device.
 * @throws ComponentError for MaskFN on a store without eye+mouth features
 */
export function buildMethod(definition: MethodDefinition, context: MethodContext, device: Device): Method {
  if (definition.components?.maskFn && !(context.featureLength > 0))
    throw new ComponentError(
      definition.name,
      "maskFn",
      "a store with eye+mouth features",
      "one without",
      `Use ${settingText("maskFn", false)}, or prepare the store with a feature.`,
    );
  const method = definition.build(context);
  method.network.to({ device });
  return method;
}

export { type ByolOptions, byol } from "./byol.ts";
export type { MethodContext, MethodDefinition } from "./definition.ts";
export {
  type FalseNegativeRule,
  hardNegativeMask,
  neverFalseNegatives,
  sameClip,
  sameRowOrPositive,
} from "./masks.ts";
export type { LossResult, Method, Rows } from "./method.ts";
export { type MocoOptions, mocoV2 } from "./mocoV2.ts";
export { asMomentumCopy, byolHead, EmbeddingNetwork, moveMomentumCopy, projectionHead } from "./networks.ts";
export { type ContrastiveOptions, searchFalseNegatives, simclr, sslFer } from "./sslFer.ts";
