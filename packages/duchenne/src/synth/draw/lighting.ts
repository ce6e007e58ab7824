/** Light on the head, per vertex: a key with a soft edge, a fill from above and a highlight. */

import type { Light } from "../actor/identity.ts";
import type { Rgb } from "../actor/palette.ts";
import type { CameraView } from "../head/view.ts";

/** What a surface does with light. */
export interface Material {
  /** Strength of the highlight in 0..255. */
  readonly gloss: number;
  /** Its sharpness: Blinn's exponent is 2 to this. */
  readonly glossDoublings: number;
  /** How far light creeps round the edge of shadow per channel: skin lets red through. */
  readonly wrap: Rgb;
}

/** How skin reflects light. */
export const SKIN_MATERIAL = {
  gloss: 30,
  glossDoublings: 4,
  wrap: [0.42, 0.3, 0.24],
} as const satisfies Material;
/** How hair reflects light. */
export const HAIR_MATERIAL = {
  gloss: 34,
  glossDoublings: 3,
  wrap: [0.3, 0.3, 0.3],
} as const satisfies Material;

/** Lit vertices. */
export interface Shading {
  /** [3 · vertices] factors for red, green and blue. */
  readonly diffuse: Float32Array;
  /** [vertices] highlight to add, in 0..255. */
  readonly highlight: Float32Array;
  /** [vertices] 0 where the surface turns away, 1 where it faces the camera: a soft outline. */
  readonly coverage: Float32Array;
}

/** Empty shading of a mesh. @param vertices number of vertices */
export function createShading(vertices: number): Shading {
  return {
    diffuse: new Float32Array(vertices * 3),
    highlight: new Float32Array(vertices),
    coverage: new Float32Array(vertices),
  };
}

/** A frame's light: the identity's, drifted. */
export interface Lamp {
  /** Unit vector towards the key light, camera space. */
  readonly direction: Rgb;
  /** Colours of key and fill as factors. */
  readonly key: Rgb;
  readonly fill: Rgb;
}

/** @returns the lamp of a frame. @param turn radians about the vertical   @param gain relative brightness */
export function lampOf(light: Light, turn: number, gain: number): Lamp {
  const azimuth = light.azimuth + turn;
  const flat = Math.cos(light.elevation);
  const warm = light.warmth * 0.06;
  return {
    direction: [flat * Math.sin(azimuth), -Math.sin(light.elevation), flat * Math.cos(azimuth)],
    key: [gain * light.key * (1 + warm), gain * light.key, gain * light.key * (1 - warm * 1.2)],
    fill: [gain * light.fill * (1 - warm * 0.5), gain * light.fill, gain * light.fill * (1 + warm * 0.8)],
  };
}

/** Factor for a surface of normal (x, y, z), for drawings that are not part of the mesh. */
export function lightOn(lamp: Lamp, x: number, y: number, z: number): Rgb {
  const [dx, dy, dz] = lamp.direction;
  const key = Math.max(0, (x * dx + y * dy + z * dz + 0.3) / 1.3);
  const sky = 0.84 - 0.12 * y;
  return [
    lamp.key[0] * key + lamp.fill[0] * sky,
    lamp.key[1] * key + lamp.fill[1] * sky,
    lamp.key[2] * key + lamp.fill[2] * sky,
  ];
}

/** Where the outline begins to fade: about one pixel on a head of this size. */
const OUTLINE = 0.2;

/**
 * Lights vertices.
 * @param normals [3 · n] camera space   @param screen [2 · n] pixels   @param gloss factor on the material's highlight
 * @param used indices of the vertices to light; the others keep what they had
 */
export function shade(
  normals: Float32Array,
  screen: Float32Array,
  view: CameraView,
  lamp: Lamp,
  material: Material,
  gloss: number,
  used: Int32Array,
  into: Shading,
): void {
  const { diffuse, highlight, coverage } = into;
  const [dx, dy, dz] = lamp.direction;
  const [keyRed, keyGreen, keyBlue] = lamp.key;
  const [fillRed, fillGreen, fillBlue] = lamp.fill;
  const [wrapRed, wrapGreen, wrapBlue] = material.wrap;
  // Blinn's half vector between light and camera.
  const halfLength = Math.hypot(dx, dy, dz + 1);
  const [hx, hy, hz] = [dx / halfLength, dy / halfLength, (dz + 1) / halfLength];
  const shine = material.gloss * gloss * keyGreen;
  const { centreX, centreY } = view;
  const perFocal = 1 / view.focal;
  for (let i = 0; i < used.length; i += 1) {
    const k = used[i]!;
    const at = k * 3;
    const nx = normals[at]!;
    const ny = normals[at + 1]!;
    const nz = normals[at + 2]!;
    const facing = nx * dx + ny * dy + nz * dz;
    const sky = 0.84 - 0.12 * ny;
    diffuse[at] = (keyRed * Math.max(0, facing + wrapRed)) / (1 + wrapRed) + fillRed * sky;
    diffuse[at + 1] = (keyGreen * Math.max(0, facing + wrapGreen)) / (1 + wrapGreen) + fillGreen * sky;
    diffuse[at + 2] = (keyBlue * Math.max(0, facing + wrapBlue)) / (1 + wrapBlue) + fillBlue * sky;
    const glance = Math.max(0, nx * hx + ny * hy + nz * hz);
    highlight[k] = shine * raise(glance, material.glossDoublings);
    const tilt = nz - (nx * (screen[k * 2]! - centreX) + ny * (screen[k * 2 + 1]! - centreY)) * perFocal;
    const rim = Math.min(1, Math.max(0, tilt / OUTLINE));
    coverage[k] = rim * rim * (3 - 2 * rim);
  }
}

/** x to the power of 2^doublings: several times faster than a general power. */
function raise(x: number, doublings: number): number {
  let result = x;
  for (let k = 0; k < doublings; k += 1) result *= result;
  return result;
}
