/**
 * The average face's eyes and mouth, for the landmark feature: about each part's centre, level, in units of the distance
 * between the eyes. Measured on 801 faces of 55 video clips of some 45 people of many expressions (2 frames a second),
 * each with its mirror image. Changing a number here changes the feature: raise its version.
 */

/** Points 36-41, then 42-47: x, y, x, y, … */
const MEAN_EYES: readonly number[] = [
  -0.193, 0.0048, -0.0705, -0.0638, 0.0728, -0.0649, 0.2005, 0.0207, 0.0669, 0.0508, -0.0767, 0.0524, -0.2005,
  0.0207, -0.0728, -0.0649, 0.0705, -0.0638, 0.193, 0.0048, 0.0767, 0.0524, -0.0669, 0.0508,
];

/** Points 48-67. */
const MEAN_MOUTH: readonly number[] = [
  -0.4064, -0.0147, -0.2622, -0.1291, -0.1065, -0.1888, 0.0, -0.1622, 0.1065, -0.1888, 0.2622, -0.1291,
  0.4064, -0.0147, 0.2677, 0.1408, 0.1174, 0.2111, 0.0, 0.2244, -0.1174, 0.2111, -0.2677, 0.1408, -0.3349,
  -0.0154, -0.1074, -0.0725, 0.0, -0.0648, 0.1074, -0.0725, 0.3349, -0.0154, 0.1104, 0.0423, 0.0, 0.0551,
  -0.1104, 0.0423,
];

/** Root mean square deviation of an eye coordinate from the average. */
const SPREAD_EYES = 0.0157;
/** The same of a mouth coordinate. */
const SPREAD_MOUTH = 0.0472;

/** 12 eye points and 20 mouth points, x and y. */
export const LANDMARK_FEATURE_LENGTH = 64;

const LEFT_EYE = [36, 42] as const;
const RIGHT_EYE = [42, 48] as const;
const MOUTH = [48, 68] as const;

/**
 * Feature of eyes and mouth from landmarks alone: how they differ in shape from those of an average face. It does not depend on the
 * person's resting face, nor on the place, size and tilt of the face in the image.
 *
 *     l, r = means of the points 36-41 and 42-47         d = |r − l|,  u = (r − l) / d
 *     q(p) = R(−angle(u)) p / d                           turned level, in units of the distance between the eyes
 *     e_i  = q(p_i) − mean of q over p_i's own eye        (12 points)
 *     m_i  = q(p_i) − mean of q over the mouth            (20 points)
 *     feature = [ (e − ē) / σ_e , (m − m̄) / σ_m ]
 *
 * Each part is taken about its own centre, so that the length of the face says nothing. The average shapes ē and m̄
 * are taken off because MaskFN compares by cosine: with them in, any two faces are more than 0.99 alike. σ_e and σ_m,
 * the root mean square deviation of a part's coordinates, let the small movements of the lids count as much as the
 * large ones of the mouth.
 *
 * @param landmarks [68 · 2] x, y in any unit
 * @returns [64]; NaN where the eyes coincide
 */
export function landmarkFeature(landmarks: ArrayLike<number>): Float32Array {
  const [leftX, leftY] = meanOf(landmarks, LEFT_EYE);
  const [rightX, rightY] = meanOf(landmarks, RIGHT_EYE);
  const squared = (rightX - leftX) ** 2 + (rightY - leftY) ** 2;
  // Turning by −angle(u) and dividing by d is one complex division by (r − l).
  const turn: Turn = { cos: (rightX - leftX) / squared, sin: (rightY - leftY) / squared };
  const eyes = [...levelPart(landmarks, LEFT_EYE, turn), ...levelPart(landmarks, RIGHT_EYE, turn)];
  const mouth = levelPart(landmarks, MOUTH, turn);
  const feature = new Float32Array(eyes.length + mouth.length);
  for (let i = 0; i < eyes.length; i++) feature[i] = (eyes[i]! - MEAN_EYES[i]!) / SPREAD_EYES;
  for (let i = 0; i < mouth.length; i++)
    feature[eyes.length + i] = (mouth[i]! - MEAN_MOUTH[i]!) / SPREAD_MOUTH;
  return feature;
}

type Turn = { cos: number; sin: number };
type Range = readonly [from: number, to: number];

/** Points of one part about their centre, turned level and scaled: x, y, x, y, … */
export function levelPart(landmarks: ArrayLike<number>, [from, to]: Range, { cos, sin }: Turn): number[] {
  const [centerX, centerY] = meanOf(landmarks, [from, to]);
  const part: number[] = [];
  for (let i = from; i < to; i++) {
    const x = landmarks[2 * i]! - centerX;
    const y = landmarks[2 * i + 1]! - centerY;
    part.push(cos * x + sin * y, cos * y - sin * x);
  }
  return part;
}

function meanOf(landmarks: ArrayLike<number>, [from, to]: Range): [number, number] {
  let [x, y] = [0, 0];
  for (let i = from; i < to; i++) {
    x += landmarks[2 * i]!;
    y += landmarks[2 * i + 1]!;
  }
  return [x / (to - from), y / (to - from)];
}
