/** The head as a grid of vertices: columns go around it, rows down it; two rows lie on either side of the mouth line. */
import { clamp, smoothstep } from "../actor/numeric.ts";
import type { HeadSurface } from "./surface.ts";

/** Texture pixels per millimetre of skin; the film shows about 0.8 pixels a millimetre. */
export const TEXELS_PER_MILLIMETRE = 1.25;

/** The vertices of a head, in rows and columns around it. */
export interface HeadGrid {
  readonly rows: number;
  readonly columns: number;
  /** Height of each row, ascending. */
  readonly rowY: Float64Array;
  /** Angle of each column around the head, radians, 0 in front; ascending. */
  readonly columnAngle: Float64Array;
  /** The row just below the mouth line; the one before it is just above. */
  readonly lowerLipRow: number;
  /** [rows · columns · 3] resting positions in millimetres. */
  readonly positions: Float32Array;
  /** [columns] and [rows]: texture coordinates in texels. */
  readonly textureX: Float64Array;
  readonly textureY: Float64Array;
  readonly textureWidth: number;
  readonly textureHeight: number;
}

const ROW_SPACING = 3;
const FINE_FROM = -32;
const CAP_ROWS = 22;
/** Half the distance of the two rows at the mouth line. */
const LIP_GAP = 0.3;
const BACK_ANGLE = (118 * Math.PI) / 180;

/** Places the vertices on a surface. */
export function headGrid(surface: HeadSurface): HeadGrid {
  const rowY = rowHeights(surface);
  const columnAngle = columnAngles();
  const positions = new Float32Array(rowY.length * columnAngle.length * 3);
  rowY.forEach((y, row) => {
    const section = faceSection(surface, y);
    columnAngle.forEach((angle, column) => {
      placeVertex(positions, (row * columnAngle.length + column) * 3, surface, section, y, angle);
    });
  });
  const textureX = textureColumns(columnAngle);
  const textureY = textureRows(positions, rowY.length, columnAngle.length);
  return {
    rows: rowY.length,
    columns: columnAngle.length,
    rowY,
    columnAngle,
    lowerLipRow: rowY.findIndex((y) => y > surface.heights.mouth),
    positions,
    textureX,
    textureY,
    textureWidth: Math.ceil(textureX[textureX.length - 1]!) + 2,
    textureHeight: Math.ceil(textureY[textureY.length - 1]!) + 2,
  };
}

interface Section {
  readonly halfWidth: number;
  readonly front: number;
  readonly side: number;
}

function faceSection(surface: HeadSurface, y: number): Section {
  return {
    halfWidth: surface.halfWidth(y),
    front: surface.frontDepth(y),
    side: surface.sideDepth(y),
  };
}

function rowHeights(surface: HeadSurface): Float64Array {
  const { crown, mouth, chin } = surface.heights;
  const cap = Array.from({ length: CAP_ROWS }, (_, k) => crown + (FINE_FROM - crown) * (k / CAP_ROWS) ** 1.7);
  const fineCount = Math.round((chin - FINE_FROM) / ROW_SPACING);
  const fine = Array.from(
    { length: fineCount + 1 },
    (_, k) => FINE_FROM + ((chin - FINE_FROM) * k) / fineCount,
  );
  const face = [
    ...fine.filter((y) => Math.abs(y - mouth) > ROW_SPACING * 0.55),
    mouth - LIP_GAP,
    mouth + LIP_GAP,
  ];
  return Float64Array.from([...cap, ...face.sort((a, b) => a - b)]);
}

/** Dense in front, where the features are, wider at the sides. */
function columnAngles(): Float64Array {
  const front = Array.from({ length: 17 }, (_, k) => Math.asin((k * 3) / 72));
  const edge = front[front.length - 1]!;
  const side = Array.from({ length: 12 }, (_, k) => edge + ((Math.PI / 2 - edge) * (k + 1)) / 12);
  const back = [1, 2, 3].map((k) => Math.PI / 2 + ((BACK_ANGLE - Math.PI / 2) * k) / 3);
  const half = [...front.slice(1), ...side, ...back];
  return Float64Array.from([...half.map((angle) => -angle).reverse(), 0, ...half]);
}

function placeVertex(
  positions: Float32Array,
  at: number,
  surface: HeadSurface,
  section: Section,
  y: number,
  angle: number,
): void {
  const share = Math.sin(angle);
  const x = section.halfWidth * share;
  const depth = section.front - section.side;
  const roundness = Math.max(0, 1 - Math.abs(share) ** 2.25) ** 0.5;
  const behind = Math.abs(angle) > Math.PI / 2;
  const z = behind ? section.side - 95 * Math.abs(Math.cos(angle)) : section.side + depth * roundness;
  positions[at] = x;
  positions[at + 1] = y;
  const facing = smoothstep(0.995, 0.85, Math.abs(share));
  positions[at + 2] = z + (!behind ? facing * surface.relief(x, y) : 0);
}

