import { ConfigError } from "../../lib/errors.ts";
import type { BackboneDefinition } from "./index.ts";

/**
 * Checks the backbone that a method is given.
 * @param method names it in the error
 * @throws ConfigError for a value that is no definition, such as a name
 */
export function checkBackbone(method: string, backbone: BackboneDefinition | undefined): void {
  if (typeof backbone?.build === "function" && typeof backbone.name === "string") return;
  throw new ConfigError(
    `${method}: backbone`,
    "a definition, such as resnet18()",
    JSON.stringify(backbone) ?? "nothing",
    "Give a built-in definition, one of `BACKBONES`, or your own.",
  );
}
