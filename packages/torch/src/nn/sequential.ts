import type { Tensor } from "../core/tensor.ts";
import { Module } from "./module.ts";

/**
 * Passes x through steps in order and frees each intermediate once the next step has used it, as rebinding a variable does
 * in Python. What a step needs for its gradient, the recorded graph keeps.
 */
export function chain(x: Tensor, ...steps: readonly Module[]): Tensor {
  let current = x;
  for (const step of steps) {
    const next = step.call(current);
    if (next !== current && current !== x && !current.kept) current.dispose();
    current = next;
  }
  return current;
}

/** Modules one after another; their state-dict names are their numbers. */
export class Sequential extends Module {
  readonly layers: readonly Module[];

  constructor(...layers: Module[]) {
    super();
    this.layers = layers.map((layer, i) => this.child(String(i), layer));
  }

  override forward(x: Tensor): Tensor {
    return chain(x, ...this.layers);
  }
}
