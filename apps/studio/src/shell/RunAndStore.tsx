import type { RunEntry, StoreEntry } from "duchenne/studio";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useLibrary } from "../server/library.ts";
import { Choice } from "./Choice.tsx";
import { Empty } from "./Empty.tsx";
import { choose, useRoute } from "./route.ts";

interface RunAndStoreProps {
  /** Why a run and a store are needed. */
  readonly what: string;
  /** Whether a run has what is needed, and how to come by one that has. */
  readonly isUsable?: (run: RunEntry) => boolean;
  readonly wanted?: string;
  readonly children: (run: RunEntry, store: StoreEntry, choices: ComponentChildren) => ComponentChildren;
}

/** What a page shows of a run and a store, with the choice of both; or what is missing. */
export function RunAndStore({ what, isUsable = () => true, wanted = "a run", children }: RunAndStoreProps) {
  const { runs: all, stores, folders } = useLibrary();
  const runs = all.filter(isUsable);
  const { chosen } = useRoute();
  // The one first shown stays, whatever starts meanwhile.
  const [first] = useState(runs[0]?.id);
  const run = findRun(runs, chosen.get("run")) ?? findRun(runs, first) ?? runs[0];
  const store =
    stores.find(({ id }) => id === chosen.get("store")) ??
    stores.find(({ id }) => id === run?.storeId) ??
    stores[0];
  if (run === undefined)
    return (
      <Empty
        title={all.length === 0 ? "No runs yet" : "Nothing to show yet"}
        commands={["duchenne pretrain films.store --preset tiny --out runs/first"]}
      >
        {what} needs {wanted}, and there is none in {folders.join(", ")}.
      </Empty>
    );
  if (store === undefined)
    return (
      <Empty title="No store here" commands={[`duchenne studio . ${run.storePath}`]}>
        {what} needs the faces, and none of the folders given has a store. This run learned from{" "}
        {run.storePath}: start the studio with that folder, too.
      </Empty>
    );
  return children(
    run,
    store,
    <>
      <Choice label="Run" options={runs} value={run.id} onChoose={(id) => choose({ run: id, store: null })} />
      <Choice label="Faces" options={stores} value={store.id} onChoose={(id) => choose({ store: id })} />
    </>,
  );
}

const findRun = (runs: readonly RunEntry[], id: string | null | undefined): RunEntry | undefined =>
  runs.find((run) => run.id === id);
