import type { Tensor } from "@duchenne/torch";
import type { Random } from "../random.ts";
import { brightness, contrast, hue, saturation } from "./colorOperations.ts";
import { drawRows, perImage, replaceRows } from "./rows.ts";

const OPERATIONS = { brightness, contrast, saturation, hue } as const;
type Operation = keyof typeof OPERATIONS;

export interface Jitter {
  /** The image it is for. */
  readonly row: number;
  /** The four operations as they follow one another. */
  readonly order: readonly Operation[];
  /** Factors of brightness, contrast and saturation; turn of the hue as a share of the circle. */
  readonly amounts: Readonly<Record<Operation, number>>;
}

/** Only the images that are changed, ascending. */
export type JitterDraw = readonly Jitter[];

/** Factors are within 1 ± these, not below 0; the hue turns by at most its own. */
export type JitterStrengths = Readonly<Record<Operation, number>>;

/** @param chances [n] probability that an image's colours are changed */
export function sample(chances: readonly number[], strengths: JitterStrengths, rng: Random): JitterDraw {
  const factor = (strength: number) => rng.uniform(Math.max(0, 1 - strength), 1 + strength);
  return drawRows(chances, rng).map((row) => ({
    row,
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
 * @param images [n, 3, h, w] in 0..255   @returns the same shape, a new tensor
 */
export function apply(images: Tensor, draw: JitterDraw): Tensor {
  const changed = images.clone();
  for (const group of sameOrder(draw)) {
    const rows = group.map(({ row }) => row);
    const order = group[0]!.order;
    const amounts = order.map((name) =>
      perImage(
        group.map((jitter) => jitter.amounts[name]),
        images,
      ),
    );
    replaceRows(changed, rows, amounts, (part, partAmounts) =>
      order.reduce((current, name, i) => OPERATIONS[name](current, partAmounts[i]!), part),
    );
  }
  return changed;
}

function sameOrder(draw: JitterDraw): Iterable<readonly Jitter[]> {
  const groups = new Map<string, Jitter[]>();
  for (const jitter of draw) {
    const key = jitter.order.join();
    const group = groups.get(key);
    if (group) group.push(jitter);
    else groups.set(key, [jitter]);
  }
  return groups.values();
}
