import type { ModelEntry } from "duchenne/studio";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { saveBlob } from "../runs/download.ts";
import { filmCsv } from "./film.ts";
import { canRecord, Recording } from "./recording.ts";
import type { Mirror } from "./useMirror.ts";

interface RecordToolsProps {
  readonly mirror: Mirror;
  readonly model: ModelEntry;
}

/** Records what is seen: the picture alone, or with lines and labels. */
export function RecordTools({ mirror: { source, sight, readings }, model }: RecordToolsProps) {
  const [hasMarks, setMarks] = useState(false);
  const [recording, setRecording] = useState<Recording>();
  /** The last one that ended, for its table, and its file's name. */
  const [ended, setEnded] = useState<{ recording: Recording; file: string }>();
  const current = useRef(recording);
  current.current = recording;
  // Before the next look draws over the frame.
  useLayoutEffect(() => {
    if (recording && sight) recording.add(sight, readings);
  }, [recording, sight]);
  const name = source!.name.replace(/\.[^.]*$/, "");
  // What was begun is kept, also if the page is left.
  useEffect(() => () => void (current.current && save(name, current.current)), []);
  if (!canRecord()) return <p class="note">This browser cannot record.</p>;
  const toggle = () => {
    if (recording) {
      setRecording(undefined);
      void save(name, recording).then((file) => setEnded({ recording, file }));
    } else setRecording(new Recording(sight!, hasMarks));
  };
  const saveTable = () => {
    const { recording: of, file } = ended!;
    const text = filmCsv(file, of.rows, model.classes, model.hasAffect);
    saveBlob(`${name}-recording.csv`, new Blob([text], { type: "text/csv" }));
  };
  return (
    <section class="record-tools" aria-label="Recording">
      <button type="button" class="button" disabled={!sight} aria-pressed={!!recording} onClick={toggle}>
        <i class="dot" /> {recording ? "Stop recording" : "Record"}
      </button>
      <label class="check">
        <input
          type="checkbox"
          checked={hasMarks}
          disabled={!!recording}
          onChange={() => setMarks(!hasMarks)}
        />
        with lines and labels
      </label>
      {recording && <output>{recording.seconds.toFixed(1)} s</output>}
      {ended && (
        <button type="button" class="button" onClick={saveTable}>
          Save its CSV
        </button>
      )}
    </section>
  );
}

/** @returns the file's name */
async function save(name: string, recording: Recording): Promise<string> {
  const { film, extension } = await recording.stop();
  const file = `${name}-recording.${extension}`;
  saveBlob(file, film);
  return file;
}
