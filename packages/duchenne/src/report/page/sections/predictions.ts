import * as Plot from "@observablehq/plot";
import type { ConfusionCounts, FailureList, ValenceArousal } from "../data/reportData.ts";
import { type Html, html } from "../markup/html.ts";
import { plotFigure } from "../markup/svg.ts";

/** Above this share a cell is so dark that its text must be light. */
const DARK_SHARE = 0.55;

/** Shares of each true class, by colour and in percent; the count is in each cell's title. */
export function renderConfusion({ title, classes, counts }: ConfusionCounts): Html {
  const cells = counts.flatMap((row, t) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, p) => ({
      truth: classes[t]!,
      prediction: classes[p]!,
      share: total === 0 ? 0 : count / total,
      text: total === 0 ? "" : `${Math.round((100 * count) / total)}`,
      title: `${classes[t]} taken for ${classes[p]}: ${count} of ${total}`,
    }));
  });
  const axis = { domain: [...classes], tickSize: 0 };
  return plotFigure(
    title,
    {
      height: 360,
      marginLeft: 64,
      marginBottom: 70,
      padding: 0.04,
      x: { ...axis, label: "predicted", tickRotate: -45, labelAnchor: "right" },
      y: { ...axis, label: "true", labelAnchor: "top", labelArrow: false },
      marks: [
        Plot.cell(cells, {
          x: "prediction",
          y: "truth",
          fill: "var(--ink-accent)",
          fillOpacity: (cell: { share: number }) => 0.06 + 0.94 * cell.share,
          title: "title",
          rx: 2,
        }),
        Plot.text(cells, {
          x: "prediction",
          y: "truth",
          text: "text",
          fill: (cell: { share: number }) => (cell.share > DARK_SHARE ? "var(--on-accent)" : "var(--text)"),
        }),
      ],
    },
    html`<p class="note">Percent of each true class (rows sum to 100).</p>`,
  );
}

/** The plane of valence and arousal, and each against its truth. */
export function renderValenceArousal({ title, points }: ValenceArousal): Html[] {
  const range: [number, number] = [-1, 1];
  const against = (
    name: string,
    truth: "valence" | "arousal",
    predicted: "predictedValence" | "predictedArousal",
  ) =>
    plotFigure(`${title}: ${name}`, {
      height: 340,
      x: { domain: range, label: `true ${name}`, grid: true },
      y: { domain: range, label: `predicted ${name}`, grid: true },
      marks: [
        Plot.line(
          [range, range].map((_, i) => [range[i]!, range[i]!]),
          { stroke: "var(--muted)", strokeDasharray: "4 4" },
        ),
        Plot.dot(points, {
          x: truth,
          y: predicted,
          r: 2,
          fill: "var(--series-1)",
          fillOpacity: 0.45,
          clip: true,
        }),
      ],
    });
  return [
    against("valence", "valence", "predictedValence"),
    against("arousal", "arousal", "predictedArousal"),
    renderPlane(title, points),
  ];
}

function renderPlane(title: string, points: ValenceArousal["points"]): Html {
  const entry = (name: string, hollow: boolean) =>
    html`<li><svg class="chip" viewBox="0 0 22 10" aria-hidden="true"><circle cx="11" cy="5" r="4" stroke="var(--series-${hollow ? 2 : 1})" fill="${hollow ? "none" : "var(--series-1)"}"/></svg>${name}</li>`;
  return plotFigure(
    `${title}: the plane`,
    {
      height: 340,
      x: { domain: [-1, 1], label: "valence" },
      y: { domain: [-1, 1], label: "arousal" },
      marks: [
        Plot.ruleX([0], { stroke: "var(--line)" }),
        Plot.ruleY([0], { stroke: "var(--line)" }),
        Plot.dot(points, {
          x: "valence",
          y: "arousal",
          r: 2.2,
          stroke: "var(--series-2)",
          strokeOpacity: 0.6,
        }),
        Plot.dot(points, {
          x: "predictedValence",
          y: "predictedArousal",
          r: 2,
          fill: "var(--series-1)",
          fillOpacity: 0.5,
          clip: true,
        }),
      ],
    },
    html`<ul class="legend">${entry("predicted", false)}${entry("true", true)}</ul>`,
  );
}

/** Faces the predictor was most certain about, and wrong. */
export function renderFailures({ title, faces }: FailureList): Html {
  return html`<h3>${title}</h3><ul class="faces" tabindex="0" aria-label="${title}">${faces.map(
    ({ image, truth, prediction, confidence }) =>
      html`<li><img src="${image}" alt="a face labelled ${truth}" loading="lazy"><span>${truth}</span><span class="wrong">✗ ${prediction}${confidence === undefined ? "" : ` ${Math.round(100 * confidence)} %`}</span></li>`,
  )}</ul>`;
}
