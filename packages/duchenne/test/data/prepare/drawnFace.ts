import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCanvas, type SKRSContext2D } from "@napi-rs/canvas";

const SIDE = 180;

/** A face that dlib's detector takes for one, drawn with shaded ellipses; differs by person and by moment. */
export function drawnFace(person: number, moment: number): Buffer {
  const canvas = createCanvas(SIDE, SIDE);
  const context = canvas.getContext("2d");
  context.fillStyle = `hsl(${person * 67}, 30%, 40%)`;
  context.fillRect(0, 0, SIDE, SIDE);
  context.translate(SIDE / 2 + 3 * Math.sin(moment), SIDE / 2 + 2 * Math.cos(moment));
  shadedEllipse(
    context,
    0,
    0,
    48 + (person % 3) * 2,
    62,
    `hsl(25, 45%, ${72 - (person % 4) * 5}%)`,
    "#8a5f48",
  );
  shadedEllipse(context, 0, -58, 50, 20, "#2a1c14", "#1a100a");
  for (const side of [-1, 1]) {
    shadedEllipse(context, side * 20, -14, 12, 6, "#7d5643", "#c99b80");
    shadedEllipse(context, side * 20, -13, 9, 3 + Math.abs(Math.sin(moment)), "#ffffff", "#dddddd");
    shadedEllipse(context, side * 20, -13, 4, 4, "#22140c", "#3b2a20");
    shadedEllipse(context, side * 20, -27 - (person % 2), 13, 3, "#2a1c14", "#3a281c");
  }
  shadedEllipse(context, 0, 8, 5, 12, "#dca88c", "#c08c70");
  shadedEllipse(context, 0, 18, 9, 3, "#6d4636", "#b88468");
  shadedEllipse(context, 0, 34, 18, 4 + 3 * Math.abs(Math.sin(moment / 2)), "#7a2a2a", "#b05050");
  return canvas.toBuffer("image/jpeg", 95);
}

function shadedEllipse(
  context: SKRSContext2D,
  x: number,
  y: number,
  radiusX: number,
  radiusY: number,
  centre: string,
  rim: string,
): void {
  const gradient = context.createRadialGradient(x, y, 0, x, y, Math.max(radiusX, radiusY));
  gradient.addColorStop(0, centre);
  gradient.addColorStop(1, rim);
  context.fillStyle = gradient;
  context.beginPath();
  context.ellipse(x, y, radiusX, radiusY, 0, 0, 2 * Math.PI);
  context.fill();
}

/** A frame tree, `<person>/<clip>/<n>.jpg`. */
export function drawFrameTree(root: string, persons: number, clips: number, frames: number): void {
  for (let person = 0; person < persons; person++) {
    for (let clip = 0; clip < clips; clip++) {
      const folder = join(root, `person${person}`, `clip${clip}`);
      mkdirSync(folder, { recursive: true });
      for (let i = 0; i < frames; i++)
        writeFileSync(join(folder, `${i}.jpg`), drawnFace(person, clip * 10 + i));
    }
  }
}
