import type { MappedFace } from "duchenne/studio";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useTheme } from "../shell/theme.ts";
import type { Colouring } from "./colouring.ts";
import { describeFace, faceUrl } from "./describeFace.ts";
import { drawMap } from "./drawMap.ts";
import { faceAt, faceTowards, placeFaces } from "./place.ts";

interface ScatterProps {
  readonly faces: readonly MappedFace[];
  readonly colouring: Colouring;
  readonly chosen: number | null;
  readonly near: readonly number[];
  readonly storeId: string;
  readonly onChoose: (face: number | null) => void;
}

/** How far from a dot the pointer may be, pixels. */
const REACH = 14;
const ARROWS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The map: faces as dots, the face itself under the pointer. */
export function Scatter({ faces, colouring, chosen, near, storeId, onChoose }: ScatterProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [hovered, setHovered] = useState<number | null>(null);
  const theme = useTheme();
  const placed = useMemo(() => placeFaces(faces, size.width, size.height), [faces, size]);
  useEffect(() => {
    const element = canvas.current!;
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (size.width > 0)
      drawMap(canvas.current!, { placed, colours: colouring.colours, chosen, hovered, near });
  }, [placed, colouring, chosen, hovered, near, theme]);
  const under = ({ offsetX, offsetY }: MouseEvent) => faceAt(placed, offsetX, offsetY, REACH);
  const onKey = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (event.key === "Escape") onChoose(null);
    if (!arrow) return;
    event.preventDefault();
    onChoose(chosen === null ? 0 : (faceTowards(placed, chosen, ...arrow) ?? chosen));
  };
  const shown = hovered ?? null;
  return (
    <div class="scatter">
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={`A map of ${faces.length} faces. The arrow keys go from face to face.`}
        onPointerMove={(event) => setHovered(under(event))}
        onPointerLeave={() => setHovered(null)}
        onClick={(event) => onChoose(under(event))}
        onKeyDown={onKey}
      />
      {shown !== null && (
        <FaceTip
          face={faces[shown]!}
          storeId={storeId}
          x={placed.xs[shown]!}
          y={placed.ys[shown]!}
          width={size.width}
        />
      )}
    </div>
  );
}

interface FaceTipProps {
  readonly face: MappedFace;
  readonly storeId: string;
  /** Of its dot, pixels; and how wide the map is. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

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
