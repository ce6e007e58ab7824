import type { RunEntry } from "duchenne/studio";
import { useState } from "preact/hooks";
import { useLibrary } from "../server/library.ts";
import { Empty } from "../shell/Empty.tsx";
import { choose, useRoute } from "../shell/route.ts";
import { Curves } from "./Curves.tsx";
import { runColour } from "./colours.ts";
import { RunCard } from "./RunCard.tsx";
import { Settings } from "./Settings.tsx";

/** Runs, their curves while training goes on, and what sets them apart. */
export function RunsPage() {
  const { runs, folders, problems } = useLibrary();
  const { chosen } = useRoute();
  // The one first shown stays, whatever starts meanwhile.
  const [first] = useState(runs[0]?.id);
  if (runs.length === 0)
    return (
      <Empty
        title="No runs yet"
        commands={[
          "duchenne demo --size smallest --out demo",
          "duchenne pretrain films.store --preset tiny --out runs/first",
        ]}
      >
        There is none in {folders.join(", ")}. The first command makes a small one from nothing; the second
        learns from your own store. Its curves show up here while it trains.
      </Empty>
    );
  const shown = chosenRuns(runs, chosen.get("runs") ?? first ?? runs[0]!.id);
  const toggle = (id: string) => {
    const ids = shown.map((run) => run.id);
    choose({ runs: (ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]).join(",") });
  };
  return (
    <div class="columns">
      <aside aria-label="Runs found">
        <h1>Runs</h1>
        <ul class="run-list">
          {runs.map((run) => {
            const colour = shown.includes(run) ? runColour(run.id) : null;
            return <RunCard key={run.id} run={run} colour={colour} onToggle={() => toggle(run.id)} />;
          })}
        </ul>
        {problems.map(({ path, message }) => (
          <p key={path} class="note">
            {message.startsWith(path) ? message : `${path}: ${message}`}
          </p>
        ))}
      </aside>
      <div class="stack">
        {shown.length === 0 ? (
          <p class="muted">Choose a run.</p>
        ) : (
          <>
            <Curves runs={shown} />
            <Settings runs={shown} />
          </>
        )}
      </div>
    </div>
  );
}

/** Those named, in that order. */
const chosenRuns = (runs: readonly RunEntry[], ids: string): RunEntry[] =>
  ids.split(",").flatMap((id) => runs.filter((run) => run.id === id));
