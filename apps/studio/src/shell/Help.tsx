import { useEffect, useRef } from "preact/hooks";
import { useLibrary } from "../server/library.ts";
import { Icon } from "./Icon.tsx";

const KEYS = [
  ["1 2 3 4 5", "runs, batch, map, mirror, results"],
  ["Tab", "go to the next control"],
  ["← →", "on a slider: one step or one frame of the clip; on the map: the next face"],
  ["Space", "choose a run; play or pause a clip"],
  ["Esc", "close this help; deselect a face"],
  ["?", "this"],
] as const;

const PAGE_NOTES = [
  ["Runs", "loss curves during training; select several runs to compare curves and settings"],
  ["Batch", "input of the network: frames, swapped faces, views, and the false negatives it found"],
  ["Map", "a map of the embedding: similar faces are close; select one for its nearest neighbours"],
  ["Mirror", "predictions of an exported model for your own face; pictures stay in this browser"],
  [
    "Results",
    "figures of probes and reproductions beside their settings: sort, filter, and plot one against the other",
  ],
] as const;

export function Help({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { folders } = useLibrary();
  useEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <header>
        <h2 id="help-title">Keys and pages</h2>
        <button type="button" class="round" aria-label="Close" onClick={() => dialog.current!.close()}>
          <Icon name="close" />
        </button>
      </header>
      <dl>
        {KEYS.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <dl>
        {PAGE_NOTES.map(([name, note]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{note}</dd>
          </div>
        ))}
      </dl>
      {folders.length > 0 && <p class="muted">Looking in {folders.join(", ")}.</p>}
    </dialog>
  );
}
