/**
 * The average face's eyes and mouth, for the landmark feature: about each part's centre, level, in units of the distance
 * between the eyes. Measured on 801 faces of 55 video clips of some 45 people of many expressions (2 frames a second),
 * each with its mirror image. Changing a number here changes the feature: raise its version.
 */

/** Points 36-41, then 42-47: x, y, x, y, … */
export const MEAN_EYES: readonly number[] = [
  -0.193, 0.0048, -0.0705, -0.0638, 0.0728, -0.0649, 0.2005, 0.0207, 0.0669, 0.0508, -0.0767, 0.0524, -0.2005,
  0.0207, -0.0728, -0.0649, 0.0705, -0.0638, 0.193, 0.0048, 0.0767, 0.0524, -0.0669, 0.0508,
];

/** Points 48-67. */
export const MEAN_MOUTH: readonly number[] = [
  -0.4064, -0.0147, -0.2622, -0.1291, -0.1065, -0.1888, 0.0, -0.1622, 0.1065, -0.1888, 0.2622, -0.1291,
  0.4064, -0.0147, 0.2677, 0.1408, 0.1174, 0.2111, 0.0, 0.2244, -0.1174, 0.2111, -0.2677, 0.1408, -0.3349,
  -0.0154, -0.1074, -0.0725, 0.0, -0.0648, 0.1074, -0.0725, 0.3349, -0.0154, 0.1104, 0.0423, 0.0, 0.0551,
  -0.1104, 0.0423,
];

/** Root mean square deviation of an eye coordinate from the average. */
export const SPREAD_EYES = 0.0157;
/** The same of a mouth coordinate. */
export const SPREAD_MOUTH = 0.0472;
