// What one build of the dlib addon sees in raw grey frames: every box and landmark, as lines of JSON. Scores are left out: their seventh
// digit depends on the processor's instructions. Usage: node scripts/facesByAddon.mjs <face.node> <frames.grey> <width> <height>
import { readFileSync } from "node:fs";

/** dlib's "upsample once", all levels of the pyramid, its own threshold. */
const ENLARGEMENT = 2;

const [file, frames, width, height] = [
  process.argv[2],
  process.argv[3],
  ...process.argv.slice(4).map(Number),
];
if (!(width > 0 && height > 0)) {
  console.error("expected: node scripts/facesByAddon.mjs <face.node> <frames.grey> <width> <height>");
  process.exit(2);
}
const opened = { exports: {} };
process.dlopen(opened, file);
const { detect, landmarks, loadPredictor } = opened.exports;
const model = process.env.DUCHENNE_LANDMARK_MODEL ?? "/usr/share/dlib/shape_predictor_68_face_landmarks.dat";
const predictor = await loadPredictor(model);
const bytes = readFileSync(frames);
const scan = Float64Array.of(0, 0, width, height, ENLARGEMENT, 0, 0);
for (let at = 0; at + width * height <= bytes.length; at += width * height) {
  const grey = bytes.subarray(at, at + width * height);
  const found = await detect(grey, width, height, scan);
  const boxes = Float64Array.from(found.filter((_, i) => i % 5 < 4));
  const points = await landmarks(predictor, grey, width, height, boxes);
  console.log(JSON.stringify({ boxes: [...boxes], points: [...points] }));
}
