import type { MappedFace } from "duchenne/studio";
import { describeFace, faceUrl } from "./describeFace.ts";

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
export function FaceTip({ face, storeId, x, y, width }: FaceTipProps) {
  const left = x + SIDE + 24 > width ? x - SIDE - 16 : x + 16;
  return (
    <div class="face-tip" style={{ left: `${Math.max(0, left)}px`, top: `${Math.max(0, y - SIDE / 2)}px` }}>
      <img src={faceUrl(storeId, face)} alt="" width={SIDE} height={SIDE} />
      <span>{describeFace(face)}</span>
    </div>
  );
}
