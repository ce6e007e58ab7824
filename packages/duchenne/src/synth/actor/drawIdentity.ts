/** Draws people by chance: every part of an identity, independently of any expression. */
import type { Random } from "../../lib/random.ts";
import {
  BACKDROP_STYLES,
  type Backdrop,
  BEARD_STYLES,
  type BeardStyle,
  type Camera,
  CLOTHES_STYLES,
  type Hair,
  type HairStyle,
  type HeadShape,
  type Identity,
  type Light,
  type Looks,
  type Skin,
} from "./identity.ts";
import { clamp } from "./numeric.ts";
import { HAIR_COLOURS, IRIS_COLOURS, type Rgb, ramp, SKIN_TONES } from "./palette.ts";

/** Draws a person. @param rng the actor's own stream */
export function drawIdentity(rng: Random): Identity {
  const masculine = rng.chance(0.5);
  const skin = drawSkin(rng.fork("skin"));
  return {
    shape: drawShape(rng.fork("shape"), masculine),
    skin,
    hair: drawHair(rng.fork("hair"), masculine, skin),
    looks: drawLooks(rng.fork("looks"), masculine, skin),
    light: drawLight(rng.fork("light")),
    camera: drawCamera(rng.fork("camera")),
    backdrop: drawBackdrop(rng.fork("backdrop")),
  };
}

/** A normal draw that stays within two standard deviations: bones have limits. */
function around(rng: Random, mean: number, spread: number): number {
  return mean + spread * clamp(rng.normal(), -2, 2);
}

/** Means after Farkas 1994, Anthropometry of the Head and Face, rounded; eyes 8 % wider, as portraitists draw them. */
function drawShape(rng: Random, masculine: boolean): HeadShape {
  const m = masculine ? 1 : 0;
  return {
    faceWidth: around(rng, 1 + 0.02 * m, 0.045),
    jawWidth: around(rng, 0.97 + 0.07 * m, 0.06),
    chinWidth: around(rng, 0.92 + 0.16 * m, 0.11),
    cheekWidth: around(rng, 1, 0.035),
    foreheadWidth: around(rng, 1, 0.04),
    lowerLength: around(rng, 0.98 + 0.05 * m, 0.06),
    foreheadLength: around(rng, 1, 0.06),
    browRidge: around(rng, 0.7 + 0.7 * m, 0.3),
    cheekFullness: around(rng, 1, 0.6),
    chinProjection: around(rng, 1, 0.35),
    eyeSpacing: around(rng, 32, 1.7),
    eyeHalfWidth: around(rng, 15.8, 0.9),
    eyeUpper: around(rng, 5.5 - 0.4 * m, 0.7),
    eyeLower: around(rng, 4.4, 0.45),
    eyeTilt: around(rng, 0.06, 0.055),
    lidCrease: around(rng, 3.6 - 0.6 * m, 1.1),
    eyeDepth: around(rng, 0.8 + 0.3 * m, 0.3),
    browLift: around(rng, 20.5 - 2.2 * m, 1.9),
    browArch: around(rng, 3.6 - 1.4 * m, 1.3),
    browTilt: around(rng, 0.02, 0.055),
    browThickness: around(rng, 4.6 + 1.8 * m, 1.2),
    browInner: around(rng, 12.5, 1.9),
    noseLength: around(rng, 39, 2.6),
    noseHalfWidth: around(rng, 17 + 1 * m, 2),
    noseProjection: around(rng, 21, 2.6),
    noseBridge: around(rng, 6.6, 1),
    noseHump: around(rng, 0.4, 0.8),
    noseTip: around(rng, 8.4, 1.1),
    mouthHalfWidth: around(rng, 25 + 1 * m, 2.1),
    mouthDrop: around(rng, 0, 1.6),
    upperLip: around(rng, 7.2 - 1.2 * m, 1.5),
    lowerLip: around(rng, 9.6 - 1.2 * m, 1.6),
    cupidBow: around(rng, 1.5, 0.6),
    earSize: around(rng, 1, 0.1),
  };
}

function drawSkin(rng: Random): Skin {
  const depth = rng.uniform();
  const [r, g, b] = ramp(SKIN_TONES, depth);
  const hue = rng.normal(0, 4);
  const moles = Array.from({ length: rng.chance(0.45) ? 1 + rng.integer(3) : 0 }, () => ({
    x: rng.uniform(-52, 52),
    y: rng.uniform(-50, 95),
    radius: rng.uniform(0.9, 1.9),
  }));
  return {
    tone: [r + hue * 0.3, g - hue * 0.5, b - hue],
    depth,
    redness: rng.uniform(0.2, 1),
    freckles: depth < 0.45 && rng.chance(0.25) ? rng.uniform(0.3, 1) : 0,
    oil: rng.uniform(0.25, 1),
    age: rng.uniform() ** 1.4,
    moles,
  };
}

