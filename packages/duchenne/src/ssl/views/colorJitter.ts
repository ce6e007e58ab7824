/**
 * Brightness, contrast, saturation and hue, changed in an order that is drawn for each image.
 * @module
 */
import type { Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import { brightness, contrast, hue, saturation } from "./colorOperations.ts";
import { type Drawn, drawEach, groupDrawn, perImage, replaceRows } from "./images/rows.ts";

const OPERATIONS = { brightness, contrast, saturation, hue } as const;
type Operation = keyof typeof OPERATIONS;

/** What happens to an image's colours. */
export interface Jitter {
  /** The four operations as they follow one another. */
  readonly order: readonly Operation[];
  /** Factors of brightness, contrast and saturation; turn of the hue as a share of the circle. */
  readonly amounts: Readonly<Record<Operation, number>>;
}

/** Factors are within 1 ± these, not below 0; the hue turns by at most its own. */
export type JitterStrengths = Readonly<Record<Operation, number>>;

/** Draws what happens to each image's colours. @param chances [n] probability that an image's colours are changed */
export function sample(chances: readonly number[], strengths: JitterStrengths, rng: Random): Drawn<Jitter> {
  const factor = (strength: number) => rng.uniform(Math.max(0, 1 - strength), 1 + strength);
  return drawEach(chances, rng, () => ({
    order: rng.shuffle(Object.keys(OPERATIONS) as Operation[]),
    amounts: {
      brightness: factor(strengths.brightness),
      contrast: factor(strengths.contrast),
      saturation: factor(strengths.saturation),
      hue: rng.uniform(-strengths.hue, strengths.hue),
    },
  }));
}

/**
 * Brightness, contrast, saturation and hue as torchvision's ColorJitter has them, in each image's own order: images that
 * share one of the 24 orders are changed together.
 * @param images [n, 3, h, w] in 0..255   @returns them, changed in place
 */
export function apply(images: Tensor, jitters: Drawn<Jitter>): Tensor {
  for (const rows of groupDrawn(jitters, orderName)) {
    const { order } = jitters[rows[0]!]!;
    const amounts = (name: Operation) =>
      perImage(
        rows.map((row) => jitters[row]!.amounts[name]),
        images,
      );
    replaceRows(images, rows, (selected) =>
      order.reduce((current, name) => OPERATIONS[name](current, amounts(name)), selected),
    );
  }
  return images;
}

/** A name for the order of an image's operations; empty if there are none. */
export function orderName(jitter: Jitter | null): string {
  return jitter ? jitter.order.join() : "";
}
