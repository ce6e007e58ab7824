import type { ModelEntry } from "duchenne/studio";
import type { Engine } from "./runtime.ts";

const ORIGINS: Readonly<Record<ModelEntry["origin"], string>> = {
  drawn: "drawn actors",
  real: "real people",
  mixed: "drawn actors and real people",
  unknown: "faces of unknown origin",
};

interface ModelNoteProps {
  readonly model: ModelEntry;
  /** What it runs on; undefined until it is loaded. */
  readonly engine: Engine | undefined;
}

/** What a model is, what it learned from, how well it did on its own test images, and what it runs on. */
export function ModelNote({ model, engine }: ModelNoteProps) {
  const { name, architecture, origin, learnedFrom, macroF1 } = model;
  return (
    <div class="model-note">
      {origin === "drawn" && (
        <p class="banner" role="note">
          <strong>Learned from drawn faces alone.</strong> No real face taught this model: on people its
          labels are often wrong.
        </p>
      )}
      <p class="note">
        <strong>{name}</strong> ({architecture}) learned from {ORIGINS[origin]}
        {learnedFrom.length > 0 && ` (${learnedFrom.join("; ")})`}. {macroF1Text(macroF1)}
        {engine && ` It runs on ${engine}, in this browser.`}
      </p>
    </div>
  );
}

function macroF1Text(figure: ModelEntry["macroF1"]): string {
  if (figure?.value == null) return "Its macro F1 was not recorded.";
  const { value, low, high } = figure;
  const interval = low === null || high === null ? "" : ` [${low.toFixed(2)}, ${high.toFixed(2)}]`;
  return `Macro F1 ${value.toFixed(2)}${interval} on its own test images.`;
}