const MASCULINE_HAIR: readonly HairStyle[] = [
  "bald",
  "buzz",
  "short",
  "short",
  "sidePart",
  "sidePart",
  "quiff",
  "curly",
  "afro",
  "fringe",
  "wavy",
];
const FEMININE_HAIR: readonly HairStyle[] = [
  "short",
  "curly",
  "afro",
  "bob",
  "bob",
  "long",
  "long",
  "wavy",
  "wavy",
  "bun",
  "fringe",
  "sidePart",
];

function drawHair(rng: Random, masculine: boolean, skin: Skin): Hair {
  const style = rng.choice(masculine ? MASCULINE_HAIR : FEMININE_HAIR);
  const colour = drawHairColour(rng.fork("colour"), skin);
  const beard: BeardStyle = masculine ? rng.choice([...BEARD_STYLES, "none", "none", "stubble"]) : "none";
  return {
    style,
    colour,
    hairline: around(rng, 66 + (masculine ? 4 + 8 * skin.age : 0), 4),
    widowsPeak: around(rng, masculine ? 3 : 0, 2.5),
    volume: rng.uniform(0.75, 1.25),
    parting: rng.uniform(-1, 1),
    beard,
    beardColour: [colour[0] * 0.92, colour[1] * 0.88, colour[2] * 0.86],
    brow: rng.uniform(0.6, 1),
  };
}

function drawHairColour(rng: Random, skin: Skin): Rgb {
  const jitter = rng.uniform(0.85, 1.15);
  const dark = [HAIR_COLOURS.black, HAIR_COLOURS.black, HAIR_COLOURS.darkBrown];
  const natural = Object.values(HAIR_COLOURS).slice(0, 7);
  const grey = skin.age > 0.6 && rng.chance(0.6);
  const base: Rgb = grey
    ? rng.choice([HAIR_COLOURS.grey, HAIR_COLOURS.white, HAIR_COLOURS.ash])
    : rng.choice(skin.depth > 0.5 ? dark : natural);
  return [base[0] * jitter, base[1] * jitter, base[2] * jitter];
}

function drawLooks(rng: Random, masculine: boolean, skin: Skin): Looks {
  const madeUp = masculine ? 0 : rng.uniform() ** 1.2;
  const lightEyes = skin.depth < 0.45;
  const irises = lightEyes ? Object.values(IRIS_COLOURS) : [IRIS_COLOURS.dark, IRIS_COLOURS.brown];
  return {
    iris: rng.choice<Rgb>(irises),
    lipTint: rng.choice<Rgb>([
      [176, 38, 52],
      [196, 74, 92],
      [150, 46, 78],
      [178, 92, 82],
      [120, 40, 46],
    ]),
    lipstick: madeUp > 0.35 ? madeUp : 0,
    eyeShadow: madeUp > 0.45 ? rng.uniform(0.2, 0.7) : 0,
    eyeShadowTint: rng.choice<Rgb>([
      [96, 62, 60],
      [82, 76, 110],
      [120, 82, 60],
      [70, 96, 98],
    ]),
    liner: madeUp,
    blush: madeUp * rng.uniform(0.2, 0.8),
    lashes: 0.35 + 0.65 * madeUp,
    glasses: rng.chance(0.28) ? rng.choice(["round", "square", "halfRim"] as const) : "none",
    frame: rng.choice<Rgb>([
      [28, 26, 28],
      [92, 56, 36],
      [120, 120, 126],
      [150, 116, 60],
      [110, 30, 40],
    ]),
    clothes: rng.choice(CLOTHES_STYLES),
    cloth: drawCloth(rng.fork("cloth")),
    trim: drawCloth(rng.fork("trim")),
    shoulderWidth: around(rng, masculine ? 1.08 : 0.95, 0.05),
  };
}

function drawCloth(rng: Random): Rgb {
  const base = rng.uniform(30, 200);
  return [base * rng.uniform(0.6, 1.25), base * rng.uniform(0.6, 1.2), base * rng.uniform(0.6, 1.3)];
}

function drawLight(rng: Random): Light {
  return {
    azimuth: around(rng, 0, 0.45),
    elevation: rng.uniform(0.3, 0.85),
    key: rng.uniform(0.56, 0.74),
    fill: rng.uniform(0.46, 0.6),
    warmth: rng.uniform(-1, 1),
  };
}

function drawCamera(rng: Random): Camera {
  return {
    distance: rng.uniform(600, 1400),
    pixelsPerMillimetre: rng.uniform(0.76, 0.9),
    centreX: rng.uniform(-8, 8),
    centreY: rng.uniform(-6, 6),
    exposure: rng.uniform(0.92, 1.1),
    whiteBalance: rng.normal(0, 0.03),
    saturation: rng.uniform(0.8, 1.1),
    noise: rng.uniform(0.6, 3),
    crf: 19 + rng.integer(8),
  };
}

function drawBackdrop(rng: Random): Backdrop {
  const tone = rng.uniform(60, 205);
  return {
    style: rng.choice(BACKDROP_STYLES),
    colour: [tone * rng.uniform(0.75, 1.1), tone * rng.uniform(0.8, 1.05), tone * rng.uniform(0.75, 1.15)],
    accent: drawCloth(rng),
    seed: rng.bits32(),
  };
}
