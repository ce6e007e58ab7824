import { ExplainedError } from "../../lib/errors.ts";

/** SSL-FER's four components, and the paper's ablation CutMix, by the names of their settings. */
export const COMPONENTS = ["timeAug", "hardNeg", "faceSwap", "maskFn", "cutMix"] as const;
/** Name of a component, which is also the name of its setting. */
export type Component = (typeof COMPONENTS)[number];

/** Which components a method asks of the sampler, the views and its own loss. */
export type ComponentSwitches = Readonly<Record<Component, boolean>>;

/** A component that a method cannot use, or that needs more than the method was given. */
export class ComponentError extends ExplainedError {
  override readonly name = "ComponentError";
  constructor(
    readonly method: string,
    readonly component: Component,
    expected: string,
    received: string,
    remedy: string,
  ) {
    super(`${method}: ${component}`, expected, received, remedy);
  }
}
