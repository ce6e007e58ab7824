// What a run has learned, and a model of it. npx tsx examples/probeAndExport.ts runs/first labelled.store model
import { exportModel, loadPart } from "duchenne/deploy";
import { probe } from "duchenne/evaluate";
import { loadBackbone } from "duchenne/ssl";

const [run = "runs/first", labelled = "labelled.store", out = "model"] = process.argv.slice(2);

// The paper's 3-layer predictor on frozen features, with 100 labels and with all of them.
const result = await probe(
  loadBackbone(run),
  labelled,
  { labels: ["100", "all"], seeds: 2, save: `${run}-probe`, out: `${run}-probe.json` },
  { onNotice: (notice) => console.log(notice) },
);
for (const { labels, figures } of result.summary) console.log(`${labels} labels:`, figures);

const { bytes } = await exportModel([await loadPart(`${run}-probe`)], out);
for (const [file, size] of Object.entries(bytes))
  console.log(`${out}/${file}: ${(size / 1e6).toFixed(1)} MB`);
