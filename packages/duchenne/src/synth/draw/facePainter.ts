/** Painting in millimetres of the resting face, onto a texture of its mesh. */
import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import { css, type Rgb } from "../actor/palette.ts";
import { texelAt } from "../head/grid.ts";
import type { HeadMesh } from "../head/mesh.ts";
import type { Bitmap } from "./raster.ts";

/** A canvas in texture space, painted in millimetres of the resting face. */
export interface FacePainter {
  readonly canvas: Canvas;
  readonly context: SKRSContext2D;
  /** Texels of a place in millimetres. */
  at(x: number, y: number): [number, number];
  /** A soft spot: full in the middle, gone at the rim. Radii in millimetres. */
  spot(x: number, y: number, radiusX: number, radiusY: number, colour: Rgb, alpha: number): void;
  /** A path through places in millimetres. */
  trace(points: readonly (readonly [number, number])[]): void;
}

/** @returns a painter on a transparent texture of the mesh */
export function facePainter(mesh: HeadMesh): FacePainter {
  const canvas = createCanvas(mesh.grid.textureWidth, mesh.grid.textureHeight);
  const context = canvas.getContext("2d");
  const at = (x: number, y: number): [number, number] => texelAt(mesh.grid, mesh.surface, x, y);
  const spot: FacePainter["spot"] = (x, y, radiusX, radiusY, colour, alpha) => {
    const [u, v] = at(x, y);
    const [rightU] = at(x + (x > 0 ? -radiusX : radiusX), y);
    const [, belowV] = at(x, y + (y > 60 ? -radiusY : radiusY));
    context.save();
    context.translate(u, v);
    context.scale(Math.max(0.5, Math.abs(rightU - u)), Math.max(0.5, Math.abs(belowV - v)));
    const gradient = context.createRadialGradient(0, 0, 0, 0, 0, 1);
    gradient.addColorStop(0, css(colour, alpha));
    gradient.addColorStop(0.5, css(colour, alpha * 0.55));
    gradient.addColorStop(1, css(colour, 0));
    context.fillStyle = gradient;
    context.fillRect(-1, -1, 2, 2);
    context.restore();
  };
  const trace: FacePainter["trace"] = (points) => {
    context.beginPath();
    points.forEach(([x, y], i) => {
      const [u, v] = at(x, y);
      if (i === 0) context.moveTo(u, v);
      else context.lineTo(u, v);
    });
  };
  return { canvas, context, at, spot, trace };
}

/** @returns the canvas's pixels as the rasteriser reads them */
export function bitmapOf(canvas: Canvas): Bitmap {
  const { width, height } = canvas;
  return { width, height, data: canvas.getContext("2d").getImageData(0, 0, width, height).data };
}
