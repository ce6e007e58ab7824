import * as Plot from "@observablehq/plot";
import { EXPRESSIONS, type Expression } from "../../../lib/expressions.ts";
import type { EmbeddingMap, FacePicture, NeighbourTable, Picture } from "../data/reportData.ts";
import { type Html, html } from "../markup/html.ts";
import { legend, plotFigure, seriesStyle } from "../markup/svg.ts";

/** Turns of the hue that keep neighbours in the list apart: the golden angle. */
const GOLDEN_ANGLE_DEGREES = 137.508;

/** One map, coloured by expression, then by person. */
export function renderEmbedding({ title, points }: EmbeddingMap): Html[] {
  const expressions = EXPRESSIONS.filter((name) => points.some(({ expression }) => expression === name));
  const persons = distinct(points.map(({ person }) => person));
  const map = (name: string, colourOf: (point: EmbeddingMap["points"][number]) => string, below: Html) =>
    plotFigure(
      `${title}, by ${name}`,
      {
        height: 360,
        margin: 6,
        inset: 8,
        x: { axis: null },
        y: { axis: null },
        marks: [
          Plot.dot(points, {
            x: "x",
            y: "y",
            r: 2.6,
            fill: colourOf,
            fillOpacity: 0.8,
            title: ({ expression, person }: EmbeddingMap["points"][number]) =>
              `${expression ?? "no label"}, ${person ?? "unknown person"}`,
          }),
        ],
      },
      below,
    );
  const colourOfExpression = (name: Expression | null) =>
    name === null ? "var(--muted)" : seriesStyle(orderOf(name)).colour;
  const figures: Html[] = [];
  if (expressions.length > 0)
    figures.push(
      map(
        "expression",
        ({ expression }) => colourOfExpression(expression),
        legend(expressions.map((name) => ({ name, colour: colourOfExpression(name) }))),
      ),
    );
  if (persons.length > 0)
    figures.push(
      map(
        "person",
        ({ person }) => (person === null ? "var(--muted)" : hue(persons.indexOf(person))),
        html`<p class="note">${persons.length} people, each in a colour of their own. Where people cluster, the embedding tells who it sees.</p>`,
      ),
    );
  return figures;
}

/** An expression keeps its colour from plot to plot. */
const orderOf = (name: Expression): number => EXPRESSIONS.indexOf(name);

const hue = (index: number): string => `hsl(${((index * GOLDEN_ANGLE_DEGREES) % 360).toFixed(0)} 65% 52%)`;

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))].sort();
}

/** Queries with their nearest neighbours: the same expression? other people? */
export function renderNeighbours({ title, rows }: NeighbourTable): Html {
  return html`<div class="sheet"><h3>${title}</h3>
<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table class="neighbours"><thead><tr><th scope="col">query</th><th scope="col" colspan="${Math.max(1, ...rows.map((row) => row.neighbours.length))}">nearest first</th></tr></thead><tbody>${rows.map(
    ({ query, neighbours }) =>
      html`<tr><td class="query">${face(query)}<span>${query.expression ?? "no label"}</span></td>${neighbours.map(
        (neighbour) =>
          html`<td>${face(neighbour)}${agreement(query, neighbour)}${identity(query, neighbour)}</td>`,
      )}</tr>`,
  )}</tbody></table></div>
<p class="note">✓ the query's expression, ✗ another one. “same person” means that identity helped to find it.</p></div>`;
}

const face = ({ image, expression }: FacePicture): Html =>
  html`<img src="${image}" alt="a face, ${expression ?? "without label"}" loading="lazy">`;

function agreement(query: FacePicture, { expression }: FacePicture): Html {
  if (expression === null || query.expression === null) return html`<span>${expression ?? "no label"}</span>`;
  const right = expression === query.expression;
  return html`<span class="${right ? "right" : "wrong"}">${right ? "✓" : "✗"} ${expression}</span>`;
}

function identity(query: FacePicture, { person }: FacePicture): Html {
  if (person === null || query.person === null) return html``;
  return person === query.person
    ? html`<span class="same">same person</span>`
    : html`<span class="muted">other person</span>`;
}

/** A sheet of views, or any other picture. */
export function renderPicture({ title, caption, image }: Picture): Html {
  return html`<figure class="picture"><figcaption>${title}</figcaption><div class="scroll" tabindex="0" role="region" aria-label="${title}"><img src="${image}" alt="${title}" loading="lazy"></div><p class="note">${caption}</p></figure>`;
}
