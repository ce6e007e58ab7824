/** Looks in one light: a lamp that is dimmed, a coloured one, a veil of light in front of the picture change nothing of who is seen. */

import { type Appearance, unlikeness } from "./appearance.ts";

/** As `unlikeness`, the look of less contrast brought to mean and spread of the other's colours. */
export function unlikenessInOneLight(one: Appearance, other: Appearance): number {
  const [a, b] = [coloursOf(one), coloursOf(other)];
  const spread = (colours: readonly Colour[]) => colours.reduce((sum, { deviation }) => sum + deviation, 0);
  return spread(a) < spread(b)
    ? unlikeness({ ...relit(one, a, b), light: other.light }, other)
    : unlikeness(one, { ...relit(other, b, a), light: one.light });
}

/** One colour of a picture, in grey levels. */
interface Colour {
  readonly mean: number;
  readonly deviation: number;
}

/** Red, green and blue, of the pixels that lie within the frame. */
function coloursOf({ picture }: Appearance): Colour[] {
  return [0, 1, 2].map((channel) => {
    let [count, sum, squares] = [0, 0, 0];
    for (let i = 0; i < picture.length; i += 4) {
      if (picture[i + 3] === 0) continue;
      const value = picture[i + channel]!;
      count += 1;
      sum += value;
      squares += value * value;
    }
    const mean = sum / Math.max(1, count);
    return { mean, deviation: Math.sqrt(Math.max(1, squares / Math.max(1, count) - mean * mean)) };
  });
}

function relit(look: Appearance, from: readonly Colour[], to: readonly Colour[]): Appearance {
  const picture = Uint8Array.from(look.picture, (value, i) => {
    const channel = i % 4;
    if (channel === 3) return value;
    const [old, fresh] = [from[channel]!, to[channel]!];
    const changed = fresh.mean + ((value - old.mean) * fresh.deviation) / old.deviation;
    return Math.min(255, Math.max(0, Math.round(changed)));
  });
  return { ...look, picture };
}
