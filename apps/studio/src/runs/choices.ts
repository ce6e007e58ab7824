import type { Zoom } from "./plotOptions.ts";
import { AXES, type AxisName } from "./series.ts";

/** What is chosen for the curves, as the address has it. */
export interface CurveChoices {
  /** In [0, 1). */
  readonly smoothing: number;
  readonly axis: AxisName;
  readonly isLog: boolean;
  readonly zoom: Zoom | null;
  /** Names; null: the usual ones. */
  readonly figures: readonly string[] | null;
}

export const MOST_SMOOTHING = 0.98;

/** Reads the choices of an address; what makes no sense there is as if it were absent. */
export function readChoices(chosen: URLSearchParams): CurveChoices {
  const smoothing = Number(chosen.get("smooth"));
  return {
    smoothing: smoothing >= 0 && smoothing <= MOST_SMOOTHING ? smoothing : 0,
    axis: AXES.find((name) => name === chosen.get("x")) ?? "step",
    isLog: chosen.get("log") === "1",
    zoom: zoomOf(chosen.get("zoom")),
    figures: chosen.get("figures")?.split(",").filter(Boolean) ?? null,
  };
}

function zoomOf(text: string | null): Zoom | null {
  const [from, to] = (text ?? "").split("~").map(Number);
  return Number.isFinite(from) && Number.isFinite(to) && from! < to! ? [from!, to!] : null;
}
