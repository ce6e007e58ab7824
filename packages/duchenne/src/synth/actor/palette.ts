/** Colours as red, green and blue in 0..255, and the few operations the drawing needs. */
export type Rgb = readonly [number, number, number];

/** @returns a colour between a (t = 0) and b (t = 1) */
export function blend(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** @returns the colour times a factor, or times a colour where 255 leaves it as it is */
export function scale(colour: Rgb, by: number | Rgb): Rgb {
  const [r, g, b] = typeof by === "number" ? [by, by, by] : [by[0] / 255, by[1] / 255, by[2] / 255];
  return [colour[0] * r, colour[1] * g, colour[2] * b];
}

/** @returns the CSS form, rounded and limited to what a byte holds */
export function css(colour: Rgb, alpha = 1): string {
  const [r, g, b] = colour.map((value) => Math.max(0, Math.min(255, Math.round(value))));
  return `rgba(${r},${g},${b},${alpha.toFixed(3)})`;
}

/** Piecewise linear ramp through colours, t in [0, 1]. */
export function ramp(colours: readonly Rgb[], t: number): Rgb {
  const place = Math.max(0, Math.min(1, t)) * (colours.length - 1);
  const k = Math.min(colours.length - 2, Math.floor(place));
  return blend(colours[k]!, colours[k + 1]!, place - k);
}

/** Skin from the lightest to the darkest; drawn after the ten steps of the Monk scale (Monk 2019), by eye. */
export const SKIN_TONES: readonly Rgb[] = [
  [231, 200, 181],
  [227, 191, 166],
  [222, 181, 151],
  [211, 165, 131],
  [199, 148, 112],
  [175, 122, 87],
  [146, 97, 67],
  [116, 75, 52],
  [98, 64, 46],
  [82, 54, 40],
];

/** Colours of hair. */
export const HAIR_COLOURS = {
  black: [30, 26, 26],
  darkBrown: [56, 40, 32],
  brown: [92, 64, 44],
  chestnut: [112, 66, 42],
  auburn: [138, 72, 40],
  blond: [196, 156, 98],
  ash: [150, 130, 104],
  grey: [150, 148, 146],
  white: [214, 212, 208],
} as const satisfies Record<string, Rgb>;

/** Colours of irises. */
export const IRIS_COLOURS = {
  dark: [54, 34, 24],
  brown: [98, 62, 34],
  hazel: [126, 98, 50],
  green: [98, 122, 76],
  blue: [92, 130, 168],
  grey: [118, 132, 142],
} as const satisfies Record<string, Rgb>;
