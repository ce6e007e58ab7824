/** The panel beside the frame: the probability of each expression, and the path of valence and arousal. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { PredictedFace } from "../predictFrames.ts";
import { type Area, colourOf, drawText, FAINT, INK, PANEL } from "./style.ts";
import type { Moment, Trails } from "./trail.ts";

const MARGIN_SHARE = 0.06;

/** Draws the panel. @param face whose probabilities are shown; undefined: empty bars   @param trails undefined: no plot of valence and arousal */
export function drawPanel(
  context: SKRSContext2D,
  area: Area,
  classes: readonly string[],
  face: PredictedFace | undefined,
  trails: Trails | undefined,
): void {
  context.fillStyle = PANEL;
  context.fillRect(area.left, area.top, area.width, area.height);
  const margin = Math.round(area.width * MARGIN_SHARE);
  const side = area.width - 2 * margin;
  const left = area.left + margin;
  const plotHeight = trails ? side : 0;
  const bars = { left, top: area.top + margin, width: side, height: area.height - plotHeight - 3 * margin };
  if (classes.length > 0) drawBars(context, bars, classes, face);
  const top = area.top + area.height - side - margin;
  if (trails) drawPlane(context, { left, top, width: side, height: side }, trails);
}

function drawBars(
  context: SKRSContext2D,
  { left, top, width, height }: Area,
  classes: readonly string[],
  face: PredictedFace | undefined,
): void {
  const row = Math.min(height / classes.length, width / 6);
  const size = Math.round(row * 0.55);
  const labelWidth = width * 0.42;
  const barWidth = width - labelWidth;
  for (const [i, name] of classes.entries()) {
    const share = face?.prediction.probabilities?.[name] ?? 0;
    const isBest = face?.prediction.expression === name;
    const colour = isBest ? INK : FAINT;
    drawText(context, name, { left, y: top + (i + 0.7) * row, width: labelWidth - 4, size, colour });
    context.fillStyle = "#2a303c";
    context.fillRect(left + labelWidth, top + (i + 0.2) * row, barWidth, row * 0.6);
    context.fillStyle = face && isBest ? colourOf(face.track) : FAINT;
    context.fillRect(left + labelWidth, top + (i + 0.2) * row, barWidth * share, row * 0.6);
  }
}

function drawPlane(context: SKRSContext2D, area: Area, trails: Trails): void {
  const { left, top, width, height } = area;
  context.strokeStyle = "#39414f";
  context.lineWidth = 1;
  context.strokeRect(left, top, width, height);
  context.beginPath();
  context.moveTo(left, top + height / 2);
  context.lineTo(left + width, top + height / 2);
  context.moveTo(left + width / 2, top);
  context.lineTo(left + width / 2, top + height);
  context.stroke();
  const size = Math.max(9, Math.round(width * 0.06));
  drawText(context, "valence", { left: left + 3, y: top + height / 2 - 3, width, size, colour: FAINT });
  drawText(context, "arousal", {
    left: left + width / 2 + 3,
    y: top + size,
    width: width / 2,
    size,
    colour: FAINT,
  });
  for (const [track, moments] of trails.entries()) drawTrail(context, area, colourOf(track), moments);
}

function drawTrail(
  context: SKRSContext2D,
  { left, top, width, height }: Area,
  colour: string,
  moments: readonly Moment[],
): void {
  const x = ({ valence }: Moment) => left + ((valence + 1) / 2) * width;
  const y = ({ arousal }: Moment) => top + ((1 - arousal) / 2) * height;
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1.5, width / 120);
  context.beginPath();
  for (const [i, moment] of moments.entries()) {
    if (i === 0) context.moveTo(x(moment), y(moment));
    else context.lineTo(x(moment), y(moment));
  }
  context.stroke();
  const last = moments.at(-1)!;
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x(last), y(last), Math.max(3, width / 45), 0, 2 * Math.PI);
  context.fill();
}