/** Arc length along the row through the cheeks: every texel covers about as much skin. */
function textureColumns(columnAngle: Float64Array): Float64Array {
  let arc = 0;
  return columnAngle.map((angle, column) => {
    const before = columnAngle[column - 1] ?? angle;
    const middle = (angle + before) / 2;
    arc +=
      (angle - before) * Math.hypot(72 * Math.cos(middle), 84 * Math.sin(middle)) * TEXELS_PER_MILLIMETRE;
    return arc + 1;
  });
}

function textureRows(positions: Float32Array, rows: number, columns: number): Float64Array {
  const middle = (columns - 1) / 2;
  const result = new Float64Array(rows);
  let arc = 0;
  for (let row = 0; row < rows; row += 1) {
    if (row > 0) {
      const at = (row * columns + middle) * 3;
      const dy = positions[at + 1]! - positions[at - columns * 3 + 1]!;
      // Features stretch the skin's middle only; the crown is steep everywhere.
      const steep = row <= CAP_ROWS;
      const dz = steep ? positions[at + 2]! - positions[at - columns * 3 + 2]! : 0;
      arc += Math.hypot(dy, dz) * TEXELS_PER_MILLIMETRE;
    }
    result[row] = arc + 1;
  }
  return result;
}

/** A place on the face as four vertices and their weights; it moves with the skin. */
export interface Anchor {
  readonly vertices: readonly [number, number, number, number];
  readonly weights: readonly [number, number, number, number];
}

function bracket(values: Float64Array, last: number, value: number): [number, number] {
  let k = 0;
  while (k < last - 1 && values[k + 1]! <= value) k += 1;
  return [k, clamp((value - values[k]!) / (values[k + 1]! - values[k]!), 0, 1)];
}

/** Column and row of a place given in resting millimetres, as fractions. */
export function gridPlace(grid: HeadGrid, surface: HeadSurface, x: number, y: number): [number, number] {
  const angle = Math.asin(clamp(x / Math.max(1, surface.halfWidth(y)), -1, 1));
  const [column, across] = bracket(grid.columnAngle, grid.columns - 1, angle);
  const [row, down] = bracket(grid.rowY, grid.rows - 1, y);
  return [column + across, row + down];
}

/** Anchors a place given in resting millimetres. */
export function anchorAt(grid: HeadGrid, surface: HeadSurface, x: number, y: number): Anchor {
  const [columnPlace, rowPlace] = gridPlace(grid, surface, x, y);
  const column = Math.min(Math.floor(columnPlace), grid.columns - 2);
  const row = Math.min(Math.floor(rowPlace), grid.rows - 2);
  const across = columnPlace - column;
  const down = rowPlace - row;
  const first = row * grid.columns + column;
  return {
    vertices: [first, first + 1, first + grid.columns, first + grid.columns + 1],
    weights: [(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down],
  };
}

/** Texture coordinates, in texels, of a place given in resting millimetres. */
export function texelAt(grid: HeadGrid, surface: HeadSurface, x: number, y: number): [number, number] {
  const [columnPlace, rowPlace] = gridPlace(grid, surface, x, y);
  return [sampleLine(grid.textureX, columnPlace), sampleLine(grid.textureY, rowPlace)];
}

function sampleLine(values: Float64Array, place: number): number {
  const k = Math.min(Math.floor(place), values.length - 2);
  return values[k]! + (values[k + 1]! - values[k]!) * (place - k);
}

/** Anchors a place on one row of vertices, where the rows above and below it move apart. */
export function anchorInRow(grid: HeadGrid, surface: HeadSurface, x: number, row: number): Anchor {
  const [columnPlace] = gridPlace(grid, surface, x, grid.rowY[row]!);
  const column = Math.min(Math.floor(columnPlace), grid.columns - 2);
  const across = columnPlace - column;
  const first = row * grid.columns + column;
  return { vertices: [first, first + 1, first, first + 1], weights: [1 - across, across, 0, 0] };
}

/** Every second row and column of a grid, for what needs no fine features. */
export interface CoarseGrid extends HeadGrid {
  /** [rows · columns] the fine grid's vertices. */
  readonly source: Int32Array;
}

/** The grid of every second row and column. */
export function coarsen(grid: HeadGrid): CoarseGrid {
  const everySecond = (values: Float64Array): Float64Array => values.filter((_, k) => k % 2 === 0);
  const rowY = everySecond(grid.rowY);
  const columnAngle = everySecond(grid.columnAngle);
  const source = Int32Array.from(
    { length: rowY.length * columnAngle.length },
    (_, k) => Math.floor(k / columnAngle.length) * 2 * grid.columns + (k % columnAngle.length) * 2,
  );
  return {
    ...grid,
    rows: rowY.length,
    columns: columnAngle.length,
    rowY,
    columnAngle,
    positions: Float32Array.from(
      { length: source.length * 3 },
      (_, k) => grid.positions[source[Math.floor(k / 3)]! * 3 + (k % 3)]!,
    ),
    textureX: everySecond(grid.textureX),
    textureY: everySecond(grid.textureY),
    source,
  };
}
