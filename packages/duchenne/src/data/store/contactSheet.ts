import { writeFile } from "node:fs/promises";
import { createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import type { StoredClip } from "./environment.ts";
import type { FrameStore } from "./frameStore.ts";

const COLUMNS = 12;
const ROWS = 10;
const DOT_RADIUS_PIXELS = 1;
/** Brows and jaw, nose, eyes, mouth: easy to tell apart. */
const COLOURS: readonly (readonly [end: number, colour: string])[] = [
  [27, "#ffd400"],
  [36, "#00c8ff"],
  [48, "#39ff14"],
  [68, "#ff3b6b"],
];

/**
 * Draws faces from all over the store, with their landmarks, as a PNG.
 * @param file where to write it @returns how many faces are on it
 */
export async function drawSheet(store: FrameStore, file: string): Promise<number> {
  const { size } = store.manifest.options;
  const keys = spreadKeys(store.clips(), COLUMNS * ROWS);
  const rows = Math.max(1, Math.ceil(keys.length / COLUMNS));
  const canvas = createCanvas(COLUMNS * size, rows * size);
  const context = canvas.getContext("2d");
  keys.forEach((key, i) => {
    drawFace(context, store, key, (i % COLUMNS) * size, Math.floor(i / COLUMNS) * size);
  });
  await writeFile(file, canvas.toBuffer("image/png"));
  return keys.length;
}

/** Frames evenly spread over all frames, so over all clips where there are few enough. */
function spreadKeys(clips: readonly StoredClip[], most: number): number[] {
  const total = clips.reduce((sum, { frameCount }) => sum + frameCount, 0);
  const wanted = Math.min(most, total);
  const keys: number[] = [];
  let before = 0;
  for (const { firstFrame, frameCount } of clips) {
    while (keys.length < wanted && Math.floor((keys.length * total) / wanted) < before + frameCount) {
      keys.push(firstFrame + Math.floor((keys.length * total) / wanted) - before);
    }
    before += frameCount;
  }
  return keys;
}

function drawFace(context: SKRSContext2D, store: FrameStore, key: number, left: number, top: number): void {
  const { size } = store.manifest.options;
  const { image, landmarks } = store.frame(key);
  const pixels = context.createImageData(size, size);
  for (let i = 0; i < size * size; i++) {
    pixels.data.set([image[3 * i]!, image[3 * i + 1]!, image[3 * i + 2]!, 255], 4 * i);
  }
  context.putImageData(pixels, left, top);
  for (let i = 0; i < landmarks.length / 2; i++) {
    context.fillStyle = COLOURS.find(([end]) => i < end)![1];
    context.beginPath();
    // Landmarks count from pixel centres, the canvas from pixel corners.
    context.arc(
      left + landmarks[2 * i]! + 0.5,
      top + landmarks[2 * i + 1]! + 0.5,
      DOT_RADIUS_PIXELS,
      0,
      2 * Math.PI,
    );
    context.fill();
  }
}
