import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Html, html, trusted } from "./html.ts";

/** Plots are drawn at a phone's width and placed side by side on wider screens, so that their text keeps its size. */
export const PLOT_WIDTH = 380;
/** Height of a plot, pixels. */
export const PLOT_HEIGHT = 270;

/** Colours of series and expressions: CSS variables, so that the dark theme has its own (style.ts). */
export const SERIES_COLOURS = Array.from({ length: 8 }, (_, i) => `var(--series-${i + 1})`);
/** Beyond colours: the ninth series is the first's colour with another dash. */
export const SERIES_DASHES = ["none", "6 3", "2 3"] as const;

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
  }) as { outerHTML: string };
  return html`<figure class="plot"><figcaption>${title}</figcaption>${trusted(drawn.outerHTML)}${below}</figure>`;
}

/** A legend of colour chips with names; text in the page's own colour. */
export function legend(entries: readonly { name: string; colour: string; dash?: string }[]): Html {
  return html`<ul class="legend">${entries.map(
    ({ name, colour, dash = "none" }) =>
      html`<li><svg class="chip" viewBox="0 0 22 10" aria-hidden="true"><line x1="1" y1="5" x2="21" y2="5" stroke="${colour}" stroke-width="4" stroke-dasharray="${dash}"/></svg>${name}</li>`,
  )}</ul>`;
}

/** Colour and dash of the series at `index`. */
export function seriesStyle(index: number): { colour: string; dash: string } {
  const turn = Math.floor(index / SERIES_COLOURS.length) % SERIES_DASHES.length;
  return { colour: SERIES_COLOURS[index % SERIES_COLOURS.length]!, dash: SERIES_DASHES[turn]! };
}
