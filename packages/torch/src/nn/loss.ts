import { ArgumentError, refuseUnknown } from "../core/errors.ts";
import { REDUCTION, type Reduction } from "../core/schema.ts";
import type { Tensor } from "../core/tensor.ts";
import { Module } from "./module.ts";

/** What every loss takes. */
export interface LossOptions {
  /** The loss of every element, their mean, or their sum. Default mean. */
  reduction?: Reduction;
}

/** A loss with its settings, of an input and a target unless it says otherwise. */
export abstract class Loss<In extends unknown[] = [input: Tensor, target: Tensor]> extends Module<
  In,
  Tensor
> {
  readonly reduction: Reduction;

  constructor(options: LossOptions, known: readonly string[] = []) {
    super();
    refuseUnknown(this.constructor.name, options, ["reduction", ...known]);
    const { reduction = "mean" } = options;
    if (!Object.hasOwn(REDUCTION, reduction))
      throw new ArgumentError(
        this.constructor.name,
        "reduction",
        Object.keys(REDUCTION).join(", "),
        reduction,
        "Use one of these names.",
      );
    this.reduction = reduction;
  }

  /** A tensor of the state that is no parameter, or none. */
  protected weightOf(name: string, given: Tensor | null | undefined): Tensor | null {
    return given ? this.buffer(name, given) : null;
  }
}
