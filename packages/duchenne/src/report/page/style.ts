/** The page's style: light and dark by the reader's setting, one column on a phone, plots side by side on a desk. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfaf8; --surface: #ffffff; --text: #1d1b19; --muted: #6b655e; --line: #e3ded6;
  --accent: #9a3412; --ink-accent: #b4501f; --on-accent: #ffffff; --best: #fdf0e3; --good: #14714a; --bad: #b3261e;
  --series-1: #c2410c; --series-2: #2563a8; --series-3: #23825a; --series-4: #8a4fb5;
  --series-5: #a47b00; --series-6: #c2407a; --series-7: #11808f; --series-8: #5d6570;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #161412; --surface: #201d1a; --text: #eeebe6; --muted: #a49c92; --line: #39342f;
    --accent: #f59e62; --ink-accent: #e8863f; --on-accent: #1a120b; --best: #3a2818; --good: #5fcf9d; --bad: #ff8a7f;
    --series-1: #f0853f; --series-2: #6ea8ee; --series-3: #55c290; --series-4: #c08cf0;
    --series-5: #d9b13b; --series-6: #f07fb0; --series-7: #4fc3d4; --series-8: #a4adb8;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
header, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
.brand { margin: 0; color: var(--accent); font-weight: 650; letter-spacing: .02em; }
h1 { margin: .2rem 0 .6rem; font-size: clamp(1.7rem, 5vw, 2.7rem); line-height: 1.15; letter-spacing: -.02em; text-wrap: balance; overflow-wrap: anywhere; }
h2 { margin: 0 0 .4rem; font-size: 1.45rem; letter-spacing: -.01em; }
h3 { margin: 1.6rem 0 .5rem; font-size: 1.05rem; overflow-wrap: anywhere; }
.summary { max-width: 46rem; margin: 0 0 1.4rem; font-size: 1.1rem; color: var(--muted); }
.banner { max-width: 46rem; margin: 0 0 1.4rem; padding: .7rem 1rem; border: 1px dashed var(--muted); border-radius: .75rem; color: var(--muted); }
.banner strong { color: var(--text); }
.lead { max-width: 46rem; margin: 0 0 1rem; color: var(--muted); }
.muted { color: var(--muted); }
.note { margin: .5rem 0 0; font-size: .85rem; color: var(--muted); max-width: 46rem; }
section { padding: 2rem 0 1rem; border-top: 1px solid var(--line); }
ul { margin: 0; padding: 0; list-style: none; }
.highlights { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .75rem; margin-bottom: 1.5rem; }
.highlights li { display: flex; flex-direction: column; padding: .9rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; }
.highlights strong { font-size: 1.75rem; line-height: 1.25; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.highlights .label, .highlights .detail { font-size: .85rem; color: var(--muted); }
nav ul { display: flex; gap: .4rem; overflow-x: auto; padding-bottom: 1.2rem; }
@media (min-width: 45rem) { nav ul { flex-wrap: wrap; } }
nav a { display: block; padding: .35rem .8rem; white-space: nowrap; border: 1px solid var(--line); border-radius: 99rem; background: var(--surface); color: inherit; text-decoration: none; font-size: .9rem; }
nav a:hover, nav a:focus-visible { border-color: var(--accent); color: var(--accent); }
.notes { margin-bottom: 1.5rem; padding: .8rem 1.1rem; border-left: 3px solid var(--accent); background: var(--surface); font-size: .92rem; overflow-wrap: anywhere; }
.notes li + li { margin-top: .4rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.results { width: 100%; font-size: .95rem; }
.results th, .results td { padding: .5rem .8rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; white-space: nowrap; }
.results thead th { font-size: .82rem; font-weight: 600; color: var(--muted); border-bottom: 2px solid var(--line); }
.results tbody th, .results thead th:first-child { position: sticky; left: 0; background: var(--page); text-align: left; font-weight: 550; white-space: normal; min-width: 8.5rem; }
.results small { display: block; font-size: .75rem; color: var(--muted); }
.results small.paper { color: var(--accent); }
.results td.best { background: var(--best); }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1rem; }
.gallery + .gallery { margin-top: 1rem; }
figure { margin: 0; }
figure.plot { padding: .9rem 1rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; min-width: 0; }
figcaption { margin-bottom: .5rem; font-weight: 600; font-size: .95rem; overflow-wrap: anywhere; }
figure.plot > svg { display: block; width: 100%; height: auto; overflow: visible; }
figure.plot svg [aria-label$="tick label"] text, figure.plot svg [aria-label$="axis label"] text { fill: var(--muted); }
figure.plot svg [aria-label$="axis tick"], figure.plot svg [aria-label$="grid"] { stroke: var(--line); stroke-opacity: 1; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem .9rem; margin-top: .6rem; font-size: .85rem; }
.legend li { display: flex; align-items: center; gap: .4rem; overflow-wrap: anywhere; }
.chip { flex: none; width: 22px; height: 10px; }
.picture { margin-bottom: 1.5rem; }
.picture img { display: block; max-width: none; border-radius: .5rem; }
@media (min-width: 60rem) { .picture img { max-width: 100%; } }
.neighbours td, .neighbours th { padding: .35rem; text-align: center; font-size: .8rem; vertical-align: top; }
.neighbours th { color: var(--muted); font-weight: 600; text-align: left; }
.neighbours span, .faces span { display: block; line-height: 1.35; white-space: nowrap; }
.neighbours img, .faces img { display: block; width: 5.5rem; height: 5.5rem; object-fit: cover; border-radius: .5rem; margin: 0 auto .2rem; background: var(--line); }
.neighbours .query { position: sticky; left: 0; background: var(--page); border-right: 1px solid var(--line); padding-right: .8rem; font-weight: 600; }
.faces { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.2rem, 1fr)); gap: .9rem .6rem; text-align: center; font-size: .8rem; }
.right { color: var(--good); } .wrong { color: var(--bad); } .same { color: var(--accent); font-weight: 600; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1rem; }
.card { padding: 1rem 1.1rem; background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; min-width: 0; }
.card h3 { margin: 0; } .card p { margin: .2rem 0 .6rem; font-size: .88rem; overflow-wrap: anywhere; }
.card.run { margin-bottom: .8rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .9rem; margin: 0; font-size: .9rem; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
.settings { grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); margin-top: .6rem; font-size: .82rem; }
.settings div { display: flex; gap: .5rem; min-width: 0; }
pre { margin: .5rem 0; padding: .6rem .8rem; overflow-x: auto; background: var(--page); border: 1px solid var(--line); border-radius: .5rem; font-size: .82rem; }
summary { cursor: pointer; font-size: .88rem; color: var(--accent); }
footer { padding-top: 1.5rem; padding-bottom: 3rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .85rem; }
.results .group th { position: static; padding-top: 1rem; font-weight: 650; color: var(--text); text-align: left; }
.how > summary { margin-bottom: .8rem; }
@media screen and (max-width: 45rem) {
  .gallery, .cards, .faces, .strip { display: flex; gap: .8rem; overflow-x: auto; scroll-snap-type: x proximity; padding-bottom: .4rem; }
  .gallery > *, .cards > * { flex: 0 0 88%; scroll-snap-align: start; }
  .faces > * { flex: 0 0 6.2rem; }
  .strip { gap: 1.2rem; }
  .strip > .gallery { display: contents; }
  .strip > .sheet { flex: none; scroll-snap-align: start; }
  .strip > .sheet > .scroll { overflow: visible; }
  .strip > .sheet > .note { max-width: 20rem; }
  .neighbours td, .neighbours th { padding: .2rem; }
  .neighbours img { width: 3.2rem; height: 3.2rem; }
  .results th, .results td { padding: .2rem .6rem; line-height: 1.4; }
  .results .group th { padding-top: .7rem; }
  .picture .scroll { max-height: 22rem; overflow: auto; }
  .card dl { font-size: .85rem; }
  .results tbody th { min-width: 7rem; }
  h3 { margin-top: 1rem; }
  section { padding: .9rem 0 .4rem; }
}
@media print {
  :root { color-scheme: light; }
  nav { display: none; }
  h2, h3, figcaption, .lead, thead, .group { break-after: avoid; }
  figure, .card, tr, .highlights li, .faces > *, .note, .lead { break-inside: avoid; }
  .scroll { overflow: visible; }
  section { padding: 1rem 0 .6rem; }
  .gallery { grid-template-columns: repeat(2, 1fr); }
  .neighbours img, .faces img { width: 4rem; height: 4rem; }
  .results { font-size: .72rem; }
  .results th, .results td { padding: .2rem .25rem; }
  .results thead th { white-space: normal; }
  .results tbody th { min-width: 5rem; }
  .results small { font-size: .58rem; }
  .picture img { max-width: 100%; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
}
`;
