/** FFmpeg's filters, so that frames come out as the reader in the process makes them. */

import { RESTART_SECONDS } from "./clock.ts";
import { toleranceSeconds } from "./grid.ts";
import type { ProbedVideo } from "./programProbe.ts";

/** Names of the two filters that print a line for each frame. */
export const BEFORE = "showinfo@before";
export const AFTER = "showinfo@after";

/** Formats that bwdif takes as they are; for others FFmpeg would convert each frame, interlaced or not. */
const PLANAR = /^(yuvj?4(20|22|44|40|11|10)p|yuva4(20|22|44)p|gbrp|gray)(9|1[0-6])?(le|be)?$|^gbrap$/;
/** Smaller frames have no fields that the filter could use. */
const LEAST_SIDE = 4;

/** @param fps sampling rate in Hz, or all frames   @param maxSide longer side at most, in pixels */
export function filtersFor(video: ProbedVideo, fps: number | "all", maxSide: number): string {
  const { pixelFormat, mayBeInterlaced, width, height } = video;
  const isLarge = Math.min(width, height) >= LEAST_SIDE;
  return [
    ...(mayBeInterlaced && isLarge && PLANAR.test(pixelFormat)
      ? ["bwdif=mode=send_frame:deint=interlaced"]
      : []),
    `${BEFORE}=checksum=0`,
    ...(fps === "all" ? [] : [`select='${selection(video, fps)}'`]),
    scaling(video, maxSide),
    "format=rgb24",
    `${AFTER}=checksum=0`,
  ].join(",");
}

/** Square pixels, upright later; frames that change their size in the middle are asked one by one. */
function scaling(video: ProbedVideo, maxSide: number): string {
  const wide = "iw*sar";
  const reduction = Number.isFinite(maxSide) ? `min(1,${maxSide}/max(${wide},ih))` : "1";
  const side = (length: string) => `'max(1,floor(${length}*${reduction}+0.5))'`;
  return `scale=w=${side(wide)}:h=${side("ih")}:${kernel(video, maxSide)}`;
}

/**
 * What comes closest to the area averaging of FFmpeg 8, which the reader in the process has: equal to it in 8 bits at the frame's own
 * size and in any format where frames shrink, otherwise within one level on average. Colour is placed to the left, as MPEG has it.
 */
function kernel({ pixelFormat, width, height, pixelAspect }: ProbedVideo, maxSide: number): string {
  const [isHalfWide, isHalfHigh] = [
    /42[02]|411|nv|p01/.test(pixelFormat),
    /420|410|440|nv|p01/.test(pixelFormat),
  ];
  const isReduced = Math.max(width * pixelAspect, height) > maxSide;
  const place = isHalfWide ? `:in_h_chr_pos=0:in_v_chr_pos=${isHalfHigh ? 128 : 0}` : "";
  return `flags=${isHalfHigh && !isReduced ? "gauss" : "area"}${place}`;
}

/** Registers of the expression below. */
const ORIGIN = 0;
const LAST = 1;
const INDEX = 2;
const HAS_ORIGIN = 3;
const CELL = 4;
const NEXT = 5;

/**
 * `FrameClock` and `SamplingGrid` in FFmpeg's language, so that only sampled frames are converted: 1 for the first frame of each
 * cell of the grid. The reader asks its own clock and grid again.
 */
function selection({ frameSeconds, tickSeconds, hasTimes }: ProbedVideo, fps: number): string {
  const load = (register: number) => `ld(${register})`;
  const store = (register: number, value: string) => `st(${register},${value})`;
  const since = `t-${load(ORIGIN)}`;
  const stamped = [
    `if(${load(HAS_ORIGIN)},0,${store(ORIGIN, "t")}*0+${store(HAS_ORIGIN, "1")})`,
    `if(lt(${since},${load(LAST)}-${RESTART_SECONDS}),${store(ORIGIN, `t-${load(NEXT)}`)},0)`,
    store(LAST, `max(${load(LAST)},${since})`),
  ].join(";");
  const unstamped = store(LAST, load(NEXT));
  const isFirst = "eq(n,0)";
  const cell = `floor((${load(LAST)}+${toleranceSeconds(tickSeconds)})*${fps}+1e-9)`;
  return [
    store(NEXT, `if(${isFirst},0,${load(LAST)}+${frameSeconds})`),
    hasTimes ? `if(isnan(t),${unstamped},(${stamped}))` : unstamped,
    store(CELL, cell),
    // Cells are counted from 1 here, for registers begin with 0 and the grid with -1.
    `if(gt(${load(CELL)}+1,${load(INDEX)}),${store(INDEX, `${load(CELL)}+1`)}*0+1,0)`,
  ].join(";");
}
