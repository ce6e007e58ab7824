/**
 * Hair and beards that lie on the head: a second surface some millimetres above the skin, with strands painted on it.
 * It moves with the skin and is lit like it. What hangs freely is in draw/hairLocks.ts.
 */
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { Random } from "../../lib/random.ts";
import type { HairStyle, Identity } from "../actor/identity.ts";
import { bump, clamp, smoothstep } from "../actor/numeric.ts";
import { css, type Rgb, scale } from "../actor/palette.ts";
import { type CoarseGrid, coarsen, type HeadGrid } from "../head/grid.ts";
import type { HeadMesh } from "../head/mesh.ts";
import { addBeardLift, paintBeard } from "./beard.ts";
import { bitmapOf, facePainter } from "./facePainter.ts";
import type { Bitmap } from "./raster.ts";

/** How a style lies on the head. */
interface Cut {
  /** Millimetres above the skin where it is thickest. */
  readonly thickness: number;
  /** Extra above the forehead. */
  readonly front: number;
  readonly strands: number;
  /** Millimetres; short strands look cropped, long ones combed. */
  readonly strandLength: number;
  /** 0 straight to 1 tight curls. */
  readonly curl: number;
  /** Opacity of the mass below the strands. */
  readonly density: number;
  /** Covers the ears and the sides of the face. */
  readonly covers: boolean;
  /** Falls over the forehead down to this height above the pupils; 0: it does not. */
  readonly fringe: number;
  /** Strands run back from the forehead instead of down from the parting. */
  readonly back: boolean;
}

const CUTS: Readonly<Record<HairStyle, Cut | null>> = {
  bald: null,
  buzz: cut({ thickness: 2, strands: 2600, strandLength: 2, density: 0.62 }),
  short: cut({ thickness: 9, front: 4, strands: 1500, strandLength: 14, density: 1, curl: 0.15 }),
  sidePart: cut({ thickness: 11, front: 4, strands: 1500, strandLength: 34, density: 1 }),
  quiff: cut({ thickness: 10, front: 15, strands: 1500, strandLength: 28, density: 1, back: true }),
  curly: cut({ thickness: 18, front: 6, strands: 1700, strandLength: 15, density: 1, curl: 0.8 }),
  afro: cut({ thickness: 34, front: 4, strands: 2600, strandLength: 7, density: 1, curl: 1 }),
  bob: cut({ thickness: 9, strands: 1600, strandLength: 60, density: 1, covers: true }),
  long: cut({ thickness: 8, strands: 1600, strandLength: 60, density: 1, covers: true }),
  wavy: cut({
    thickness: 12,
    front: 2,
    strands: 1600,
    strandLength: 50,
    density: 1,
    covers: true,
    curl: 0.4,
  }),
  bun: cut({ thickness: 5, strands: 1500, strandLength: 40, density: 1, back: true }),
  fringe: cut({ thickness: 9, strands: 1600, strandLength: 40, density: 1, fringe: 31 }),
};

function cut(options: Partial<Cut> & Pick<Cut, "thickness" | "strands" | "strandLength" | "density">): Cut {
  return { front: 0, curl: 0, covers: false, fringe: 0, back: false, ...options };
}

/** The hair on the head, as a shell over its surface. */
export interface HairShell {
  readonly grid: CoarseGrid;
  /** [coarse vertices] millimetres above the skin. */
  readonly lift: Float32Array;
  readonly texture: Bitmap;
  /** [coarse cells] 1 where there is hair. */
  readonly visible: Uint8Array;
  /** [cells of the head's own grid] 1 where skin shows. */
  readonly skinVisible: Uint8Array;
}

/** Height of the hairline (y, millimetres) at an angle around the head, before its strands fray it. */
function hairline({ hair, shape }: Identity, style: Cut, angle: number): number {
  const a = Math.abs(angle);
  const front = style.fringe > 0 ? -Math.max(style.fringe, shape.browLift + 6) : -hair.hairline;
  const corner =
    -hair.hairline * 1.02 - 7 * bump(0, (a - 0.62) / 0.16) + hair.widowsPeak * bump(0, a / 0.14) * 1.4;
  const top = style.fringe > 0 ? front - 3 * a * a : corner + 7 * smoothstep(0.75, 0.95, a);
  const sideburn = style.covers ? 36 : 12;
  const beside = smoothstep(style.covers ? 0.95 : 0.98, style.covers ? 1.24 : 1.34, a);
  return top + (sideburn - top) * beside;
}

