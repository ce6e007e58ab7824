import type { ResultList } from "duchenne/studio";
import { fetchJson } from "../server/fetchJson.ts";
import { useLibrary } from "../server/library.ts";
import { useRepeated } from "../server/useRepeated.ts";
import { Empty } from "../shell/Empty.tsx";
import { choose, useRoute } from "../shell/route.ts";
import { ResultScatter } from "./ResultScatter.tsx";
import { ResultTable } from "./ResultTable.tsx";
import { filtered, sorted, withRuns } from "./table.ts";

const LOOK_AGAIN_MS = 5000;

/** Results of probes and reproductions beside the settings they were made with. */
export function ResultsPage() {
  const { runs, folders } = useLibrary();
  const { chosen } = useRoute();
  const { value, error } = useRepeated<ResultList>(
    (_, signal) => fetchJson("/api/results", { signal }),
    () => LOOK_AGAIN_MS,
    "results",
  );
  if (error) return <p class="alarm">{error.message}</p>;
  if (value === undefined) return <p class="muted">Reading results …</p>;
  if (value.rows.length === 0)
    return (
      <Empty
        title="No results yet"
        commands={[
          "duchenne probe runs/first --data labelled.store --labels 100,all --out results/first.json",
          "duchenne reproduce --plan small --out table",
        ]}
      >
        There is none in {folders.join(", ")}. The first command measures what a run has learned and keeps the
        figures in a file; the second measures all rows of the paper's table.
      </Empty>
    );
  const sort = chosen.get("sort") ?? "name";
  const isRising = chosen.get("order") !== "falling";
  const words = chosen.get("find") ?? "";
  const all = withRuns(value.rows, runs);
  const rows = sorted(filtered(all, words), sort, isRising);
  return (
    <div class="stack tight">
      <header class="bar">
        <h1>Results</h1>
        <label class="field">
          Filter
          <input
            class="text"
            type="search"
            value={words}
            placeholder="simclr labels=100"
            onInput={({ currentTarget }) => choose({ find: currentTarget.value || null })}
          />
        </label>
      </header>
      <p class="note" role="status">
        {rows.length} of {all.length} results. Small figures: 95 % intervals. Results on different data cannot
        be compared.
      </p>
      <ResultTable rows={rows} sort={sort} isRising={isRising} />
      <ResultScatter rows={rows} />
      {value.problems.map(({ path, message }) => (
        <p key={path} class="note">
          {message.startsWith(path) ? message : `${path}: ${message}`}
        </p>
      ))}
    </div>
  );
}
