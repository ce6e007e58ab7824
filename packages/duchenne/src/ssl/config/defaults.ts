import { checkKeys } from "../../lib/checkKeys.ts";
import { checkSetting, type PretrainConfig } from "./config.ts";
import { PRESETS } from "./presets.ts";

/**
 * The settings of one definition: those given, and the paper's for the others.
 * @param what names the definition in errors, e.g. `sslFer`   @param keys all settings it has
 * @param ownDefaults where the definition departs from the paper preset
 * @throws ConfigError for a key that is not among `keys`, or a value out of range
 */
export function withDefaults<K extends keyof PretrainConfig>(
  what: string,
  keys: readonly K[],
  given: { readonly [P in K]?: PretrainConfig[P] | undefined },
  ownDefaults: Partial<PretrainConfig> = {},
): Pick<PretrainConfig, K> {
  checkKeys(what, given, keys);
  for (const [key, value] of Object.entries(given)) {
    if (value !== undefined) checkSetting(`${what}: ${key}`, key, value);
  }
  const usual = { ...PRESETS.paper.settings, ...ownDefaults };
  return Object.fromEntries(
    keys.map((key) => [key, given[key] === undefined ? usual[key] : given[key]]),
  ) as Pick<PretrainConfig, K>;
}
