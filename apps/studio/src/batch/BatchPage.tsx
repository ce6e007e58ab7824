import type { BatchViews, RunEntry, StoreEntry } from "duchenne/studio";
import type { ComponentChildren } from "preact";
import { useAnswer } from "../server/useAnswer.ts";
import { RunAndStore } from "../shell/RunAndStore.tsx";
import { choose, useRoute } from "../shell/route.ts";
import { ClipRow } from "./ClipRow.tsx";

const CLIPS_AT_A_TIME = 6;

/** A run's batches as the network sees them. */
export function BatchPage() {
  return (
    <RunAndStore what="A batch">
      {(run, store, choices) => <Batch run={run} store={store} choices={choices} />}
    </RunAndStore>
  );
}

interface BatchProps {
  readonly run: RunEntry;
  readonly store: StoreEntry;
  readonly choices: ComponentChildren;
}

function Batch({ run, store, choices }: BatchProps) {
  const { chosen } = useRoute();
  const step = Number(chosen.get("batch") ?? "1") - 1;
  const clips = Number(chosen.get("clips") ?? CLIPS_AT_A_TIME);
  const path = `/api/runs/${run.id}/batch?${new URLSearchParams({ store: store.id, step: `${step}`, clips: `${clips}` })}`;
  const { value: views, error } = useAnswer<BatchViews>(path);
  const hasMore = views !== undefined && views.rows.length === clips && clips < Number(run.config.batch);
  return (
    <div class="stack tight">
      <header class="bar">
        <div>
          <h1>Batch</h1>
          <p class="muted">{views?.subtitle}</p>
        </div>
        <div class="fields">
          {choices}
          <BatchNumber step={step} />
        </div>
      </header>
      {error && <p class="alarm">{error.message}</p>}
      {!views && !error && (
        <p class="muted" role="status">
          Drawing the batch …
        </p>
      )}
      {views && (
        <section aria-label="Clips of the batch">
          <p class="note">{[views.title, ...views.notices].join(" · ")}</p>
          <ol class="clips">
            {views.rows.map((row, i) => (
              <ClipRow key={`${path} ${i}`} row={row} groups={views.groups} storeId={store.id} />
            ))}
          </ol>
          {hasMore && (
            <button type="button" class="button" onClick={() => choose({ clips: String(2 * clips) })}>
              More clips
            </button>
          )}
        </section>
      )}
    </div>
  );
}

function BatchNumber({ step }: { readonly step: number }) {
  const show = (number: number) => choose({ batch: String(number) });
  return (
    <fieldset class="field">
      <legend>Batch</legend>
      <div class="stepper">
        <button
          type="button"
          class="button"
          disabled={step === 0}
          aria-label="The batch before"
          onClick={() => show(step)}
        >
          ‹
        </button>
        <output>{step + 1}</output>
        <button type="button" class="button" aria-label="The next batch" onClick={() => show(step + 2)}>
          ›
        </button>
      </div>
    </fieldset>
  );
}
