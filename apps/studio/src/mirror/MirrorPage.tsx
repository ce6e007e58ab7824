import type { ModelEntry } from "duchenne/studio";
import { useRef, useState } from "preact/hooks";
import { useLibrary } from "../server/library.ts";
import { Choice } from "../shell/Choice.tsx";
import { Empty } from "../shell/Empty.tsx";
import { choose, useRoute } from "../shell/route.ts";
import { FilmTools } from "./FilmTools.tsx";
import { ModelNote } from "./ModelNote.tsx";
import { Panel } from "./Panel.tsx";
import { RecordTools } from "./RecordTools.tsx";
import { Stage } from "./Stage.tsx";
import { openFile, openWebcam } from "./source.ts";
import { useMirror } from "./useMirror.ts";

/** A model on one's own face, in the browser alone. */
export function MirrorPage() {
  const { models, folders } = useLibrary();
  const { chosen } = useRoute();
  // The one first shown stays, whatever is exported meanwhile.
  const [first] = useState(models[0]?.id);
  const model =
    models.find(({ id }) => id === chosen.get("model")) ?? models.find(({ id }) => id === first) ?? models[0];
  if (model === undefined)
    return (
      <Empty
        title="No model yet"
        commands={[
          "npm install @duchenne/model-fer",
          "duchenne probe runs/first --data labelled.store --save happy.probe",
          "duchenne export happy.probe --out models/happy",
        ]}
      >
        The mirror needs a model, and there is none in {folders.join(", ")}. The first command installs one,
        for research; start the studio again then. The others make your own: one teaches a run's network the
        names of expressions, the next makes a model of both.
      </Empty>
    );
  return <MirrorWith model={model} models={models} />;
}

interface MirrorWithProps {
  readonly model: ModelEntry;
  readonly models: readonly ModelEntry[];
}

function MirrorWith({ model, models }: MirrorWithProps) {
  const mirror = useMirror(model.id);
  const file = useRef<HTMLInputElement>(null);
  const openChosen = (files: FileList | null) => {
    const chosen = files?.[0];
    if (chosen) mirror.open(() => openFile(chosen));
  };
  return (
    <div class="stack tight">
      <header class="bar">
        <div>
          <h1>Mirror</h1>
          <p class="muted">
            What {model.origin === "drawn" ? "the makers of its drawn faces" : "raters"} would call the
            picture, as the model has learned it. Not what anybody feels.
          </p>
        </div>
        <div class="fields">
          <Choice label="Model" options={models} value={model.id} onChoose={(id) => choose({ model: id })} />
          {mirror.source && (
            <>
              <button type="button" class="button" onClick={() => file.current!.click()}>
                Open a file
              </button>
              <button type="button" class="button" onClick={mirror.stop}>
                Stop
              </button>
            </>
          )}
        </div>
      </header>
      <ModelNote model={model} engine={mirror.model?.engine} />
      {mirror.error && (
        <p class="alarm" role="alert">
          {mirror.error}
        </p>
      )}
      <div class="mirror">
        <div class="stack tight">
          <Stage
            mirror={mirror}
            onWebcam={() => mirror.open(openWebcam)}
            onChooseFile={() => file.current!.click()}
          />
          {mirror.source && mirror.source.kind !== "image" && (
            <RecordTools key={`record ${mirror.source.name}`} mirror={mirror} model={model} />
          )}
          {mirror.source?.kind === "video" && (
            <FilmTools key={mirror.source.name} mirror={mirror} record={mirror.record} model={model} />
          )}
        </div>
        <Panel mirror={mirror} model={model} />
      </div>
      <input
        ref={file}
        type="file"
        hidden
        accept="image/*,video/*"
        aria-label="Picture or video"
        onChange={(event) => openChosen(event.currentTarget.files)}
      />
    </div>
  );
}
