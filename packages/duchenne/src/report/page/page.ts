import type { ReportData } from "./data/reportData.ts";
import { type Html, html, trusted } from "./markup/html.ts";
import { gallery, renderCurve, renderFewLabels, strip } from "./sections/curves.ts";
import { renderEmbedding, renderNeighbours, renderPicture } from "./sections/embedding.ts";
import { renderConfusion, renderFailures, renderValenceArousal } from "./sections/predictions.ts";
import { renderData, renderRuns } from "./sections/provenance.ts";
import { renderHighlights, renderTables } from "./sections/tables.ts";
import { STYLE } from "./style.ts";

interface Section {
  readonly id: string;
  readonly title: string;
  /** What to look for in the section. */
  readonly lead: string;
  /** Undefined if there is nothing to show. */
  readonly render: (data: ReportData) => Html | undefined;
}

function some<T>(items: readonly T[], render: (items: readonly T[]) => Html): Html | undefined {
  return items.length === 0 ? undefined : render(items);
}

/** In the order of the page. */
const SECTIONS: readonly Section[] = [
  {
    id: "results",
    title: "Results",
    lead: "Marked: the best of a column, if its interval overlaps no other. Small figures: 95 % confidence intervals, where they were computed.",
    render: ({ tables }) => some(tables, renderTables),
  },
  {
    id: "few-labels",
    title: "With few labels",
    lead: "A representation is worth what it does with few labels.",
    render: ({ fewLabels }) => some(fewLabels, (items) => gallery(items.map(renderFewLabels))),
  },
  {
    id: "embedding",
    title: "The embedding",
    lead: "Features brought to a plane by UMAP. Good expression features cluster by expression, not by person.",
    render: ({ embeddings }) =>
      some(embeddings, (items) => strip("maps", html`${items.map((map) => gallery(renderEmbedding(map)))}`)),
  },
  {
    id: "neighbours",
    title: "Nearest neighbours",
    lead: "By cosine similarity of the backbone's features.",
    render: ({ neighbours }) =>
      some(neighbours, (items) => strip("neighbours by method", html`${items.map(renderNeighbours)}`)),
  },
  {
    id: "confusion",
    title: "What is taken for what",
    lead: "",
    render: ({ confusions }) => some(confusions, (items) => gallery(items.map(renderConfusion))),
  },
  {
    id: "valence-arousal",
    title: "Valence and arousal",
    lead: "",
    render: ({ valenceArousal }) =>
      some(valenceArousal, (items) => gallery(items.flatMap(renderValenceArousal))),
  },
  {
    id: "failures",
    title: "Failures",
    lead: "The mistakes the predictor was most certain of. Some are the labels'.",
    render: ({ failures }) => some(failures, (items) => html`${items.map(renderFailures)}`),
  },
  {
    id: "training",
    title: "Training",
    lead: "",
    render: ({ curves }) => some(curves, (items) => gallery(items.map(renderCurve))),
  },
  {
    id: "views",
    title: "What the network sees",
    lead: "",
    render: ({ views }) => some(views, (items) => html`${items.map(renderPicture)}`),
  },
  { id: "data", title: "Data", lead: "", render: ({ data }) => some(data, renderData) },
  {
    id: "how",
    title: "How it was made",
    lead: "The same commands with the same seeds on the same build give the same figures.",
    render: ({ runs }) => some(runs, renderRuns),
  },
];

/** No script, nothing fetched: the page says so to the browser, too. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * The report as one self-contained HTML file: styles, plots and images inline, no script.
 * All text from the data is escaped.
 */
export function renderPage(data: ReportData): string {
  const shown = SECTIONS.flatMap((section) => {
    const body = section.render(data);
    return body === undefined ? [] : [{ ...section, body }];
  });
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${data.title} · duchenne</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<header><p class="brand">duchenne</p><h1>${data.title}</h1><p class="summary">${data.summary}</p>${isDrawn(data) ? BANNER : ""}${data.highlights.length > 0 ? renderHighlights(data.highlights) : ""}
<nav aria-label="sections"><ul>${shown.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav></header>
<main>${data.notes.length > 0 ? renderNotes(data.notes) : ""}${shown.map(renderSection)}</main>
<footer><p>Made ${data.madeAt.slice(0, 16).replace("T", " ")} UTC by duchenne. Expressions are what labels say about faces, not what people feel.</p></footer>
</body>
</html>
`;
  return page.text;
}

/** Whether all data of a report is of actors that do not exist. */
const isDrawn = ({ data }: ReportData): boolean =>
  data.length > 0 && data.every(({ origin }) => origin === "drawn");

const BANNER = html`<p class="banner" role="note"><strong>Drawn faces alone.</strong> Every face here is of an actor that does not exist. The figures compare methods; they do not say how a model does on people.</p>`;

function renderNotes(notes: readonly string[]): Html {
  return html`<aside class="notes" aria-label="notes"><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul></aside>`;
}

function renderSection({ id, title, lead, body }: Section & { body: Html }): Html {
  return html`<section id="${id}"><h2>${title}</h2>${lead === "" ? "" : html`<p class="lead">${lead}</p>`}${body}</section>`;
}