/** Builds the shell, or null for a bald and beardless head. */
export function createHairShell(mesh: HeadMesh, identity: Identity, rng: Random): HairShell | null {
  const style = CUTS[identity.hair.style];
  const hasBeard = identity.hair.beard !== "none" && identity.hair.beard !== "stubble";
  if (!style && !hasBeard) return null;
  const painter = facePainter(mesh);
  const grid = coarsen(mesh.grid);
  const lift = new Float32Array(grid.rows * grid.columns);
  if (style) {
    paintScalp(painter.context, mesh.grid, identity, style, rng.fork("scalp"));
    addScalpLift(lift, grid, identity, style, rng.fork("lift"));
  }
  if (hasBeard) paintBeard(painter, mesh, identity, rng.fork("beard"));
  if (hasBeard) addBeardLift(lift, grid, mesh, identity);
  const texture = bitmapOf(painter.canvas);
  const visible = cellsWhere(grid, texture, (_, most) => most > 0);
  const hidden = cellsWhere(mesh.grid, texture, (least) => least > 250);
  return { grid, lift, texture, visible, skinVisible: erode(mesh.grid, hidden) };
}

function addScalpLift(lift: Float32Array, grid: HeadGrid, identity: Identity, style: Cut, rng: Random): void {
  const phases = Array.from({ length: 4 }, () => rng.uniform(0, 6.28));
  grid.columnAngle.forEach((angle, column) => {
    const line = hairline(identity, style, angle);
    grid.rowY.forEach((y, row) => {
      const above = smoothstep(-1, 16, line - y);
      const crown = style.front * smoothstep(40, 95, -y) * bump(0, angle / 0.8);
      const lumps =
        style.curl *
        (Math.sin(angle * 9 + phases[0]! + y * 0.05) * Math.sin(y * 0.17 + phases[1]!) +
          Math.sin(angle * 17 + phases[2]!) * 0.5);
      // Long styles thin out at the temples, where the locks take over.
      const side = style.covers ? 1 : 1 - 0.45 * smoothstep(-20, 20, y);
      lift[row * grid.columns + column] =
        above * side * (style.thickness * identity.hair.volume + crown + 2.4 * lumps);
    });
  });
}

function paintScalp(
  context: SKRSContext2D,
  grid: HeadGrid,
  identity: Identity,
  style: Cut,
  rng: Random,
): void {
  const place = texturePlaces(grid);
  context.save();
  context.filter = "blur(1.6px)";
  context.beginPath();
  context.moveTo(0, -4);
  for (const angle of grid.columnAngle) {
    const fray = rng.uniform(-1.5, 1.5);
    context.lineTo(...place(angle, hairline(identity, style, angle) + fray - 1.5));
  }
  context.lineTo(grid.textureWidth, -4);
  context.closePath();
  context.fillStyle = css(scale(identity.hair.colour, 0.72), style.density);
  context.fill();
  context.restore();
  for (let k = 0; k < style.strands; k += 1)
    paintStrand(context, grid, identity, style, rng, place, k / style.strands);
}

/** The column nearest to 90 degrees, counted from the coarse grid's edge. */
const SILHOUETTE_COLUMNS_FROM_EDGE = 2;

type Place = (angle: number, y: number) => [number, number];

/** Texels of an angle around the head and a height. */
function texturePlaces(grid: HeadGrid): Place {
  const along = (keys: Float64Array, values: Float64Array, key: number): number => {
    let k = 0;
    while (k < keys.length - 2 && keys[k + 1]! <= key) k += 1;
    const t = (key - keys[k]!) / (keys[k + 1]! - keys[k]!);
    return values[k]! + (values[k + 1]! - values[k]!) * clamp(t, -1, 2);
  };
  return (angle, y) => [along(grid.columnAngle, grid.textureX, angle), along(grid.rowY, grid.textureY, y)];
}

/** One strand, walked from its root along the way the hair is combed. */
function paintStrand(
  context: SKRSContext2D,
  grid: HeadGrid,
  identity: Identity,
  style: Cut,
  rng: Random,
  place: Place,
  order: number,
): void {
  const { hair } = identity;
  const reach = grid.columnAngle[grid.columns - 1]!;
  const angle0 = rng.uniform(-reach, reach);
  const line = hairline(identity, style, angle0);
  const crown = grid.rowY[0]!;
  // Roots at the hairline come last and lie on top: that is where a haircut shows.
  let y = order > 0.8 ? line - rng.uniform(0, 7) : rng.uniform(crown, line - 1);
  let angle = angle0;
  const parting = hair.parting * 0.5;
  const steps = 6;
  const stride = (style.strandLength * rng.uniform(0.6, 1.2)) / steps;
  const twist = rng.uniform(-1, 1);
  context.beginPath();
  context.moveTo(...place(angle, y));
  for (let k = 0; k < steps; k += 1) {
    const away = Math.tanh((angle - parting) * 2.2);
    const high = smoothstep(-40, -105, y);
    const down = style.back ? (Math.abs(angle) < 0.9 ? -0.9 : -0.15) : 0.35 + 0.65 * (1 - high);
    const across = style.back ? 0.5 * Math.sign(angle) : away * (0.25 + 0.75 * high);
    const swirl = style.curl * 2.6;
    const turn = swirl * (twist + 0.9 * Math.sin(k * (1 + style.curl * 2.2) + twist * 9));
    angle += (stride * (across * Math.cos(turn) - down * Math.sin(turn))) / 74;
    y += stride * (down * Math.cos(turn) + across * Math.sin(turn));
    y = Math.min(y, hairline(identity, style, angle) + rng.uniform(0, 2));
    context.lineTo(...place(angle, Math.max(crown, y)));
  }
  context.lineWidth = style.strandLength < 4 ? 0.9 : rng.uniform(0.8, 1.9);
  context.strokeStyle = css(strandColour(hair.colour, angle0, rng), style.strandLength < 4 ? 0.35 : 0.6);
  context.stroke();
}

