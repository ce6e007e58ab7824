import { riseOf } from "@duchenne/crop";
import { Fields } from "./fields.ts";

/** Of PIL's filters, by the numbers that such files give them. */
const BILINEAR = 2;
const BICUBIC = 3;
const WHITE = 255;
const ROUNDING = 1e-6;

/**
 * preprocessor_config.json: what is done to a picture before the network sees it. A square around the face is cut out at
 * `faceSize`, as when data is prepared; resized to `resizeTo`; of that the middle `size` is taken, as when a probe is tested.
 */
export interface Preprocessor {
  /** Side of the square in longer sides of the landmarks' box. */
  readonly faceScale: number;
  /** Turn the square so that the eyes are level. */
  readonly alignEyes: boolean;
  /** Sides in pixels. */
  readonly faceSize: number;
  readonly resizeTo: number;
  readonly size: number;
  /** Of red, green and blue in 0..1. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** @throws ModelError naming the field at fault */
export function parsePreprocessor(json: unknown, file = "preprocessor_config.json"): Preprocessor {
  const fields = new Fields(file, json);
  fields.literal("image_processor_type", "DuchenneImageProcessor");
  for (const step of ["do_resize", "do_center_crop", "do_rescale", "do_normalize", "do_convert_rgb"])
    fields.literal(step, true);
  fields.literal("resample", BILINEAR);
  fields.number("rescale_factor", 1 / WHITE - ROUNDING, 1 / WHITE + ROUNDING);
  const std = fields.numbers("image_std", 3);
  if (std.some((value) => value <= 0)) fields.fail("image_std", "numbers above 0");
  const resizeTo = fields.side("size");
  const size = fields.side("crop_size");
  if (size > resizeTo) fields.fail("crop_size", `at most ${resizeTo}, the value of size`);
  return {
    ...parseFaceCrop(fields.object("face_crop")),
    resizeTo,
    size,
    std,
    mean: fields.numbers("image_mean", 3),
  };
}

function parseFaceCrop(fields: Fields): Pick<Preprocessor, "faceScale" | "alignEyes" | "faceSize"> {
  fields.literal("resample", BICUBIC);
  const faceScale = fields.number("scale", 1, 4);
  // Another rise would be another version's rule of where the square lies.
  const rise = riseOf(faceScale);
  fields.number("rise", rise - ROUNDING, rise + ROUNDING);
  return { faceScale, alignEyes: fields.flag("align_eyes"), faceSize: fields.whole("size", 1, 4096) };
}

/** The file that `parsePreprocessor` reads. */
export function writePreprocessor(given: Preprocessor): object {
  const { faceScale, alignEyes, faceSize, resizeTo, size, mean, std } = given;
  const square = (side: number) => ({ height: side, width: side });
  return {
    image_processor_type: "DuchenneImageProcessor",
    do_convert_rgb: true,
    face_crop: {
      size: faceSize,
      scale: faceScale,
      rise: riseOf(faceScale),
      align_eyes: alignEyes,
      resample: BICUBIC,
    },
    do_resize: true,
    size: square(resizeTo),
    resample: BILINEAR,
    do_center_crop: true,
    crop_size: square(size),
    do_rescale: true,
    rescale_factor: 1 / WHITE,
    do_normalize: true,
    image_mean: mean,
    image_std: std,
  };
}
