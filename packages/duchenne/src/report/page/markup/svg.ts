import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { sha256 } from "../../../lib/sha256.ts";
import { FULL_METHOD, UNTRAINED_ROW } from "../data/rowNames.ts";
import { type Html, html, trusted } from "./html.ts";

/** Plots are drawn at a phone's width and placed side by side on wider screens, so that their text keeps its size. */
export const PLOT_WIDTH = 380;
/** Height of a plot, pixels. */
export const PLOT_HEIGHT = 270;

/** Colours of series and expressions: CSS variables, so that the dark theme has its own (style.ts). */
export const SERIES_COLOURS = Array.from({ length: 8 }, (_, i) => `var(--series-${i + 1})`);
/** Beyond colours: the ninth series is the first's colour with another dash. */
export const SERIES_DASHES = ["none", "6 3", "2 3"] as const;

/** The part of a drawn plot that is used here: this package knows no DOM types. */
interface DrawnPlot {
  readonly outerHTML: string;
  querySelectorAll(selector: string): Iterable<{ setAttribute(name: string, value: string): void }>;
}

/**
 * Draws a plot as SVG whose text can be selected, in a figure with its title.
 * @param options as Observable Plot's
 * @param below what stands under the plot: a legend, a note
 */
export function plotFigure(title: string, options: Plot.PlotOptions, below: Html | "" = ""): Html {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const drawn = Plot.plot({
    width: PLOT_WIDTH,
    height: PLOT_HEIGHT,
    marginTop: 28,
    marginLeft: 46,
    marginBottom: 40,
    style: { background: "transparent", fontSize: "12px", fontFamily: "inherit" },
    ...options,
    document: document as unknown as NonNullable<Plot.PlotOptions["document"]>,
  }) as unknown as DrawnPlot;
  // Plot names its parts; a name needs a role.
  for (const part of drawn.querySelectorAll("g[aria-label]")) part.setAttribute("role", "group");
  return html`<figure class="plot"><figcaption>${title}</figcaption>${trusted(drawn.outerHTML)}${below}</figure>`;
}

/** A legend of colour chips with names; text in the page's own colour. */
export function legend(entries: readonly { name: string; colour: string; dash?: string }[]): Html {
  return html`<ul class="legend">${entries.map(
    ({ name, colour, dash = "none" }) =>
      html`<li><svg class="chip" viewBox="0 0 22 10" aria-hidden="true"><line x1="1" y1="5" x2="21" y2="5" stroke="${colour}" stroke-width="4" stroke-dasharray="${dash}"/></svg>${name}</li>`,
  )}</ul>`;
}

/** Colours of the known methods, in every plot of every report. */
const METHOD_SERIES: Readonly<Record<string, number>> = {
  ...{ [UNTRAINED_ROW]: 7, ImageNet: 6, BYOL: 3, "MoCo-v2": 2, SimCLR: 1, [FULL_METHOD]: 0 },
  ...{ TimeAug: 4, "TimeAug+HardNeg": 5, "TimeAug+HardNeg+CutMix": 12, "TimeAug+FaceSwap+MaskFN": 13 },
  ...{ "TimeAug+HardNeg+FaceSwap": 20, "TimeAug+HardNeg+MaskFN": 21 },
};
const STYLES = SERIES_COLOURS.length * SERIES_DASHES.length;

/** Colour and dash of a method or run: by its name alone, so that it looks the same in every plot. */
export function nameStyle(name: string): { colour: string; dash: string } {
  const known = Object.hasOwn(METHOD_SERIES, name) ? METHOD_SERIES[name] : undefined;
  return seriesStyle(known ?? Number.parseInt(sha256(name).slice(0, 8), 16) % STYLES);
}

/** Colour and dash of the series at `index`. */
export function seriesStyle(index: number): { colour: string; dash: string } {
  const turn = Math.floor(index / SERIES_COLOURS.length) % SERIES_DASHES.length;
  return { colour: SERIES_COLOURS[index % SERIES_COLOURS.length]!, dash: SERIES_DASHES[turn]! };
}
