/** One actor ready to perform: everything that stays is painted once, everything that moves is drawn per frame. */
import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import type { Random } from "../../lib/random.ts";
import type { HairStyle, Identity } from "../actor/identity.ts";
import type { FrameState } from "../actor/timeline.ts";
import { gridNormals, HeadMesh, projectAll } from "../head/mesh.ts";
import { FRAME_PIXELS, viewOf } from "../head/view.ts";
import { drawEar, drawGlasses } from "./accessories.ts";
import { paintBackdrop } from "./backdrop.ts";
import { createBody } from "./body.ts";
import { createEyes, drawEye, type Eye, paintIris } from "./eyes.ts";
import { createLocks, type Locks } from "./hairLocks.ts";
import { createHairShell, drawHairBehind, type HairShell, liftVertices } from "./hairShell.ts";
import { createShading, HAIR_MATERIAL, type Lamp, lampOf, SKIN_MATERIAL, shade } from "./lighting.ts";
import { drawMouth, type MouthAnchors, mouthAnchors } from "./mouth.ts";
import { type Bitmap, drawSurface, verticesOf } from "./raster.ts";
import { paintSkin } from "./skinTexture.ts";
import { drawSprite, type Sprite } from "./sprite.ts";
import { createFolds, drawFolds, type Fold } from "./wrinkles.ts";

type CanvasImage = ReturnType<SKRSContext2D["createImageData"]>;

const HIDES_EARS: readonly HairStyle[] = ["bob", "long", "wavy"];
/** How much of the head's sway the shoulders follow. */
const BODY_SWAY = 0.35;

/** A picture that was drawn. */
export interface DrawnFrame {
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row. */
  data(): Uint8Array;
  /** The picture as a file. */
  toBuffer(type: "image/png"): Uint8Array;
}

/** Draws frames of one identity. Not for two threads at once: the canvas and the mesh are reused. */
export class Performer {
  readonly mesh: HeadMesh;
  /** @internal */
  readonly eyes: readonly [Eye, Eye];
  /** @internal */
  readonly mouth: MouthAnchors;
  readonly #identity: Identity;
  readonly #canvas: Canvas;
  readonly #context: SKRSContext2D;
  readonly #layer: Canvas;
  readonly #layerContext: SKRSContext2D;
  readonly #image: CanvasImage;
  /** The image's pixels, held: its `data` is a getter into native code, too slow for the rasteriser's loops. */
  readonly #pixels: Bitmap;
  readonly #backdrop: Canvas;
  readonly #body: Sprite;
  readonly #locks: Locks;
  readonly #iris: Canvas;
  readonly #skin: Bitmap;
  readonly #shell: HairShell | null;
  readonly #folds: readonly Fold[];
  readonly #gloss: number;
  readonly #shading;
  readonly #hairPositions: Float32Array;
  readonly #hairNormals: Float32Array;
  readonly #hairScreen: Float32Array;
  readonly #hairShading;
  readonly #skinVisible: Uint8Array;
  readonly #skinVertices: Int32Array;
  readonly #hairVertices: Int32Array;

  /** @param rng the actor's stream for what chance decides in the drawing: hairs, pores, freckles */
  constructor(identity: Identity, rng: Random) {
    this.#identity = identity;
    this.mesh = new HeadMesh(identity.shape, identity.camera);
    this.eyes = createEyes(this.mesh, identity.shape);
    this.mouth = mouthAnchors(this.mesh, identity);
    this.#canvas = createCanvas(FRAME_PIXELS, FRAME_PIXELS);
    this.#context = this.#canvas.getContext("2d");
    this.#layer = createCanvas(FRAME_PIXELS, FRAME_PIXELS);
    this.#layerContext = this.#layer.getContext("2d");
    this.#image = this.#layerContext.createImageData(FRAME_PIXELS, FRAME_PIXELS);
    this.#pixels = { width: FRAME_PIXELS, height: FRAME_PIXELS, data: this.#image.data as Uint8ClampedArray };
    this.#backdrop = paintBackdrop(identity);
    this.#body = createBody(identity);
    this.#locks = createLocks(identity, rng.fork("locks"));
    this.#iris = paintIris(identity);
    this.#skin = paintSkin(this.mesh, identity, rng.fork("skin"));
    this.#shell = createHairShell(this.mesh, identity, rng.fork("hair"));
    this.#folds = createFolds(this.mesh, identity);
    // The darker the skin, the more of what one sees of its shape is highlight.
    this.#gloss = identity.skin.oil * (0.85 + 0.65 * identity.skin.depth);
    const vertices = this.mesh.grid.rows * this.mesh.grid.columns;
    this.#shading = createShading(vertices);
    const hairVertices = this.#shell?.lift.length ?? 0;
    this.#hairPositions = new Float32Array(hairVertices * 3);
    this.#hairNormals = new Float32Array(hairVertices * 3);
    this.#hairScreen = new Float32Array(hairVertices * 2);
    this.#hairShading = createShading(hairVertices);
    this.#skinVisible = this.#shell?.skinVisible ?? new Uint8Array(vertices).fill(1);
    this.#skinVertices = verticesOf(this.mesh.grid, this.#skinVisible);
    this.#hairVertices = this.#shell ? verticesOf(this.#shell.grid, this.#shell.visible) : new Int32Array();
  }

