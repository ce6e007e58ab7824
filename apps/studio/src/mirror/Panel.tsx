import type { ModelEntry } from "duchenne/studio";
import { AffectTrail } from "./AffectTrail.tsx";
import { Bars } from "./Bars.tsx";
import { NetworkView } from "./NetworkView.tsx";
import { trackName, trackToken } from "./reading.ts";
import type { Mirror } from "./useMirror.ts";

/** What the model says of each face. */
export function Panel({ mirror, model }: { readonly mirror: Mirror; readonly model: ModelEntry }) {
  const { sight, readings, source } = mirror;
  // By track: the largest changes as people move.
  const byTrack = readings.toSorted((a, b) => a.id - b.id);
  return (
    <section
      class={model.origin === "drawn" ? "panel unproven" : "panel"}
      aria-label="Predictions of the model"
    >
      {model.classes.length > 0 && byTrack.length < 2 && (
        <Bars classes={model.classes} reading={byTrack[0]} label="Expressions" />
      )}
      {model.classes.length > 0 && byTrack.length > 1 && (
        <div class="people">
          {byTrack.map((reading) => (
            <section key={reading.id} style={{ "--mark": `var(--${trackToken(reading.id)})` }}>
              <h2>
                <i class="dot" /> {trackName(reading.id)}
              </h2>
              <Bars
                classes={model.classes}
                reading={reading}
                label={`Expressions of ${trackName(reading.id)}`}
              />
            </section>
          ))}
        </div>
      )}
      {model.classes.length === 0 && !model.hasAffect && (
        <p class="note">
          This model has only an embedding. Train a predictor with <code>duchenne probe --save</code> and
          export it with <code>duchenne export</code> to see expressions here.
        </p>
      )}
      {model.hasAffect && <AffectTrail readings={byTrack} />}
      {mirror.model && <NetworkView view={sight?.view} size={mirror.model.size} />}
      {sight && source?.kind !== "image" && (
        <p class="note pace">
          <output>{Math.round(sight.speed.framesPerSecond)}</output> frames/s · faces{" "}
          {sight.speed.findingMs.toFixed(0)} ms · model {sight.speed.predictingMs.toFixed(0)} ms
        </p>
      )}
    </section>
  );
}
