/** Who an actor is: everything that stays the same through a clip. */
import type { Rgb } from "./palette.ts";

export const HAIR_STYLES = [
  "bald",
  "buzz",
  "short",
  "sidePart",
  "quiff",
  "curly",
  "afro",
  "bob",
  "long",
  "wavy",
  "bun",
  "fringe",
] as const;
export const BEARD_STYLES = ["none", "stubble", "moustache", "goatee", "short", "full"] as const;
export const GLASSES_STYLES = ["none", "round", "square", "halfRim"] as const;
export const CLOTHES_STYLES = ["crew", "vNeck", "shirt", "turtleneck", "blazer"] as const;
export const BACKDROP_STYLES = ["studio", "window", "shelves", "brick", "foliage", "bokeh"] as const;

export type HairStyle = (typeof HAIR_STYLES)[number];
export type BeardStyle = (typeof BEARD_STYLES)[number];
export type GlassesStyle = (typeof GLASSES_STYLES)[number];
export type ClothesStyle = (typeof CLOTHES_STYLES)[number];
export type BackdropStyle = (typeof BACKDROP_STYLES)[number];

/** Shape of head and features: factors around 1, lengths in millimetres, angles in radians. */
export interface HeadShape {
  readonly faceWidth: number;
  readonly jawWidth: number;
  readonly chinWidth: number;
  readonly cheekWidth: number;
  readonly foreheadWidth: number;
  readonly lowerLength: number;
  readonly foreheadLength: number;
  readonly browRidge: number;
  readonly cheekFullness: number;
  readonly chinProjection: number;
  readonly eyeSpacing: number;
  readonly eyeHalfWidth: number;
  readonly eyeUpper: number;
  readonly eyeLower: number;
  readonly eyeTilt: number;
  readonly lidCrease: number;
  readonly eyeDepth: number;
  readonly browLift: number;
  readonly browArch: number;
  readonly browTilt: number;
  readonly browThickness: number;
  readonly browInner: number;
  readonly noseLength: number;
  readonly noseHalfWidth: number;
  readonly noseProjection: number;
  readonly noseBridge: number;
  readonly noseHump: number;
  readonly noseTip: number;
  readonly mouthHalfWidth: number;
  readonly mouthDrop: number;
  readonly upperLip: number;
  readonly lowerLip: number;
  readonly cupidBow: number;
  readonly earSize: number;
}

export interface Skin {
  readonly tone: Rgb;
  /** 0 (lightest) to 1 (darkest). */
  readonly depth: number;
  readonly redness: number;
  readonly freckles: number;
  readonly oil: number;
  /** 0 (twenty) to 1 (seventy): lines at rest. */
  readonly age: number;
  readonly moles: readonly { readonly x: number; readonly y: number; readonly radius: number }[];
}

export interface Hair {
  readonly style: HairStyle;
  readonly colour: Rgb;
  /** Height of the hairline's middle above the pupils, millimetres. */
  readonly hairline: number;
  readonly widowsPeak: number;
  readonly volume: number;
  /** -1 (left) to 1 (right). */
  readonly parting: number;
  readonly beard: BeardStyle;
  readonly beardColour: Rgb;
  readonly brow: number;
}

export interface Looks {
  readonly iris: Rgb;
  readonly lipTint: Rgb;
  readonly lipstick: number;
  readonly eyeShadow: number;
  readonly eyeShadowTint: Rgb;
  readonly liner: number;
  readonly blush: number;
  readonly lashes: number;
  readonly glasses: GlassesStyle;
  readonly frame: Rgb;
  readonly clothes: ClothesStyle;
  readonly cloth: Rgb;
  readonly trim: Rgb;
  readonly shoulderWidth: number;
}

/** Key light's direction (camera space, towards the light), strengths and warmth. */
export interface Light {
  readonly azimuth: number;
  readonly elevation: number;
  readonly key: number;
  readonly fill: number;
  readonly warmth: number;
}

export interface Camera {
  /** Distance to the head in millimetres: near cameras swell the nose. */
  readonly distance: number;
  /** Image pixels per millimetre at the head, for a 256 px frame. */
  readonly pixelsPerMillimetre: number;
  readonly centreX: number;
  readonly centreY: number;
  readonly exposure: number;
  readonly whiteBalance: number;
  readonly saturation: number;
  /** Standard deviation of the sensor noise in 8-bit luma steps. */
  readonly noise: number;
  /** x264 constant rate factor. */
  readonly crf: number;
}

export interface Backdrop {
  readonly style: BackdropStyle;
  readonly colour: Rgb;
  readonly accent: Rgb;
  readonly seed: number;
}

/** What does not change about an actor: head, skin, hair, looks, light and camera. */
export interface Identity {
  readonly shape: HeadShape;
  readonly skin: Skin;
  readonly hair: Hair;
  readonly looks: Looks;
  readonly light: Light;
  readonly camera: Camera;
  readonly backdrop: Backdrop;
}

/** An identity as numbers: measures as they are, styles one-hot. @returns [n], the same n for everybody */
export function identityVector(identity: Identity): number[] {
  const { shape, skin, hair, looks, light, camera, backdrop } = identity;
  const oneHot = <T>(values: readonly T[], value: T): number[] =>
    values.map((other) => (other === value ? 1 : 0));
  return [
    ...Object.values(shape),
    ...[...skin.tone, skin.depth, skin.redness, skin.freckles, skin.oil, skin.age, skin.moles.length],
    ...[...hair.colour, hair.hairline, hair.widowsPeak, hair.volume, hair.parting, hair.brow],
    ...oneHot(HAIR_STYLES, hair.style),
    ...oneHot(BEARD_STYLES, hair.beard),
    ...[
      ...looks.iris,
      ...looks.lipTint,
      looks.lipstick,
      looks.eyeShadow,
      looks.liner,
      looks.blush,
      looks.lashes,
    ],
    ...[...looks.cloth, ...looks.frame, looks.shoulderWidth],
    ...oneHot(GLASSES_STYLES, looks.glasses),
    ...oneHot(CLOTHES_STYLES, looks.clothes),
    ...[light.azimuth, light.elevation, light.key, light.fill, light.warmth],
    ...[
      camera.distance,
      camera.pixelsPerMillimetre,
      camera.exposure,
      camera.whiteBalance,
      camera.noise,
      camera.crf,
    ],
    ...backdrop.colour,
    ...oneHot(BACKDROP_STYLES, backdrop.style),
  ];
}
