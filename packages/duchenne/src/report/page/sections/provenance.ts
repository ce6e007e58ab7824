import type { DataFacts, RunFacts } from "../data/reportData.ts";
import { formatSeconds } from "../markup/format.ts";
import { type Html, html } from "../markup/html.ts";

const ORIGINS = { drawn: "drawn", real: "real", unknown: "of unknown origin" } as const;

/** Which data, how much of it, and under which terms. */
export function renderData(data: readonly DataFacts[]): Html {
  const count = (value: number) => value.toLocaleString("en");
  return html`<div class="cards" tabindex="0" role="group" aria-label="data sets">${data.map(
    ({ name, role, layout, people, clips, frames, origin, licence }) =>
      html`<article class="card"><h3>${name}</h3><p class="muted">${role}</p>
<dl><dt>layout</dt><dd>${layout}</dd><dt>people</dt><dd>${people === 0 ? "not told apart" : count(people)}, ${ORIGINS[origin]}</dd><dt>clips</dt><dd>${count(clips)}</dd><dt>frames</dt><dd>${count(frames)}</dd><dt>licence</dt><dd>${licence}</dd></dl></article>`,
  )}</div>`;
}

/** How to do it again: command, seed, versions, and every setting. */
export function renderRuns(runs: readonly RunFacts[]): Html {
  return html`<details class="how"><summary>${runs.length} commands, with seeds, versions and settings</summary>${runs.map(
    ({ name, command, seed, seconds, versions, settings }) =>
      html`<article class="card run"><h3>${name}</h3>
<pre tabindex="0"><code>${command}</code></pre>
<p class="muted">seed ${seed}${seconds === null ? "" : ` · ${formatSeconds(seconds)}`}${Object.entries(
        versions,
      ).map(([what, version]) => ` · ${what} ${version}`)}</p>
${settingsOf(settings)}</article>`,
  )}</details>`;
}

function settingsOf(settings: RunFacts["settings"]): Html | "" {
  const entries = Object.entries(settings);
  if (entries.length === 0) return "";
  return html`<details><summary>${entries.length} settings</summary><dl class="settings">${entries.map(
    ([key, value]) => html`<div><dt>${key}</dt><dd>${String(value)}</dd></div>`,
  )}</dl></details>`;
}
