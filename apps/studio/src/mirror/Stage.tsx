import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { drawFaces } from "./drawFaces.ts";
import { type MirrorSource, openFile } from "./source.ts";
import type { Mirror } from "./useMirror.ts";

interface StageProps {
  readonly mirror: Mirror;
  readonly onWebcam: () => void;
  readonly onChooseFile: () => void;
}

/** The picture with the faces found drawn over it; files may be dropped here. */
export function Stage({ mirror, onWebcam, onChooseFile }: StageProps) {
  const { source, sight, readings, waiting, open } = mirror;
  const [isOver, setOver] = useState(false);
  const overlay = useRef<HTMLCanvasElement>(null);
  const isMirrored = source?.kind === "webcam";
  // With the update that changes the bars: picture, lines, label and bars are of one frame.
  useLayoutEffect(
    () => drawFaces(overlay.current!, sight, readings, isMirrored),
    [sight, readings, isMirrored],
  );
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (file) open(() => openFile(file));
  };
  return (
    <section
      class={`stage ${source?.kind === "video" ? "film" : ""} ${isOver ? "over" : ""}`}
      aria-label="Picture"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {source && <Picture key={source.name} source={source} isCovered={sight !== undefined} />}
      <div class="overlay" aria-hidden="true">
        <canvas ref={overlay} />
      </div>
      {!source && (
        <div class="invitation">
          <h2>Show your face</h2>
          <p>Use the camera, or drop a picture or a video here. The pictures stay in this browser.</p>
          <div class="fields">
            <button type="button" class="button primary" onClick={onWebcam}>
              Use the camera
            </button>
            <button type="button" class="button" onClick={onChooseFile}>
              Open a file
            </button>
          </div>
        </div>
      )}
      {waiting && (
        <p class="waiting" role="status">
          {waiting}
        </p>
      )}
      {sight && sight.faces.length === 0 && <p class="waiting">No face found.</p>}
    </section>
  );
}

interface PictureProps {
  readonly source: MirrorSource;
  /** Whether the frame that was looked at is drawn over it: a browser that need not paint the film has time for the networks. */
  readonly isCovered: boolean;
}

/** Puts the source's own element on the page. */
function Picture({ source, isCovered }: PictureProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current!.replaceChildren(source.element), [source]);
  const classes = [
    "picture",
    ...(source.kind === "webcam" ? ["mirrored"] : []),
    ...(isCovered ? ["covered"] : []),
  ];
  return <div ref={box} class={classes.join(" ")} />;
}
