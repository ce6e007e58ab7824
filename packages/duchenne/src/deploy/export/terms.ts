/** What is known of the terms under which data may be used, by the reader that read it. */
const OWN =
  "the maker's own recordings or pictures: say here under which terms, and what the people in them agreed to";

export const DATA_TERMS: Readonly<Record<string, string>> = {
  affectnet: "AffectNet: research that is not commercial, by agreement with its authors",
  fer2013: "FER2013: pictures found by a web search, whose rights lie with others; used for research",
  ferplus: "FER2013's pictures, whose rights lie with others, with the FER+ labels (MIT)",
  lfw: "Labeled Faces in the Wild: press photographs, whose rights lie with others; used for research",
  voxceleb: "VoxCeleb1: lists under CC BY 4.0; rights in the videos lie with their makers",
  csv: OWN,
  videoFolder: OWN,
  frameTree: OWN,
};

/** What holds for every model. */
export const INHERITED_TERMS = [
  "Weights that were started from ImageNet's (torchvision) inherit ImageNet's terms: research that is not commercial.",
  "dlib's 68-point landmark model, if it placed the landmarks, was trained on 300-W, whose licence excludes commercial use.",
  "The code that runs the model, @duchenne/predict, is MIT.",
] as const;
