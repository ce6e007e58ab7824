import { createCanvas, GlobalFonts, type SKRSContext2D } from "@napi-rs/canvas";
import type { StoredClip } from "../../data/store/index.ts";
import type { Group, Tile } from "./groups.ts";

/** A batch's part of a sheet. */
export interface Section {
  readonly title: string;
  readonly groups: readonly Group[];
  readonly rows: readonly SheetRow[];
}

/** A row of a sheet: one clip of the batch. */
export interface SheetRow {
  /** The clip's number in the batch. */
  readonly clip: number;
  /** Who it shows. */
  readonly label: string;
  /** The clip as stored. */
  readonly source?: StoredClip;
}

const TILE = 116;
const GAP = 6;
const CAPTION = 18;
const GROUP_GAP = 22;
const MARGIN = 28;
const LABEL = 104;
const TITLE_HEIGHT = 64;
const SECTION_HEIGHT = 100;
const FONT = "DejaVu Sans, Helvetica, Arial, sans-serif";
const INK = "#1d2330";
const FAINT = "#6d7586";
const PAPER = "#fbfaf7";
/** One for each group: easy to distinguish, also with most kinds of colour blindness. */
const GROUP_COLOURS = ["#4b6584", "#b8602a", "#2f7d5b", "#7a4a9c"] as const;
const PALE = 0.35;

/** Whether words can be drawn: a machine without fonts leaves them out. */
export const hasFonts = (): boolean => GlobalFonts.families.length > 0;

/** Draws sections under each other. @returns a PNG file's bytes */
export function drawSections(title: string, subtitle: string, sections: readonly Section[]): Buffer {
  const width = Math.max(...sections.map(({ groups }) => widthOf(groups)));
  const height = sections.reduce((sum, section) => sum + heightOf(section), TITLE_HEIGHT + MARGIN);
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = PAPER;
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  write(context, title, MARGIN, MARGIN + 14, { size: 20, weight: "bold" });
  write(context, subtitle, MARGIN, MARGIN + 36, { size: 12, colour: FAINT });
  let top = TITLE_HEIGHT + GAP;
  for (const section of sections) {
    drawSection(context, section, top, width);
    top += heightOf(section);
  }
  return canvas.toBuffer("image/png");
}

const groupWidth = ({ columns }: Group): number => columns.length * (TILE + GAP) - GAP;

const widthOf = (groups: readonly Group[]): number =>
  2 * MARGIN + LABEL + groups.reduce((sum, group) => sum + groupWidth(group) + GROUP_GAP, -GROUP_GAP);

const heightOf = ({ rows }: Section): number => SECTION_HEIGHT + rows.length * (TILE + CAPTION + GAP);

function drawSection(context: SKRSContext2D, section: Section, top: number, width: number): void {
  context.fillStyle = "#e4e1d8";
  context.fillRect(MARGIN, top + 8, width - 2 * MARGIN, 1);
  write(context, section.title, MARGIN, top + 32, { size: 13, weight: "bold" });
  const firstRow = top + SECTION_HEIGHT;
  section.rows.forEach(({ label }, i) => {
    const middle = firstRow + i * (TILE + CAPTION + GAP) + TILE / 2;
    write(context, label, MARGIN, middle + 4, { size: 11, colour: FAINT, width: LABEL - GAP });
  });
  let left = MARGIN + LABEL;
  section.groups.forEach((group, i) => {
    drawGroup(context, group, section.rows, { left, top, colour: GROUP_COLOURS[i % GROUP_COLOURS.length]! });
    left += groupWidth(group) + GROUP_GAP;
  });
}

function drawGroup(
  context: SKRSContext2D,
  group: Group,
  rows: Section["rows"],
  { left, top, colour }: { left: number; top: number; colour: string },
): void {
  write(context, group.title, left, top + 60, { size: 13, weight: "bold", colour });
  context.fillStyle = colour;
  context.fillRect(left, top + 68, groupWidth(group), 3);
  group.columns.forEach((title, i) => {
    write(context, title, left + i * (TILE + GAP), top + 89, { size: 11, width: TILE });
  });
  rows.forEach(({ clip }, row) => {
    const y = top + SECTION_HEIGHT + row * (TILE + CAPTION + GAP);
    group.tiles(clip).forEach((tile, i) => {
      drawTile(context, tile, left + i * (TILE + GAP), y);
    });
  });
}

function drawTile(
  context: SKRSContext2D,
  { pixels, side, caption, isPale }: Tile,
  left: number,
  top: number,
): void {
  const picture = createCanvas(side, side);
  const pictureContext = picture.getContext("2d");
  const image = pictureContext.createImageData(side, side);
  for (let i = 0; i < side * side; i++)
    image.data.set([pixels[3 * i]!, pixels[3 * i + 1]!, pixels[3 * i + 2]!, 255], 4 * i);
  pictureContext.putImageData(image, 0, 0);
  context.globalAlpha = isPale ? PALE : 1;
  context.drawImage(picture, left, top, TILE, TILE);
  context.globalAlpha = 1;
  write(context, caption, left, top + TILE + 13, { size: 10, colour: FAINT, width: TILE });
}

interface TextStyle {
  /** Pixels. */
  readonly size: number;
  readonly weight?: "bold";
  readonly colour?: string;
  /** Pixels; longer texts are cut short. */
  readonly width?: number;
}

function write(
  context: SKRSContext2D,
  text: string,
  left: number,
  baseline: number,
  { size, weight, colour = INK, width }: TextStyle,
): void {
  context.font = `${weight ?? "normal"} ${size}px ${FONT}`;
  context.fillStyle = colour;
  context.fillText(width === undefined ? text : shortened(context, text, width), left, baseline);
}

function shortened(context: SKRSContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end -= 1;
  return `${text.slice(0, end)}…`;
}
