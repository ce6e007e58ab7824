import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useTheme } from "../shell/theme.ts";
import type { ColouredFace } from "./colouring.ts";
import { describeFace, faceUrl } from "./describeFace.ts";
import { MapPainter } from "./mapPainter.ts";
import { faceAt, faceTowards, placeFaces } from "./place.ts";
import { facesInside, moved, seenIn, type View, WHOLE, zoomed } from "./view.ts";

interface ScatterProps {
  /** Of the map, if there are two. */
  readonly name: string | undefined;
  /** Where the faces are on this map, in the order of `faces`. */
  readonly places: readonly { readonly x: number; readonly y: number }[];
  readonly faces: readonly ColouredFace[];
  readonly colours: readonly string[];
  /** Faces that are left out: they cannot be chosen. */
  readonly isPale: readonly boolean[];
  readonly chosen: number | null;
  /** The face under the pointer, here or on the other map. */
  readonly hovered: number | null;
  readonly near: readonly number[];
  readonly storeId: string;
  readonly onChoose: (face: number | null) => void;
  readonly onHover: (face: number | null) => void;
  readonly onLasso: (faces: readonly number[]) => void;
}

/** How far from a dot the pointer may be, pixels. */
const REACH = 14;
/** A shorter movement of the pointer is a click, pixels. */
const LEAST_DRAG = 4;
const ZOOM_STEP = 1.5;
const ARROWS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The map: faces as dots, the face itself under the pointer. */
export function Scatter({
  name,
  places,
  faces,
  colours,
  isPale,
  chosen,
  hovered,
  near,
  storeId,
  onChoose,
  onHover,
  onLasso,
}: ScatterProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<MapPainter | undefined>(undefined);
  const [size, setSize] = useState({ width: 0, height: 0 });
  /** The face under the pointer, here. */
  const [pointed, setPointed] = useState<number | null>(null);
  const theme = useTheme();
  const [view, setView] = useState<View>(WHOLE);
  const drag = useRef<Drag | null>(null);
  const [lasso, setLasso] = useState<Drag["line"]>(NO_LINE);
  const whole = useMemo(() => placeFaces(places, size.width, size.height), [places, size]);
  const placed = useMemo(() => seenIn(whole, view), [whole, view]);
  useEffect(() => {
    const element = canvas.current!;
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (size.width === 0) return;
    painter.current ??= new MapPainter(canvas.current!);
    // Once a frame, however often the pointer moves.
    const frame = requestAnimationFrame(() =>
      painter.current!.draw({ placed, colours, isPale, chosen, hovered, near, lasso }),
    );
    return () => cancelAnimationFrame(frame);
  }, [placed, isPale, colours, chosen, hovered, near, lasso, theme]);
  const under = ({ offsetX, offsetY }: MouseEvent) => {
    const face = faceAt(placed, offsetX, offsetY, REACH);
    return face !== null && isPale[face] ? null : face;
  };
  const point = (face: number | null) => {
    setPointed(face);
    onHover(face);
  };
  // Not passive: the page would scroll instead.
  useEffect(() => {
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      setView((before) => zoomed(before, Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY));
    };
    const element = canvas.current!;
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, []);
  const zoomBy = (factor: number) => setView(zoomed(view, factor, size.width / 2, size.height / 2));
  const onMove = (event: PointerEvent) => {
    const { current } = drag;
    if (current === null) return point(under(event));
    const { offsetX: x, offsetY: y } = event;
    const [fromX, fromY] = current.line.at(-1)!;
    const hasMoved = Math.hypot(x - current.line[0]![0], y - current.line[0]![1]) >= LEAST_DRAG;
    if (!current.hasMoved && !hasMoved) return;
    drag.current = { ...current, hasMoved: true, line: [...current.line, [x, y]] };
    if (current.isLasso) setLasso(drag.current.line);
    else setView(moved(view, x - fromX, y - fromY));
  };
  const onUp = (event: PointerEvent) => {
    const { current } = drag;
    drag.current = null;
    setLasso(NO_LINE);
    if (current === null) return;
    if (!current.hasMoved) return onChoose(under(event));
    if (current.isLasso) onLasso(facesInside(placed, current.line).filter((face) => !isPale[face]));
  };
  const onKey = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (event.key === "Escape") onChoose(null);
    if (event.key === "+" || event.key === "-") zoomBy(event.key === "+" ? ZOOM_STEP : 1 / ZOOM_STEP);
    if (!arrow) return;
    event.preventDefault();
    onChoose(chosen === null ? 0 : (faceTowards(placed, chosen, ...arrow) ?? chosen));
  };
  return (
    <div class="scatter">
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={`A map of ${faces.length} faces${name === undefined ? "" : `: ${name}`}. The arrow keys go from face to face.`}
        onPointerDown={(event) => {
          const { offsetX, offsetY, shiftKey } = event;
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { isLasso: shiftKey, hasMoved: false, line: [[offsetX, offsetY]] };
        }}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerLeave={() => point(null)}
        onKeyDown={onKey}
      />
      <div class="map-zoom">
        <button type="button" class="round" aria-label="Closer" onClick={() => zoomBy(ZOOM_STEP)}>
          +
        </button>
        <button type="button" class="round" aria-label="Further" onClick={() => zoomBy(1 / ZOOM_STEP)}>
          −
        </button>
        {view !== WHOLE && (
          <button type="button" class="button" onClick={() => setView(WHOLE)}>
            Whole map
          </button>
        )}
      </div>
      {pointed !== null && (
        <FaceTip
          face={faces[pointed]!}
          storeId={storeId}
          x={placed.xs[pointed]!}
          y={placed.ys[pointed]!}
          width={size.width}
        />
      )}
    </div>
  );
}

/** A movement of the pressed pointer: it moves the map, or with Shift draws a line round faces. */
interface Drag {
  readonly isLasso: boolean;
  readonly hasMoved: boolean;
  readonly line: readonly (readonly [x: number, y: number])[];
}

interface FaceTipProps {
  readonly face: ColouredFace;
  readonly storeId: string;
  /** Of its dot, pixels; and how wide the map is. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** While no line is drawn. */
const NO_LINE: Drag["line"] = [];
const SIDE = 132;

/** The face of a dot beside it, where there is room. */
function FaceTip({ face, storeId, x, y, width }: FaceTipProps) {
  const left = x + SIDE + 24 > width ? x - SIDE - 16 : x + 16;
  return (
    <div class="face-tip" style={{ left: `${Math.max(0, left)}px`, top: `${Math.max(0, y - SIDE / 2)}px` }}>
      <img src={faceUrl(storeId, face)} alt="" width={SIDE} height={SIDE} />
      <span>{describeFace(face)}</span>
    </div>
  );
}