  /** Here it is a canvas, which others can draw. @internal */
  draw(state: FrameState): Canvas;
  /** Draws a frame. @returns the picture, [256, 256] opaque, valid until the next call */
  draw(state: FrameState): DrawnFrame;
  draw(state: FrameState): Canvas {
    const identity = this.#identity;
    const context = this.#context;
    const lamp = lampOf(identity.light, state.lightTurn, state.lightGain);
    this.mesh.update(state);
    context.drawImage(this.#backdrop, 0, 0);
    if (this.#shell) this.#liftHair(this.#shell);
    this.#drawBehind(state, lamp);
    this.#drawHead(state, lamp);
    for (const eye of this.eyes) {
      drawEye(context, this.mesh, eye, state, { iris: this.#iris, identity, lamp });
    }
    drawMouth(context, this.mesh, this.mouth, identity, state, lamp);
    drawFolds(context, this.mesh, this.#folds, identity, state, lamp);
    if (this.#locks.front) drawSprite(context, this.#locks.front, this.mesh.view);
    drawGlasses(context, this.mesh, identity, lamp);
    return this.#canvas;
  }

  #drawBehind(state: FrameState, lamp: Lamp): void {
    const { camera, hair } = this.#identity;
    const { pose } = state;
    if (this.#locks.back) drawSprite(this.#context, this.#locks.back, this.mesh.view);
    const shift = { shiftX: pose.shiftX * BODY_SWAY, shiftY: pose.shiftY * BODY_SWAY };
    drawSprite(
      this.#context,
      this.#body,
      viewOf(camera, { yaw: 0, pitch: 0, roll: pose.roll * 0.2, ...shift }),
    );
    if (this.#shell) drawHairBehind(this.#context, this.#shell, this.#hairScreen, hair.colour);
    if (HIDES_EARS.includes(hair.style)) return;
    drawEar(this.#context, this.mesh, this.#identity, -1, lamp);
    drawEar(this.#context, this.mesh, this.#identity, 1, lamp);
  }

  /** Skin and hair go through the rasteriser, then onto the canvas in one piece. */
  #drawHead(state: FrameState, lamp: Lamp): void {
    const { mesh } = this;
    const towardsRight = state.pose.yaw > 0;
    const shell = this.#shell;
    this.#pixels.data.fill(0);
    shade(
      mesh.normals,
      mesh.screen,
      mesh.view,
      lamp,
      SKIN_MATERIAL,
      this.#gloss,
      this.#skinVertices,
      this.#shading,
    );
    drawSurface(
      this.#pixels,
      {
        grid: mesh.grid,
        screen: mesh.screen,
        shading: this.#shading,
        texture: this.#skin,
        visible: this.#skinVisible,
      },
      towardsRight,
    );
    if (shell) this.#drawHair(shell, lamp, towardsRight);
    this.#layerContext.putImageData(this.#image, 0, 0);
    this.#context.drawImage(this.#layer, 0, 0);
  }

  #liftHair(shell: HairShell): void {
    const { mesh } = this;
    liftVertices(mesh, shell, this.#hairPositions);
    gridNormals(shell.grid, this.#hairPositions, mesh.view, this.#hairNormals);
    projectAll(this.#hairPositions, mesh.view, this.#hairScreen);
  }

  #drawHair(shell: HairShell, lamp: Lamp, towardsRight: boolean): void {
    const { mesh } = this;
    shade(
      this.#hairNormals,
      this.#hairScreen,
      mesh.view,
      lamp,
      HAIR_MATERIAL,
      1,
      this.#hairVertices,
      this.#hairShading,
    );
    drawSurface(
      this.#pixels,
      {
        grid: shell.grid,
        screen: this.#hairScreen,
        shading: this.#hairShading,
        texture: shell.texture,
        visible: shell.visible,
      },
      towardsRight,
    );
  }
}