/** Strands come in clumps of a colour, some lit and some not. */
function strandColour(colour: Rgb, angle: number, rng: Random): Rgb {
  const clump = 0.16 * Math.sin(angle * 31) + 0.1 * Math.sin(angle * 73);
  const tone = clamp(0.95 + clump + rng.normal(0, 0.2), 0.45, 1.6);
  return [colour[0] * tone + 4, colour[1] * tone + 3, colour[2] * tone + 2];
}

/** Marks the cells for which a test of their least and greatest opacity holds. */
function cellsWhere(
  grid: HeadGrid,
  texture: Bitmap,
  test: (least: number, most: number) => boolean,
): Uint8Array {
  const result = new Uint8Array(grid.rows * grid.columns);
  for (let row = 0; row < grid.rows - 1; row += 1) {
    for (let column = 0; column < grid.columns - 1; column += 1) {
      let least = 255;
      let most = 0;
      for (let v = Math.floor(grid.textureY[row]!); v <= grid.textureY[row + 1]!; v += 1) {
        for (let u = Math.floor(grid.textureX[column]!); u <= grid.textureX[column + 1]!; u += 1) {
          const alpha = texture.data[(v * texture.width + u) * 4 + 3]!;
          least = Math.min(least, alpha);
          most = Math.max(most, alpha);
        }
      }
      result[row * grid.columns + column] = test(least, most) ? 1 : 0;
    }
  }
  return result;
}

/** Cells to draw: all but those hidden together with all that surrounds them, which parallax could uncover. */
function erode(grid: HeadGrid, hidden: Uint8Array): Uint8Array {
  const reach = 3;
  return hidden.map((_, cell) => {
    const row = Math.floor(cell / grid.columns);
    const column = cell % grid.columns;
    for (let dr = -reach; dr <= reach; dr += 1) {
      for (let dc = -reach; dc <= reach; dc += 1) {
        const r = clamp(row + dr, 0, grid.rows - 2);
        const c = clamp(column + dc, 0, grid.columns - 2);
        if (hidden[r * grid.columns + c] === 0) return 1;
      }
    }
    return 0;
  });
}

/** Lifts the skin along its normals. @param into [3 · coarse vertices] head space, written */
export function liftVertices(mesh: HeadMesh, { grid, lift }: HairShell, into: Float32Array): void {
  const { positions, normals, view } = mesh;
  const r = view.rotation;
  for (let k = 0; k < grid.source.length; k += 1) {
    const at = grid.source[k]! * 3;
    const nx = normals[at]!;
    const ny = normals[at + 1]!;
    const nz = normals[at + 2]!;
    const height = lift[k]!;
    // Normals are in camera space; the rotation's transpose takes them back.
    into[k * 3] = positions[at]! + height * (r[0]! * nx + r[3]! * ny + r[6]! * nz);
    into[k * 3 + 1] = positions[at + 1]! + height * (r[1]! * nx + r[4]! * ny + r[7]! * nz);
    into[k * 3 + 2] = positions[at + 2]! + height * (r[2]! * nx + r[5]! * ny + r[8]! * nz);
  }
}

/** Fills the outline of the scalp's hair, so that no background shows between lifted hair and head. */
export function drawHairBehind(
  context: SKRSContext2D,
  shell: HairShell,
  screen: Float32Array,
  colour: Rgb,
): void {
  const { grid } = shell;
  const side = (column: number): number[] => {
    const vertices = Array.from({ length: grid.rows }, (_, row) => row * grid.columns + column);
    return vertices.filter((vertex, row) => shell.lift[vertex]! > 0.5 && grid.rowY[row]! < 20);
  };
  const left = side(SILHOUETTE_COLUMNS_FROM_EDGE);
  const right = side(grid.columns - 1 - SILHOUETTE_COLUMNS_FROM_EDGE);
  if (left.length < 3) return;
  context.beginPath();
  for (const vertex of [...left.reverse(), ...right])
    context.lineTo(screen[vertex * 2]!, screen[vertex * 2 + 1]!);
  context.closePath();
  context.fillStyle = css(scale(colour, 0.4));
  context.fill();
}
